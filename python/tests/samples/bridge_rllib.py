from ray import tune
from ray.rllib.algorithms.ppo import PPOConfig

# Register custom environment
from hypertoken.rllib import register as register_env

def env_creator(config):
    from hypertoken import HyperTokenAECEnv
    return HyperTokenAECEnv(config.get("url", "ws://localhost:9999"))

register_env("hypertoken-blackjack", env_creator)

# Train
config = (
    PPOConfig()
    .environment("hypertoken-blackjack")
    .training(lr=0.0003)
)

results = tune.run(
    "PPO",
    config=config.to_dict(),
    stop={"training_iteration": 100},
)
