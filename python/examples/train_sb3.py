"""Train Stable-Baselines3's PPO on one seat of casino blackjack.

    python examples/train_sb3.py                          # starts a server of its own
    python examples/train_sb3.py --url ws://localhost:9999 --timesteps 200000

Needs `pip install "hypertoken[sb3]"`. PPO does not look at the action mask: where it picks an
action that is not allowed, the environment plays its fallback (stand) and says so in the info.
sb3-contrib's MaskablePPO takes the same environment and never does: import it in PPO's place.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import dataclass

from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor

from hypertoken import BlackjackGymWrapper, ServerManager


@dataclass
class Args:
    url: str = ""
    """the server; empty starts one"""
    timesteps: int = 50_000
    """environment steps to train for"""
    episodes: int = 2_000
    """rounds to measure a policy by: the standard error is 11.5 chips / sqrt(episodes)"""
    seed: int = 1
    """of the environment and of PPO"""
    save: str = "blackjack_ppo"
    """file to save the policy to, without .zip"""


def parse() -> Args:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in vars(Args()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return Args(**vars(parser.parse_args()))


def main() -> None:
    args = parse()
    with ExitStack() as stack:
        url = args.url or stack.enter_context(ServerManager("blackjack")).url
        env = Monitor(BlackjackGymWrapper(url))
        model = PPO("MlpPolicy", env, n_steps=1024, batch_size=256, seed=args.seed, device="cpu")

        before, _ = evaluate_policy(model, env, n_eval_episodes=args.episodes)
        model.learn(total_timesteps=args.timesteps)
        after, _ = evaluate_policy(model, env, n_eval_episodes=args.episodes)
        model.save(args.save)
        env.close()

    print(f"mean reward of a round: {before:+.2f} before, {after:+.2f} after, basic strategy -0.05")
    print(f"saved to {args.save}.zip")


if __name__ == "__main__":
    main()
