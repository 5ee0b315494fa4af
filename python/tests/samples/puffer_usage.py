import hypertoken.puffer as pufferlib_rs
import numpy as np

# Create environment
env = pufferlib_rs.PyPufferEnv.from_name("CartPole")

# Gymnasium-compatible API
obs, info = env.reset(seed=42)
print(f"Observation shape: {obs.shape}")

# Step
action = np.array([0.0], dtype=np.float32)
obs, reward, terminated, truncated, info = env.step(action)
print(f"Reward: {reward}, Done: {terminated or truncated}")

# VecEnv for parallelism
vec_env = pufferlib_rs.PyVecEnv(num_envs=16)
obs = vec_env.reset()
print(f"Batched observations: {obs.shape}")  # (16, obs_dim)
