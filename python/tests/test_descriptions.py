"""Environments that are not ours are described the same here and over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gymnasium import spaces

from hypertoken import HyperTokenClient, ServerManager
from hypertoken.engine.session import Opening, Session
from hypertoken.spaces import convert_space

pytestmark = pytest.mark.server
OWN: dict[str, dict[str, Any]] = {
    "auction": {"purse": 7},
    "blueprint": {"built": True},
    "Cards-v1": {},
    "mixer": {},
}


@pytest.fixture(scope="module")
def server_of_own(own_jar: str) -> Iterator[ServerManager]:
    with ServerManager("mixer", arguments=["--jar", own_jar]) as running:
        yield running


def described(env: str, own_jar: str) -> dict[str, Any]:
    return dict(Session(Opening(env, OWN[env], jars=own_jar)).description.info)


@pytest.mark.parametrize("env", OWN)
def test_they_are_described_the_same_to_the_last_bound(
    env: str, own_jar: str, server_of_own: ServerManager
) -> None:
    here = described(env, own_jar)
    with HyperTokenClient(server_of_own.url) as client:
        opened = client.open(env, options=OWN[env])
        there, layout = opened["spec"], opened["layout"]

    memory = here.pop("layout")

    assert list(here.items()) == list(there.items())
    assert {name: memory[name]["columns"] for name in layout} == layout


def test_the_bounds_of_a_large_box_are_one_number(own_jar: str) -> None:
    kinds = described("blueprint", own_jar)["observation_spaces"]["architect"]["spaces"]

    assert (kinds["sheet"]["low"], kinds["sheet"]["high"]) == (0, 255)
    assert convert_space(kinds["sheet"]) == spaces.Box(0, 255, (100, 100, 3), np.uint8)
    assert (kinds["endless"]["low"], kinds["endless"]["high"]) == (0, None)
    assert convert_space(kinds["endless"]) == spaces.Box(0, np.inf, (1001,), np.float32)
    assert kinds["open"]["low"] == [[None, None], [None, None]]
