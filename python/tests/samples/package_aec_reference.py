env = HyperTokenAECEnv(url, render_mode=None)

# Properties
env.possible_agents  # List of all possible agent names
env.agents           # List of currently active agents
env.agent_selection  # Current agent whose turn it is

# Spaces
env.observation_space(agent)  # gymnasium.spaces.Box
env.action_space(agent)       # gymnasium.spaces.Discrete

# Core API
env.reset(seed=None)
env.step(action)
obs, reward, term, trunc, info = env.last()

# Iteration
for agent in env.agent_iter():
    ...

# State queries
env.rewards()       # Dict[str, float]
env.terminations()  # Dict[str, bool]
env.truncations()   # Dict[str, bool]
env.infos()         # Dict[str, Dict]
env.action_mask(agent)  # np.ndarray[bool] or None

# Cleanup
env.close()
