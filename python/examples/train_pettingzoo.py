"""Two agents learn connect-four from each other through PettingZoo's AEC API.

    python examples/train_pettingzoo.py                          # starts a server of its own
    python examples/train_pettingzoo.py --url ws://localhost:9999 --games 5000

Both seats share one table of Monte-Carlo values, keyed by the board as the acting agent sees it,
and only ever choose among the legal actions. The board is far too large for a table: it learns
openings and little else, which is enough to beat a random player. What counts here is the loop.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium import spaces

from hypertoken import HyperTokenAECEnv, ServerManager


@dataclass
class Args:
    url: str = ""
    """the server; empty starts one"""
    games: int = 3_000
    """games of self-play"""
    evaluation: int = 300
    """games against a random player, the learner in either seat by turns"""
    exploring: float = 0.2
    """share of random moves while learning"""
    seed: int = 1
    """of the environment and of the learner"""


def parse() -> Args:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in vars(Args()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return Args(**vars(parser.parse_args()))


class Learner:
    """The mean outcome of each move in each position seen so far."""

    def __init__(self, actions: int, seed: int) -> None:
        self.value: dict[bytes, Any] = defaultdict(lambda: np.zeros(actions))
        self.visits: dict[bytes, Any] = defaultdict(lambda: np.zeros(actions))
        self.random = np.random.default_rng(seed)

    def act(self, observation: Any, mask: Any, exploring: float) -> int:
        legal = np.flatnonzero(mask)
        known = observation.tobytes() in self.value
        if not known or self.random.random() < exploring:
            return int(self.random.choice(legal))
        scores = self.value[observation.tobytes()][legal]
        return int(legal[scores.argmax()])

    def learn(self, path: list[tuple[bytes, int]], outcome: float) -> None:
        for position, action in path:
            self.visits[position][action] += 1
            error = outcome - self.value[position][action]
            self.value[position][action] += error / self.visits[position][action]


def play(env: HyperTokenAECEnv, learner: Learner, args: Args, seat: str | None) -> float:
    """Play one game. With a seat, only it is the learner's; returns that seat's outcome."""
    env.reset()
    paths: dict[str, list[tuple[bytes, int]]] = {agent: [] for agent in env.possible_agents}
    for agent in env.agent_iter():
        observation, _, terminated, truncated, info = env.last()
        if terminated or truncated:
            env.step(None)
            continue
        opponent = 0.0 if agent == seat else 1.0
        exploring = args.exploring if seat is None else opponent
        action = learner.act(observation, info["action_mask"], exploring)
        paths[agent].append((observation.tobytes(), action))
        env.step(action)
    if seat is not None:
        return env.rewards()[seat]
    for agent, reward in env.rewards().items():
        learner.learn(paths[agent], reward)
    return 0.0


def measure(env: HyperTokenAECEnv, learner: Learner, args: Args) -> float:
    seats = env.possible_agents
    outcomes = [play(env, learner, args, seats[game % 2]) for game in range(args.evaluation)]
    return float(np.mean(outcomes))


def main() -> None:
    args = parse()
    with ExitStack() as stack:
        url = args.url or stack.enter_context(ServerManager("connect-four")).url
        env = HyperTokenAECEnv(url, env="connect-four")
        actions = env.action_space("player_0")
        assert isinstance(actions, spaces.Discrete)
        learner = Learner(int(actions.n), args.seed)
        env.reset(seed=args.seed)
        before = measure(env, learner, args)
        for _ in range(args.games):
            play(env, learner, args, None)
        after = measure(env, learner, args)
        env.close()
    print(f"mean outcome against a random player: {before:+.2f} before, {after:+.2f} after")


if __name__ == "__main__":
    main()
