"""Training: Stable-Baselines3's PPO on its own DummyVecEnv and on our vector, end to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import gymnasium
import hypertoken
from measure import Budget, Contestant
from results import report, table

PACKAGES = ("hypertoken", "stable-baselines3", "torch", "gymnasium", "numpy")
ROWS = (8, 64)
STEPS_A_ROW = 256


def dummy(rows: int) -> Any:
    """Gymnasium's CartPole in SB3's DummyVecEnv."""
    from stable_baselines3.common.vec_env import DummyVecEnv

    return DummyVecEnv([lambda: gymnasium.make("CartPole-v1")] * rows)


def dummy_of_ours(rows: int) -> Any:
    """Our single environments in SB3's DummyVecEnv."""
    from stable_baselines3.common.vec_env import DummyVecEnv

    return DummyVecEnv([lambda: hypertoken.make("CartPole-v1")] * rows)


def ours(rows: int) -> Any:
    """Our vector as SB3's VecEnv."""
    return import_module("hypertoken.sb3").make_vec_env("CartPole-v1", rows)


MAKERS: dict[str, Callable[[int], Any]] = {
    "DummyVecEnv of Gymnasium's": dummy,
    "DummyVecEnv of hypertoken.make": dummy_of_ours,
    "HyperToken's VecEnv": ours,
}


def collector(maker: Callable[[int], Any], rows: int) -> Callable[[int], float]:
    """Collect rollouts by PPO's own collect_rollouts, without the updates."""
    from stable_baselines3.common.callbacks import CallbackList

    model = agent(maker(rows))
    total, callback = model._setup_learn(10**9, CallbackList([]))
    assert total

    def play(count: int) -> float:
        for _ in range(count):
            model.collect_rollouts(model.env, callback, model.rollout_buffer, STEPS_A_ROW)
        return count * STEPS_A_ROW * rows

    return play


def agent(env: Any) -> Any:
    """SB3's PPO at its default sizes, on one thread."""
    import torch
    from stable_baselines3 import PPO

    torch.set_num_threads(1)
    return PPO("MlpPolicy", env, n_steps=STEPS_A_ROW, batch_size=512, device="cpu", seed=1)


def learner(maker: Callable[[int], Any], rows: int) -> Callable[[int], float]:
    """Train so many iterations: rollouts and updates."""
    model = agent(maker(rows))

    def play(count: int) -> float:
        model.learn(count * STEPS_A_ROW * rows, reset_num_timesteps=False)
        return count * STEPS_A_ROW * rows

    return play


def training(budget: Budget, write: bool) -> None:
    """Steps a second of PPO, whole and rollouts alone."""
    quick = budget.slices < 5
    rows = []
    for count in ROWS[:1] if quick else ROWS:
        for what, player in (("whole training", learner), ("rollouts alone", collector)):
            contestants = [Contestant(name, player(maker, count)) for name, maker in MAKERS.items()]
            _take_turns(contestants, slices=1 if quick else 7)
            base = contestants[0].rate
            rows += [
                (
                    f"{c.name}, {count} rows, {what}",
                    f"{c.rate:,.0f}",
                    f"± {c.spread:.0%}",
                    f"{c.rate / base:.2f}",
                )
                for c in contestants
            ]
    text = (
        "SB3's PPO on CartPole-v1, MlpPolicy, 256 steps a row, batches of 512, 10 epochs, one "
        "thread. What torch computes is the same on all sides, and bounds what a faster "
        "environment can bring.\n\n" + table(("PPO", "steps/s", "spread", "×"), rows)
    )
    report("peers.training", text, PACKAGES, write=write)


def _take_turns(contestants: list[Contestant], slices: int) -> None:
    """A rollout with its update is a slice; the first warms up."""
    for number in range(slices + 1):
        for contestant in contestants if number % 2 else contestants[::-1]:
            began = time.perf_counter()
            units = contestant.play(1)
            if number:
                contestant.seconds.append((time.perf_counter() - began) / units)
