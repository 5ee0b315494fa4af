"""Teach a table to walk to the enemy: Q-learning over all instances that the pages host.

Usage: hypertoken relay --pages examples/browser-games, open http://127.0.0.1:8765/grid/?instances=16, then this.
"""

import argparse
import json

import hypertoken
import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--envs", type=int, default=16)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    envs = hypertoken.make_vec("browser:grid", num_envs=args.envs)
    random = np.random.default_rng(args.seed)
    table = np.zeros((21, 21, 4))

    def where(observation: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        apart = observation["enemy_pos"] - observation["player_pos"] + 10
        return apart[:, 0], apart[:, 1]

    state = where(envs.reset(seed=args.seed)[0])
    returns, running, begun = [], np.zeros(args.envs), np.zeros(args.envs, dtype=bool)
    for step in range(args.steps):
        greedy = table[state].argmax(axis=1)
        explores = random.random(args.envs) < max(0.05, 1 - 2 * step / args.steps)
        action = np.where(explores, random.integers(4, size=args.envs), greedy)
        observation, reward, terminated, truncated, _ = envs.step(action)
        following = where(observation)
        target = reward + 0.95 * table[following].max(axis=1) * ~terminated
        real = ~begun  # the step behind an end only resets
        at = (state[0][real], state[1][real], action[real])
        table[at] += 0.5 * (target[real] - table[at])
        running += np.where(real, reward, 0)
        begun = terminated | truncated
        returns += running[begun].tolist()
        running[begun] = 0
        state = following
    envs.close()
    print(
        json.dumps({"first": float(np.mean(returns[:50])), "last": float(np.mean(returns[-50:]))})
    )


if __name__ == "__main__":
    main()
