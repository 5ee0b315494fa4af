"""PettingZoo's own tests, run as far as its present version lets any environment pass them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any

from pettingzoo.test import api_test, parallel_api_test, render_test, seed_test
from pettingzoo.test.bombardment_test import bombardment_test
from pettingzoo.utils.wrappers import BaseWrapper

from hypertoken import HyperTokenAECEnv, HyperTokenParallelEnv


class StepReturnsObservation(BaseWrapper):  # type: ignore[misc]
    """Returns the next observation from step.

    PettingZoo 1.27's bombardment test checks `env.step(...)`'s result against the observation
    space, but AECEnv.step returns nothing, so no environment with two agents (its own
    connect_four neither) passes it without this.
    """

    def step(self, action: Any) -> Any:
        super().step(action)
        return self.env.observe(self.env.agent_selection)


def check_aec(make: Callable[..., HyperTokenAECEnv], cycles: int = 100) -> None:
    """Run api_test, seed_test and bombardment_test; each environment made is closed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for classic in (False, True):
            env = make(mask_in_observation=classic)
            api_test(env, num_cycles=cycles)
            env.close()
            with ExitStack() as made:
                seed_test(
                    lambda: made.enter_context(closing(make(mask_in_observation=classic))),  # noqa: B023
                    num_cycles=cycles,
                )
        env = make()
        bombardment_test(StepReturnsObservation(env), cycles=cycles)
        env.close()


def check_parallel(make: Callable[..., HyperTokenParallelEnv], cycles: int = 100) -> None:
    """Run parallel_api_test with masks in the observations, where it reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        env = make(mask_in_observation=True)
        parallel_api_test(env, num_cycles=cycles)
        env.close()


def check_rendering(make: Callable[..., HyperTokenAECEnv]) -> None:
    """Run render_test over every mode the environment names; each environment made is closed."""
    with warnings.catch_warnings(), ExitStack() as made:
        warnings.simplefilter("ignore")
        render_test(lambda render_mode: made.enter_context(closing(make(render_mode=render_mode))))
