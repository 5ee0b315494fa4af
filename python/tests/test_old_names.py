"""What was imported or pickled under the module names of version 0.1 still works."""

from __future__ import annotations

import base64
import importlib
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import hypertoken
from hypertoken import _moved

# Made by version 0.1's own code: each names modules that have moved since.
PICKLES = json.loads(Path(__file__).with_name("pickles-0.1.json").read_text())


def unpickled(name: str) -> Any:
    return pickle.loads(base64.b64decode(PICKLES[name]))


@pytest.mark.parametrize("old", sorted(_moved._NEW_NAMES))
def test_every_old_module_name_imports_the_module_it_has_become(old: str) -> None:
    module = importlib.import_module(f"hypertoken.{old}")
    assert module is importlib.import_module(f"hypertoken.{_moved._NEW_NAMES[old]}")
    assert module.__spec__ is not None
    assert module.__spec__.name == module.__name__ == f"hypertoken.{_moved._NEW_NAMES[old]}"


def test_a_name_that_never_was_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"hypertoken\.native_aex"):
        importlib.import_module("hypertoken.native_aex")


@pytest.mark.server
def test_environments_pickled_by_version_0_1_play_on() -> None:
    single = unpickled("make")
    assert isinstance(single, hypertoken.NativeEnv)
    assert single.reset(seed=1)[0].shape == (4,)
    rows = unpickled("make_vec")
    assert rows.reset(seed=1)[0].shape == (3, 4)
    tables = unpickled("make_multi_vec")
    assert tables.num_envs == 3
    turns = unpickled("aec_env")
    turns.reset(seed=1)
    turns.step(4)
    assert turns.agent_selection == "player_2"
    together = unpickled("parallel_env")
    assert set(together.reset(seed=1)[0]) == {"player_1", "player_2"}
    for each in (single, rows, tables, turns, together):
        each.close()


def test_an_error_pickled_by_version_0_1_keeps_its_kind_and_words() -> None:
    error = unpickled("error")
    assert isinstance(error, hypertoken.errors.BadOptionError)
    assert "refused option option" in str(error)


def test_a_registration_pickled_by_version_0_1_makes_its_environment() -> None:
    import gymnasium

    with gymnasium.make(unpickled("spec")) as env:
        assert env.reset(seed=1)[0].shape == (4,)
