import gymnasium
import hypertoken
from tianshou.env import DummyVectorEnv

envs = DummyVectorEnv([lambda: gymnasium.make("hypertoken/CartPole-v1") for _ in range(8)])
observations, infos = envs.reset(seed=1)
print(observations.shape)
envs.close()
