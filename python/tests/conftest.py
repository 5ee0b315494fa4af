"""Servers for the tests that need one: each starts once, on a free loopback port."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

from hypertoken import HyperTokenClient, ServerManager
from tests import own_jar as own_jars
from tests.events_hub import EventsHub
from tests.thoroughness import FULL

# Ray reads these when it is imported: without clusters it listens on loopback only.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of a quick run what only a full one does."""
    left_out = [] if FULL else [item for item in items if item.get_closest_marker("full")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def server() -> Iterator[ServerManager]:
    """A server as `hypertoken serve --env blackjack` starts it."""
    with ServerManager("blackjack") as running:
        yield running


@pytest.fixture(scope="session")
def table_of_three() -> Iterator[ServerManager]:
    """A server as `hypertoken serve --env blackjack --agents 3 --decks 6 --verbose` starts it."""
    with ServerManager(
        "blackjack", options={"agents": 3, "decks": 6}, arguments=["--verbose"]
    ) as running:
        yield running


@pytest.fixture(scope="session")
def environments(server: ServerManager) -> dict[str, dict[str, object]]:
    """What `env_info` says of every environment the server hosts, by id."""
    with HyperTokenClient(server.url) as client:
        known = {}
        for name in client.hello()["environments"]:
            client.open(name)
            known[name] = client.env_info()
        return known


@pytest.fixture(scope="session")
def own_jar(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A jar of environments that are not ours, as a user's build makes it."""
    return str(own_jars.build(tmp_path_factory.mktemp("own")))


@pytest.fixture(scope="session")
def events_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventsHub]:
    """A hub as `hypertoken events serve --events-log FOLDER` starts it."""
    with EventsHub(tmp_path_factory.mktemp("events")) as running:
        yield running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Ray of this process's own, and its address: loopback only, little memory, nothing shown."""
    import ray

    with pytest.MonkeyPatch.context() as patch:
        # Else a token is written into the home.
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        context = ray.init(
            num_cpus=2,
            object_store_memory=80 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="error",
            _node_ip_address="127.0.0.1",
        )
        yield context.address_info["gcs_address"]
        ray.shutdown()
