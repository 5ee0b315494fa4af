from hypertoken import HyperTokenAECEnv
import supersuit as ss

# Create environment
env = HyperTokenAECEnv("ws://localhost:9999")

# Apply wrappers
env = ss.clip_reward_v0(env, lower_bound=-1, upper_bound=1)
env = ss.frame_stack_v1(env, 4)
