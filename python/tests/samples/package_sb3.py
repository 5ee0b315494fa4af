from stable_baselines3 import PPO
from hypertoken import HyperTokenClient

# See examples/train_sb3.py for the full wrapper
env = BlackjackGymWrapper("ws://localhost:9999")

model = PPO("MlpPolicy", env, verbose=1)
model.learn(total_timesteps=50_000)
model.save("blackjack_ppo")
