"""No environment may declare an option that Python's own keywords would hide."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import gymnasium
import pytest

import hypertoken
from hypertoken import puffer, sb3
from hypertoken.cluster.pool import VectorPool
from hypertoken.engine import control
from hypertoken.engine.runtime import runtime

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    "takes_options",
    [
        hypertoken.make,
        hypertoken.make_vec,
        hypertoken.make_multi_vec,
        hypertoken.aec_env,
        hypertoken.parallel_env,
        gymnasium.make,
        gymnasium.make_vec,
        sb3.make_vec_env,
        puffer.PyPufferEnv.from_name,
        puffer.PyVecEnv,
        VectorPool,
    ],
    ids=lambda function: f"{function.__module__}.{function.__qualname__}",
)
def test_every_keyword_beside_an_environments_options_is_a_reserved_name(
    takes_options: Callable[..., Any],
) -> None:
    reserved = json.loads(runtime().request(control.ABOUT, {})[0])["reserved_options"]
    named = {
        name
        for name, parameter in inspect.signature(takes_options).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    if takes_options is VectorPool:
        # The market declares it too, and the pool's comes first.
        named -= {"rows"}
    assert named <= {*reserved}
