integration = PPOWebSocketIntegration()
await integration.connect()
integration.hook_env(env, "env_0")
