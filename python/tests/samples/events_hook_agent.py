integration = PPOWebSocketIntegration()
await integration.connect()
integration.hook_agent(agent, "agent_0")
