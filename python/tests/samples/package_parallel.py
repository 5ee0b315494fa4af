env = HyperTokenParallelEnv(url, render_mode=None)

observations, infos = env.reset()

while env.agents:
    actions = {agent: policy(obs) for agent, obs in observations.items()}
    observations, rewards, terms, truncs, infos = env.step(actions)

env.close()
