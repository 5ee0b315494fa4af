"""Write what Gymnasium's toy-text and classic-control environments do, for the Java tests to repeat.

Usage: python gymnasium_trajectories.py [ID ...]

Needs gymnasium 1.4 and numpy 2.4. Rewrites the resources `gymnasium/ID.txt.gz` beside the test
class of the games module (all, or those of the ids given), the same bytes on every run.

A file is a list of cases. Lines are fields with semicolons between, fields words with blanks:

    case;SEED;OPTIONS            OPTIONS are NAME=VALUE, a list with commas: make takes them
    r;OPTIONS;OBSERVATION;INFO   a reset; the first of a case takes SEED, the others none
    s;ACTION;OBSERVATION;REWARD;TERMINATED TRUNCATED;INFO
    t;TEXT                       the ansi drawing, on one line by \\n and \\e
    m;KIND;STATE;ACTION;STATE;REWARD;TERMINATED   one step from a state to the next, float64 or,
                                 where KIND says so, float32

Numbers are Python's repr, so an int has no point and a float has one; float32 numbers are those of
the float64 of the same value. INFO is `prob`, and Taxi's mask as digits.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

OUT = Path(__file__).parents[1] / "resources/io/hypertoken/games/gymnasium"

TOY_TEXT: dict[str, list[dict[str, Any]]] = {
    "Blackjack-v1": [{}, {"sab": False}, {"sab": False, "natural": True}],
    "FrozenLake-v1": [
        {},
        {"is_slippery": False},
        {"success_rate": 0.8},
        {"map_name": "8x8", "reward_schedule": [10, -5, -1]},
        {"desc": ["SFFS", "FHFF", "GFFS"], "success_rate": 0.7},
    ],
    "FrozenLake8x8-v1": [{}, {"is_slippery": False}],
    "CliffWalking-v1": [{}, {"is_slippery": True}],
    "CliffWalkingSlippery-v1": [{}],
    "Taxi-v4": [
        {},
        {"is_rainy": True},
        {"fickle_passenger": True, "fickle_probability": 0.9},
        {"is_rainy": True, "rainy_probability": 0.55, "fickle_passenger": True},
    ],
}
WIDE_STARTS: dict[str, Any] = {"low": -3.0, "high": 3.0}
CHAOTIC_STEPS = 60  # of an acrobot from a wide start, until the last bit of a sine shows in float32
CLASSIC_CONTROL: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "MountainCar-v0": [
        ({}, {}),
        ({"goal_velocity": 0.02}, {"low": 0.2, "high": 0.45}),
        ({}, {"low": -1.2, "high": -0.9}),
    ],
    "MountainCarContinuous-v0": [
        ({}, {}),
        ({"goal_velocity": 0.02}, {"low": 0.2, "high": 0.4}),
        ({}, {"low": -1.2, "high": -1.1}),
    ],
    "Acrobot-v1": [({}, {}), ({}, WIDE_STARTS), ({}, {"low": 0.05})],
    "Pendulum-v1": [({}, {}), ({"g": 9.81}, {"x_init": 0.3, "y_init": 4.0}), ({}, {"y_init": 8.0})],
}
TOY_TEXT_STEPS = 2500
EPISODES = {"MountainCar-v0": 3, "MountainCarContinuous-v0": 1, "Acrobot-v1": 3, "Pendulum-v1": 4}
MOVES = 200


def words(value: Any) -> str:
    """Numbers in a row, as repr shows them; the infos' dicts likewise."""
    if isinstance(value, dict):
        mask = value.get("action_mask")
        digits = [] if mask is None else ["".join(str(int(flag)) for flag in mask)]
        return " ".join(([repr(value["prob"])] if "prob" in value else []) + digits)
    if isinstance(value, tuple):
        return " ".join(repr(part) for part in value)
    if isinstance(value, np.ndarray):
        return " ".join(repr(float(part)) for part in value.ravel())
    return repr(value.item() if isinstance(value, np.generic) else value)


def step_line(action: Any, outcome: tuple[Any, ...]) -> str:
    """One step as a line."""
    observation, reward, terminated, truncated, info = outcome
    flags = f"{int(terminated)} {int(truncated)}"
    return line("s", words(action), words(observation), words(reward), flags, words(info))


