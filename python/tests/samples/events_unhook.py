integration.unhook_agent("agent_0")
integration.unhook_env("env_0")
integration.unhook_all()
