"""Teach a table to catch apples, from the pixels of a page: Q-learning over how far the apple is from the basket.

Usage: hypertoken relay --pages examples/browser-games, open http://127.0.0.1:8765/catch/, then this.
"""

import argparse
import json

import hypertoken
import numpy as np


def apart(pixels: np.ndarray) -> int:
    """How many columns lie between the middles of what is red and what is blue."""
    columns = np.arange(pixels.shape[1])
    red, blue = (pixels[:, :, colour].max(axis=0) > 127 for colour in (0, 2))
    return round(columns[red].mean() - columns[blue].mean()) if red.any() and blue.any() else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=40)
    parser.add_argument("--steps", type=int, default=60, help="of an episode, at most")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    env = hypertoken.make("browser:catch")
    random = np.random.default_rng(args.seed)
    values = np.zeros((31, 3))
    caught = []
    for episode in range(args.episodes):
        state = apart(env.reset(seed=args.seed + episode)[0]) + 15
        apples = 0
        for _ in range(args.steps):
            explores = random.random() < 0.6 - episode / 20
            action = int(random.integers(3)) if explores else int(values[state].argmax())
            pixels, reward, terminated, truncated, _ = env.step(action)
            following = apart(pixels) + 15
            target = reward if reward else 0.9 * values[following].max()
            values[state, action] += 0.3 * (target - values[state, action])
            state = following
            apples += reward > 0
            if terminated or truncated:
                break
        caught.append(apples)
    env.close()
    quarter = max(1, args.episodes // 4)
    print(
        json.dumps(
            {"first": float(np.mean(caught[:quarter])), "last": float(np.mean(caught[-quarter:]))}
        )
    )


if __name__ == "__main__":
    main()