def line(*parts: str) -> str:
    """Parts of a line, empty ones included."""
    return ";".join(parts)


def written(options: dict[str, Any]) -> str:
    """Options as NAME=VALUE; the same for lists, whose elements stand between commas."""
    return " ".join(
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in options.items()
    )


def toy_text(name: str) -> list[str]:
    """Random play on through many episodes, for each set of options."""
    lines = []
    for number, options in enumerate(TOY_TEXT[name]):
        drawn = "ansi" if "ansi" in gym.spec(name).make().metadata["render_modes"] else None
        env = gym.make(name, render_mode=drawn, disable_env_checker=True, **options)
        seed = 40 + number
        actions = np.random.default_rng([seed, 1])
        lines.append(line("case", str(seed), written(options)))
        over = True
        for step in range(TOY_TEXT_STEPS):
            if over:
                observation, info = env.reset(seed=seed if step == 0 else None)
                lines.append(line("r", "", words(observation), words(info)))
            action = int(actions.integers(env.action_space.n))
            outcome = env.step(action)
            lines.append(step_line(action, outcome))
            over = outcome[2] or outcome[3]
            if drawn and step < 60:
                text: Any = env.render()
                lines.append(line("t", text.replace("\n", "\\n").replace("\x1b", "\\e")))
    return lines


def random_action(space: gym.Space[Any], generator: np.random.Generator) -> Any:
    """An action of the space; boxes half as wide again, so that some are clipped."""
    if isinstance(space, gym.spaces.Discrete):
        return int(generator.integers(space.n))
    wide = generator.uniform(1.5 * space.low, 1.5 * space.high)
    return wide.astype(space.dtype)


def classic_control(name: str) -> list[str]:
    """Whole episodes of random play, then single steps from states all over the place."""
    lines = []
    for number, (options, episode) in enumerate(CLASSIC_CONTROL[name]):
        env = gym.make(name, disable_env_checker=True, **options)
        seed = 70 + number
        actions = np.random.default_rng([seed, 1])
        lines.append(line("case", str(seed), written(options)))
        for count in range(EPISODES[name]):
            observation, _ = env.reset(seed=seed if count == 0 else None, options=episode or None)
            lines.append(line("r", written(episode), words(observation), ""))
            over = False
            steps = 0
            while not over and (episode is not WIDE_STARTS or steps < CHAOTIC_STEPS):
                steps += 1
                action = random_action(env.action_space, actions)
                outcome = env.step(action)
                lines.append(step_line(action, outcome))
                over = outcome[2] or outcome[3]
        lines += single_steps(env, actions)
    return lines


def single_steps(env: gym.Env[Any, Any], generator: np.random.Generator) -> list[str]:
    """Steps from states drawn between the observation's bounds, or angles of full turns."""
    inner: Any = env.unwrapped
    lines = []
    for _ in range(MOVES):
        env.reset()
        if len(inner.state) == 4:
            bounds = np.array([np.pi, np.pi, inner.MAX_VEL_1, inner.MAX_VEL_2])
        elif env.observation_space.shape == (3,):
            bounds = np.array([4 * np.pi, 8.0])
        else:
            bounds = None
        state = (
            generator.uniform([-1.2, -0.07], [0.6, 0.07])
            if bounds is None
            else generator.uniform(-bounds, bounds)
        )
        single = env.spec.id.startswith("MountainCarContinuous") and generator.random() < 0.5
        inner.state = state.astype(np.float32) if single else state
        action = random_action(env.action_space, generator)
        before = words(np.array(inner.state, dtype=np.float64))
        _, reward, terminated, _, _ = env.step(action)
        after = words(np.array(inner.state, dtype=np.float64))
        kind = "float32" if single else "float64"
        flag = str(int(terminated))
        lines.append(line("m", kind, before, words(action), after, repr(float(reward)), flag))
    return lines


def main(names: list[str]) -> None:
    """Write the files of these ids."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names or [*TOY_TEXT, *CLASSIC_CONTROL]:
        lines = toy_text(name) if name in TOY_TEXT else classic_control(name)
        text = "\n".join(lines) + "\n"
        packed = gzip.compress(text.encode("ascii"), 9, mtime=0)
        (OUT / f"{name}.txt.gz").write_bytes(packed)
        print(f"{name}: {len(lines)} lines, {len(packed)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
