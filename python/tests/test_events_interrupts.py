"""Ctrl-C at any moment, and forks: each event is handed out once, each publication counts once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from textwrap import dedent

import pytest

from tests.fake_hub import FakeHub
from tests.test_interrupts import ARMED, ended, interrupt_until_its_end, start

HEARING = """
    import json, sys
    from hypertoken.events import EventClient

    client = EventClient(sys.argv[1], timeout=10.0, since=("e1", 0)).connect()
    heard, n, interrupts = [], 0, 0
    while len(heard) < 200:
        try:
            try:
                armed = True
                if n < 100:
                    client.publish("own", {"n": 1000 + n}, event_id=f"e{n}")
                    n += 1
                event = client.next(5)
                heard.append(event.data["n"])
            finally:
                armed = False
        except KeyboardInterrupt:
            interrupts += 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(json.dumps({"heard": heard, "interrupts": interrupts}))
    """


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as running:
        yield running


def test_no_event_is_lost_or_repeated_by_ctrl_c(hub: FakeHub) -> None:
    process = start(ARMED + HEARING, hub.url)

    def emit() -> None:
        # From the first publication on: the imports before it can take a second.
        while not hub.log and process.poll() is None:
            time.sleep(0.001)
        for n in range(100):
            hub.emit(n)
            time.sleep(0.01)

    emitting = threading.Thread(target=emit)
    emitting.start()

    interrupt_until_its_end(process, seed=11, most=0.03)

    emitting.join()
    code, out, errors = ended(process)
    # An interrupt may come before the first line of a coroutine: Python then warns of that.
    assert code == 0, errors
    told = json.loads(out)
    assert told["interrupts"] > 5
    logged = [event["data"]["n"] for event in hub.log]
    assert sorted(logged) == [*range(100), *range(1000, 1100)], "each publication counts once"
    assert told["heard"] == logged


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_has_no_part_in_its_parents_connection(hub: FakeHub) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            dedent(
                """
                import asyncio, gc, os, sys
                from hypertoken import HyperTokenError
                from hypertoken.events import AsyncEventClient, EventClient
                client = EventClient(sys.argv[1]).connect()
                fresh = EventClient(sys.argv[1])

                def tell(call):
                    try:
                        print(call())
                    except HyperTokenError as refused:
                        print(refused.code)

                async def play():
                    async with AsyncEventClient(sys.argv[1]) as other:
                        if os.fork() == 0:
                            for call in (client.next, client.connect, client.close):
                                tell(call)
                            try:
                                await other.next(1)
                            except HyperTokenError as refused:
                                print(refused.code)
                            with fresh:
                                print(fresh.publish("own", {"n": 1}))
                            sys.stdout.flush()
                            os._exit(0)
                        os.wait()
                        print(client.next(5).data["n"], (await other.next(5)).data["n"])

                asyncio.run(play())
                print(client.publish("own", {"n": 2}))
                """
            ),
            hub.url,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["forked", "forked", "None", "forked", "1", "1 1", "2"]
