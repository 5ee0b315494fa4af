import hypertoken
from torchrl.envs import GymEnv, GymWrapper

env = GymEnv("hypertoken/CartPole-v1")
rollout = env.rollout(max_steps=20)
print(rollout["observation"].shape[-1], rollout["next", "reward"].dtype)
env.close()

vector = hypertoken.make_vec("CartPole-v1", num_envs=64, autoreset_mode="SameStep")
envs = GymWrapper(vector)
rollout = envs.rollout(max_steps=5, break_when_any_done=False)
print(tuple(rollout.shape))
envs.close()
