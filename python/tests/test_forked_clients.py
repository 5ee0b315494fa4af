"""Connections, sessions and servers stay with the process that was forked; real os.fork."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent

import pytest

from hypertoken import ServerManager

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
]

ADVICE = (
    "its connection and its session are those of the process that was forked; make another one "
    'here, or start workers by spawn: multiprocessing.get_context("spawn"), '
    'AsyncVectorEnv(..., context="spawn"), SubprocVecEnv(..., start_method="spawn")'
)


def run(code: str, *arguments: str) -> list[str]:
    """What a script prints; it must say nothing on stderr, where it logs broken connections."""
    told = subprocess.run(
        [sys.executable, "-c", dedent(code), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.stderr == ""
    assert told.returncode == 0
    return told.stdout.splitlines()


def test_a_forked_child_cannot_step_or_end_its_parents_environments(server: ServerManager) -> None:
    lines = run(
        """
        import gc, os, sys
        import numpy as np
        import hypertoken
        from hypertoken import HyperTokenClient
        hypertoken.enable_logging("INFO")
        url = sys.argv[1]
        zeros = np.zeros(2, int)
        client = HyperTokenClient(url).connect()
        single = hypertoken.make("CartPole", url=url)
        rows = hypertoken.make_vec("CartPole", 2, url=url)
        games = hypertoken.make_multi_vec("tic-tac-toe", 2, url=url)
        turns = hypertoken.aec_env("tic-tac-toe", url=url)
        table = hypertoken.parallel_env("tic-tac-toe", url=url)
        for made in (client, single, rows, games, turns, table):
            made.reset(seed=1)
        steps = [
            lambda: single.step(0)[0].tolist(),
            lambda: rows.step(zeros)[0].tolist(),
            lambda: games.step(zeros)[4]["turn"].tolist(),
            lambda: turns.step(0),
            lambda: list(table.step({"player_1": 0, "player_2": 0})[0]),
            lambda: client.agents(),
        ]
        if os.fork() == 0:
            for call in [*steps, client.connect, single.reset, rows.reset, turns.reset]:
                try:
                    print(call())
                except hypertoken.HyperTokenError as refused:
                    print(refused.code, refused)
            for made in (client, single, rows, games, turns, table):
                made.close()
            own = hypertoken.make("CartPole", url=url)
            print(own.reset(seed=1)[0].tolist())
            own.close()
            del made, client, single, rows, games, turns, table, steps, call
            gc.collect()
            sys.exit()
        os.wait()
        for step in steps:
            print(step())
        again = hypertoken.make("CartPole", url=url)
        print(again.reset(seed=1)[0].tolist())
        print(again.step(0)[0].tolist())
        for made in (client, single, rows, games, turns, table, again):
            made.close()
        """,
        server.url,
    )

    words = f"forked this client of {server.url} cannot be used in this forked process; {ADVICE}"
    assert lines[:10] == [words] * 10
    in_child, stepped, *_, first, second = lines[10:]
    assert in_child == first
    assert stepped == second
    assert lines[12:16] == [lines[12], "[1, 1]", "None", "['player_1', 'player_2']"]
    assert len(lines) == 19


def test_a_forked_child_has_no_part_in_an_asyncio_clients_session(server: ServerManager) -> None:
    lines = run(
        """
        import asyncio, gc, os, sys
        import hypertoken
        from hypertoken import HyperTokenAsyncClient
        hypertoken.enable_logging("INFO")

        async def told(call):
            try:
                print(await call())
            except hypertoken.HyperTokenError as refused:
                print(refused.code)

        async def play(client):
            await client.connect()
            await client.reset(seed=1)
            if os.fork() == 0:
                for call in (client.ping, client.connect, client.close):
                    await told(call)
                sys.stdout.flush()
                os._exit(0)
            os.wait()
            print((await client.step(0))["at"])

        client = HyperTokenAsyncClient(sys.argv[1])
        asyncio.run(play(client))
        if os.fork() == 0:
            asyncio.run(told(client.ping))
            del client
            gc.collect()
            sys.exit()
        os.wait()
        print(asyncio.run(client.step(0))["at"])
        asyncio.run(client.close())
        """,
        server.url,
    )

    assert lines == ["forked", "forked", "None", "2", "forked", "3"]


def test_a_forked_child_leaves_its_parents_server_running() -> None:
    lines = run(
        """
        import gc, os, sys
        import hypertoken
        from hypertoken import HyperTokenClient, ServerManager
        manager = ServerManager("CartPole").start()
        if os.fork() == 0:
            print(manager.running, manager.stop())
            with HyperTokenClient(manager.url) as client:
                print(client.reset(seed=1)["at"])
            try:
                manager.start()
            except hypertoken.HyperTokenError as refused:
                print(refused)
            del manager
            gc.collect()
            sys.exit()
        os.wait()
        with HyperTokenClient(manager.url) as client:
            print(client.reset(seed=1)["at"])
        manager.stop()
        print(manager.running)
        """
    )

    assert lines[:2] == ["True None", "1"]
    assert lines[2].startswith(
        "this server of 'CartPole' cannot be used in this forked process; it is that of the "
        "process that was forked; make another one here, or start workers by spawn: "
    )
    assert lines[3:] == ["1", "False"]


def test_a_client_that_had_not_connected_is_as_good_in_a_child(server: ServerManager) -> None:
    lines = run(
        """
        import os, sys
        from hypertoken import HyperTokenClient
        client = HyperTokenClient(sys.argv[1])
        if os.fork() == 0:
            with client:
                print(client.reset()["at"])
            sys.exit()
        os.wait()
        with client:
            print(client.reset()["at"])
        """,
        server.url,
    )

    assert lines == ["1", "1"]


def test_a_server_ends_with_its_python_though_a_forked_child_lives_on() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            dedent(
                """
                import os, sys
                from hypertoken import ServerManager
                manager = ServerManager("CartPole").start()
                print(manager.pid, flush=True)
                if os.fork() == 0:
                    sys.stdin.read()
                    os._exit(0)
                os.kill(os.getpid(), 9)
                """
            ),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    server = int(parent.stdout.readline())
    parent.wait(60)

    ended = os.pidfd_open(server)
    try:
        assert _readable(ended, 30), "the server outlived the Python that started it"
    except ProcessLookupError:
        pass
    finally:
        os.close(ended)
        parent.stdin.close()
        parent.stdout.close()


def _readable(descriptor: int, seconds: float) -> bool:
    import select

    return bool(select.select([descriptor], [], [], seconds)[0])
