"""Asks of its environments what CleanRL's ppo.py asks, and learns by a shorter method.

The import of hypertoken is all that it takes: `python cleanrl_ppo.py --env-id hypertoken/CartPole-v1`.
"""

import argparse

import gymnasium as gym
import hypertoken
import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--env-id", default="hypertoken/CartPole-v1")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--num-envs", type=int, default=4)
parser.add_argument("--num-steps", type=int, default=32)
parser.add_argument("--total-timesteps", type=int, default=512)
parser.add_argument("--capture-video", action="store_true")
args = parser.parse_args()


def make_env(env_id, idx, capture_video, run_name):
    def thunk():
        if capture_video and idx == 0:
            env = gym.make(env_id, render_mode="rgb_array")
            env = gym.wrappers.RecordVideo(env, f"videos/{run_name}")
        else:
            env = gym.make(env_id)
        env = gym.wrappers.RecordEpisodeStatistics(env)
        return env

    return thunk


torch.manual_seed(args.seed)
envs = gym.vector.SyncVectorEnv(
    [make_env(args.env_id, i, args.capture_video, "run") for i in range(args.num_envs)],
)
assert isinstance(envs.single_action_space, gym.spaces.Discrete)
inputs = int(np.array(envs.single_observation_space.shape).prod())
actor = nn.Sequential(nn.Linear(inputs, 16), nn.Tanh(), nn.Linear(16, envs.single_action_space.n))
optimizer = torch.optim.Adam(actor.parameters(), lr=2.5e-3)

obs = torch.zeros((args.num_steps, args.num_envs) + envs.single_observation_space.shape)
rewards = torch.zeros((args.num_steps, args.num_envs))
episodes = []
global_step = 0
next_obs, _ = envs.reset(seed=args.seed)
next_obs = torch.Tensor(next_obs)
for update in range(args.total_timesteps // (args.num_envs * args.num_steps)):
    logprobs = []
    for step in range(args.num_steps):
        global_step += args.num_envs
        obs[step] = next_obs
        probs = torch.distributions.Categorical(logits=actor(next_obs))
        action = probs.sample()
        logprobs.append(probs.log_prob(action))
        next_obs, reward, terminations, truncations, infos = envs.step(action.cpu().numpy())
        next_done = np.logical_or(terminations, truncations)
        rewards[step] = torch.tensor(reward).view(-1)
        next_obs, next_done = torch.Tensor(next_obs), torch.Tensor(next_done)

        if "final_info" in infos:
            for info in infos["final_info"]:
                if info and "episode" in info:
                    print(f"global_step={global_step}, episodic_return={info['episode']['r']}")
                    episodes.append((info["episode"]["r"], info["episode"]["l"]))

    loss = -(torch.stack(logprobs) * (rewards.flip(0).cumsum(0).flip(0) - rewards.sum(0) / 2)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

envs.close()
