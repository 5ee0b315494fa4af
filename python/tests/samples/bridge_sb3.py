from stable_baselines3 import PPO
from gymnasium import Env, spaces
import numpy as np
from hypertoken import HyperTokenClient

class GymWrapper(Env):
    def __init__(self, url="ws://localhost:9999"):
        super().__init__()
        self.client = HyperTokenClient(url)
        self.client.connect()

        agents = self.client.possible_agents()
        self.agent_id = agents[0]

        obs_space = self.client.observation_space(self.agent_id)
        act_space = self.client.action_space(self.agent_id)

        self.observation_space = spaces.Box(
            low=np.array(obs_space["low"], dtype=np.float32),
            high=np.array(obs_space["high"], dtype=np.float32),
        )
        self.action_space = spaces.Discrete(act_space["n"])

    def reset(self, seed=None, options=None):
        self.client.reset(seed)
        obs = self.client.observe(self.agent_id)
        return np.array(obs, dtype=np.float32), {}

    def step(self, action):
        self.client.step(int(action))
        obs = self.client.observe(self.agent_id)
        result = self.client.last()
        return (
            np.array(obs, dtype=np.float32),
            result["reward"],
            result["terminated"],
            result["truncated"],
            result.get("info", {}),
        )

    def close(self):
        self.client.close()

# Train
env = GymWrapper()
model = PPO("MlpPolicy", env, verbose=1)
model.learn(total_timesteps=50_000)
