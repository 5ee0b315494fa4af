"""Environments that are WASM modules, from Python: in this process, over the wire, and built anew.

`./hypertoken test wasm` brings the tools that build them; elsewhere that test needs the very clang.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import hypertoken
from hypertoken import HyperTokenClient, ServerManager
from hypertoken.errors import EnvironmentFailedError, UnknownEnvironmentError

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SOURCES = sorted(
    [*EXAMPLES.glob("wasm-*/*.c"), *EXAMPLES.glob("wasm-*/*.wat")], key=lambda path: path.name
)
CART_POLE = f"wasm:{EXAMPLES / 'wasm-cartpole' / 'cartpole.wasm'}"
CORRIDOR = f"wasm:{EXAMPLES / 'wasm-corridor' / 'corridor.wasm'}"
GRID = f"wasm:{EXAMPLES / 'wasm-grid' / 'grid.wasm'}"
TIC_TAC_TOE = f"wasm:{EXAMPLES / 'wasm-tic-tac-toe' / 'tictactoe.wasm'}"

CLANG = "Debian clang version 14."


def test_cartpole_in_this_process_is_ours_bit_for_bit() -> None:
    rows, actions = 8, np.random.default_rng(3)
    here = hypertoken.make_vec("CartPole-v1", rows)
    there = hypertoken.make_vec(CART_POLE, rows)

    np.testing.assert_array_equal(there.reset(seed=7)[0], here.reset(seed=7)[0])
    for _ in range(200):
        chosen = actions.integers(2, size=rows)
        for told, expected in zip(there.step(chosen)[:4], here.step(chosen)[:4], strict=True):
            np.testing.assert_array_equal(told, expected)
    assert there.spec is not None
    assert there.spec.id.startswith("hypertoken/wasm:")
    here.close()
    there.close()


def test_agents_in_turns_masks_and_pictures() -> None:
    game = hypertoken.aec_env(TIC_TAC_TOE)
    game.reset(seed=1)
    game.step(4)
    observation, _, _, _, info = game.last()
    assert game.agent_selection == "player_2"
    assert observation[1, 1, 1] == 1
    assert info["action_mask"][4] == 0
    game.close()

    grid = hypertoken.make(GRID, render_mode="rgb_array")
    grid.reset(seed=1)
    picture = grid.render()
    assert isinstance(picture, np.ndarray)
    assert picture.shape == (40, 40, 3)
    grid.close()


def test_options_reach_the_module_and_others_are_refused() -> None:
    walk = hypertoken.make(CORRIDOR, length=3)
    starts = {int(walk.reset(seed=seed)[0]) for seed in range(20)}
    assert starts == {0, 1}
    walk.close()

    with pytest.raises(ValueError, match="length must be an integer from 2 to 64"):
        hypertoken.make(CORRIDOR, length=65)
    with pytest.raises(EnvironmentFailedError, match="its ht_open says: this module has room for"):
        hypertoken.make_vec(GRID, 1025)


def test_a_server_hosts_its_own_module_and_those_that_it_allows() -> None:
    with (
        ServerManager(CORRIDOR, arguments=["--allow-guest", f"{GRID[:-9]}*"]) as server,
        HyperTokenClient(server.url) as client,
    ):
        assert client.env_info()["env_type"] == CORRIDOR
        client.open(GRID)
        assert client.env_info()["env_type"] == GRID
        with pytest.raises(UnknownEnvironmentError, match="this server opens no such id"):
            client.open(CART_POLE)
        with pytest.raises(UnknownEnvironmentError, match="a path goes straight to its file"):
            client.open(f"{GRID[:-9]}../wasm-cartpole/cartpole.wasm")


def test_the_page_shows_the_corridor_as_it_is() -> None:
    page = (ROOT / "docs" / "write-an-environment-in-c.md").read_text()

    shown = re.findall(r"^```c\n(.*?)^```$", page, re.M | re.S)

    assert shown == [(EXAMPLES / "wasm-corridor" / "corridor.c").read_text()]


def test_every_example_has_its_source() -> None:
    modules = {path.with_suffix("") for path in EXAMPLES.glob("wasm-*/*.wasm")}

    assert len(modules) == 4
    assert modules == {source.with_suffix("") for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_example_is_what_its_source_builds(source: Path, tmp_path: Path) -> None:
    missing = missing_tool(source)
    if missing:
        if os.environ.get("HYPERTOKEN_WASM_TOOLS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)

    built = tmp_path / "built.wasm"
    subprocess.run([EXAMPLES / "wasm" / "build.sh", source, built], check=True, timeout=60)

    assert built.read_bytes() == source.with_suffix(".wasm").read_bytes()


def missing_tool(source: Path) -> str:
    """Why this source cannot be built to the same bytes here; empty if it can."""
    if source.suffix == ".wat":
        return "" if shutil.which(os.environ.get("WAT2WASM", "wat2wasm")) else "no wat2wasm"
    clang = shutil.which(os.environ.get("CLANG", "clang"))
    if clang is None or shutil.which("wasm-ld") is None:
        return "no clang with lld"
    told = subprocess.run([clang, "--version"], capture_output=True, text=True, check=True).stdout
    return "" if told.startswith(CLANG) else f"not {CLANG}x, whose bytes the examples are"
