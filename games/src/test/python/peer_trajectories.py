"""Let Gymnasium and PettingZoo play the games that ours are tested against.

Usage: python peer_trajectories.py [OUTPUT]     (gymnasium 1.4.0, pettingzoo 1.27.0; deterministic)

Each output is gzipped text.
CartPole: `E SEED SUTTON_BARTO LOW HIGH` starts an episode; every other line is an observation,
four float32 as hexadecimal bits, and after a step also `ACTION REWARD TERMINATED`.
Board games: `G` starts a game; every other line is `OBSERVATION OBSERVATION MASK`, what each agent
sees and what the one to act may do, as bits in row-major order, and after a step also
`ACTION REWARD REWARD TERMINATED`.
"""

import gzip
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import gymnasium
import numpy as np
from pettingzoo import AECEnv
from pettingzoo.classic.connect_four import connect_four
from pettingzoo.classic.tictactoe import tictactoe

OUTPUT = Path(__file__).parents[1] / "resources/io/hypertoken/games"
WIDE = {"low": -0.2, "high": 0.15}


def cart_pole(episodes: int) -> Iterator[str]:
    """Random pushes until the pole falls.

    In longer episodes numpy's sine, which differs in the last bit here and there, adds up.
    """
    for seed in range(episodes):
        sutton_barto = seed % 5 == 4
        bounds = WIDE if seed % 7 == 6 else {"low": -0.05, "high": 0.05}
        env = gymnasium.make("CartPole-v1", sutton_barto_reward=sutton_barto)
        pushes = random.Random(seed)
        observation, _ = env.reset(seed=seed, options=bounds)
        yield f"E {seed} {int(sutton_barto)} {bounds['low']} {bounds['high']}"
        yield float_bits(observation)
        terminated = False
        while not terminated:
            action = pushes.randrange(2)
            observation, reward, terminated, truncated, _ = env.step(action)
            assert not truncated
            yield f"{float_bits(observation)} {action} {float(reward)} {int(terminated)}"


def float_bits(observation: np.ndarray) -> str:
    return " ".join(f"{bits:08x}" for bits in observation.view(np.uint32))


def board_games(env: AECEnv, games: int) -> Iterator[str]:
    """Random legal moves; the last mask of a game is left blank, for nobody acts then."""
    for seed in range(games):
        moves = random.Random(seed)
        env.reset(seed=seed)
        yield "G"
        yield views(env)
        while not any(env.terminations.values()):
            mask = env.observe(env.agent_selection)["action_mask"]
            action = moves.choice([int(k) for k in np.flatnonzero(mask)])
            env.step(action)
            rewards = " ".join(str(int(env.rewards[agent])) for agent in env.possible_agents)
            yield f"{views(env)} {action} {rewards} {int(all(env.terminations.values()))}"


def views(env: AECEnv) -> str:
    seen = [flags(env.observe(agent)["observation"]) for agent in env.possible_agents]
    over = any(env.terminations.values())
    mask = env.observe(env.agent_selection)["action_mask"]
    return f"{' '.join(seen)} {flags(np.zeros_like(mask) if over else mask)}"


def flags(array: np.ndarray) -> str:
    return "".join(str(int(flag)) for flag in array.ravel())


def write(path: Path, lines: Iterator[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No name and no time in the header: the same games give the same bytes.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as zipped:
        zipped.write(("\n".join(lines) + "\n").encode())


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    write(output / "cartpole/gymnasium.txt.gz", cart_pole(200))
    write(output / "tictactoe/pettingzoo.txt.gz", board_games(tictactoe.raw_env(), 200))
    write(output / "connectfour/pettingzoo.txt.gz", board_games(connect_four.raw_env(), 100))


if __name__ == "__main__":
    main()
