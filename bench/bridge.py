"""Measures the bridge: messages against a bare echo, batches, start and memory.

    ./hypertoken bench bridge [--quick] [--only turns|batches|start|memory]

The Python client has one core, the server or the echo another. Both servers get the same JVM flags.
"""

from __future__ import annotations

import argparse
import os
import struct
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from hypertoken import HyperTokenAECEnv, HyperTokenClient, ServerManager, WebSocketBatch
from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.remote.blocking_line import BlockingLine
from hypertoken.transports.turns import WebSocketTransport
from measure import Budget, Contestant, cores, pin, race
from results import report, table, verdicts

JAR = Path(__file__).resolve().parent / "target" / "benchmarks.jar"
HIT, STAND = 0, 1
DEALER_STANDS = 17 / 31
SEED = 1
CLIENT_CORE, SERVER_CORE = cores()[0], cores()[-1]


# --- The same session against the bridge and against an echo ---


class RecordingLine(BlockingLine):
    """A connection that keeps every reply, for the echo to send again."""

    def __init__(self, url: str) -> None:
        super().__init__(url, token=None)
        self.replies: list[str | bytes] = []

    async def receive(self, deadline: float) -> str | bytes:
        reply = await super().receive(deadline)
        self.replies.append(reply)
        return reply


class RecordingClient(HyperTokenClient):
    """A client over such a connection."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        recording = RecordingLine(url)
        self._delivery.line = recording
        self.replies = recording.replies


class Pings:
    """One ping after another; counts messages."""

    name = "ping"

    def __init__(self, client: HyperTokenClient) -> None:
        self._ping = client.connect().ping
        self.rounds = 0

    def play(self, count: int) -> float:
        for _ in range(count):
            self._ping()
        return count


class Rounds:
    """Rounds of one-seat blackjack by turn forms, hitting to 17; counts messages."""

    name = "blackjack, one message a turn"

    def __init__(self, client: HyperTokenClient) -> None:
        self._client = client.connect()
        self._turn = client.reset_turn(SEED)
        self.rounds = 0

    def play(self, count: int) -> float:
        client, turn = self._client, self._turn
        for _ in range(count):
            if turn["agent_selection"] is None:
                self.rounds += 1
                turn = client.reset_turn()
            else:
                hits = turn["observation"][0] < DEALER_STANDS and turn["info"]["action_mask"][HIT]
                turn = client.step_turn(HIT if hits else STAND)
        self._turn = turn
        return count


class Turns:
    """Rounds of three-seat blackjack through the PettingZoo API; counts turns."""

    name = "blackjack, 3 seats, PettingZoo API"

    def __init__(self, client: HyperTokenClient) -> None:
        self._env = HyperTokenAECEnv(WebSocketTransport(client=client))
        self._env.reset(seed=SEED)
        self.rounds = 0

    def play(self, count: int) -> float:
        env, turns = self._env, 0
        while turns < count:
            if not env.agents:
                self.rounds += 1
                env.reset()
            observation, _, terminated, truncated, info = env.last()
            if terminated or truncated:
                env.step(None)
                continue
            hits = observation[0] < DEALER_STANDS and info["action_mask"][HIT]
            env.step(HIT if hits else STAND)
            turns += 1
        return turns


@contextmanager
def started(command: list[str]) -> Iterator[str]:
    """Run an echo on the server's core; yields its URL."""
    pin(SERVER_CORE)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pin(CLIENT_CORE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@contextmanager
def served() -> Iterator[ServerManager]:
    """Run the bridge on the server's core."""
    pin(SERVER_CORE)
    server = ServerManager("blackjack").start()
    pin(CLIENT_CORE)
    try:
        yield server
    finally:
        server.stop()


def write_replies(file: Path, replies: list[str | bytes]) -> None:
    """Write replies as `RecordedEcho` reads them."""
    with file.open("wb") as out:
        for reply in replies:
            data = reply.encode() if isinstance(reply, str) else reply
            out.write(struct.pack(">BI", 1 if isinstance(reply, str) else 2, len(data)))
            out.write(data)


@dataclass
class Compared:
    """How one kind of play went against the bridge and against the echo."""

    name: str
    bridge: Contestant
    echo: Contestant
    rounds_a_message: float
    reply_bytes: float

    @property
    def ratio(self) -> float:
        """The bridge's time by the echo's, pair by pair."""
        pairs = zip(self.bridge.seconds, self.echo.seconds, strict=True)
        return median(ours / bare for ours, bare in pairs)


def compare(
    url: str, kind: Callable[[HyperTokenClient], Any], messages: int, quick: bool
) -> Compared:
    """Record a session of so many messages, then play it against the bridge and its echo."""
    recorder = RecordingClient(url)
    recording = kind(recorder)
    recording.play(messages)
    replies = recorder.replies
    recorder.close()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "replies"
        write_replies(file, replies)
        flags = [
            f for f in java_flags(find_java(), find_jar()) if "AOT" not in f and "log" not in f
        ]
        echo_class = "io.hypertoken.bench.RecordedEcho"
        with started([str(find_java()), *flags, "-cp", str(JAR), echo_class, str(file)]) as echo:
            clients = HyperTokenClient(url), HyperTokenClient(echo)
            ours, bare = (kind(client) for client in clients)
            bridge, bare_echo = Contestant("bridge", ours.play), Contestant("echo", bare.play)
            contestants = [bridge, bare_echo]
            slices = 3 if quick else 31
            # An echo's recording ends: so every slice has its number of messages beforehand.
            warm, each = messages // 4, messages * 3 // 4 // (slices + 1)
            for contestant in contestants:
                contestant.play(warm)
            for number in range(slices):
                for contestant in contestants if number % 2 else contestants[::-1]:
                    began = time.perf_counter()
                    units = contestant.play(each)
                    contestant.seconds.append((time.perf_counter() - began) / units)
            clients[0].close()
            clients[1].disconnect()
    size = sum(map(len, replies)) / len(replies)
    return Compared(ours.name, bridge, bare_echo, recording.rounds / messages, size)


def turns(quick: bool, write: bool) -> None:
    """Pings and turns, each against the echo of the same bytes."""
    messages = 1_000 if quick else 60_000
    with served() as server:
        url = server.url
        compared = [
            compare(url, Pings, messages, quick),
            compare(url, Rounds, messages, quick),
            compare(f"{url}/?env=blackjack&agents=3", Turns, messages, quick),
        ]
    rows = [
        (
            one.name,
            f"{one.reply_bytes:.0f}",
            f"{1e6 / one.bridge.rate:.1f} ± {one.bridge.spread:.0%}",
            f"{1e6 / one.echo.rate:.1f} ± {one.echo.spread:.0%}",
            f"{one.ratio:.2f}",
        )
        for one in compared
    ]
    rounds = compared[1]
    a_second = rounds.bridge.rate * rounds.rounds_a_message
    text = (
        "The same Python client plays the same session against the bridge and against a bare "
        "Netty server that answers the k-th message with the k-th reply of the recorded session "
        "and looks at neither.\n\n"
        + table(("what", "reply, bytes", "bridge, µs", "echo, µs", "ratio"), rows)
        + f"\n\nBlackjack by turns: {a_second:,.0f} rounds/s at "
        f"{1 / rounds.rounds_a_message:.2f} messages a round; the echo's rate divided by the "
        f"messages a round needs is {rounds.echo.rate * rounds.rounds_a_message:,.0f}."
        + verdicts(
            [
                ("one turn by the echo of the same bytes", compared[1].ratio, -1.3),
                ("one turn through the PettingZoo API by the echo", compared[2].ratio, -1.3),
                ("rounds/s by turns, share of the echo's", 1 / rounds.ratio, 0.75),
            ],
            digits=2,
        )
    )
    report("bridge.turns", text, ("hypertoken", "websocket-client"), write=write)


# --- Batches ---


class Tables:
    """Rounds of blackjack on many tables by binary frames, hitting to 17; counts rounds."""

    def __init__(self, url: str, rows: int) -> None:
        self.batch = WebSocketBatch(url, "blackjack", rows)
        self._columns = self.batch.reset(SEED)
        self._actions = self.batch.actions["action"]

    def play(self, count: int) -> float:
        columns, rounds = self._columns, 0
        for _ in range(count):
            hits = columns["observation"][..., 0] < DEALER_STANDS
            hits &= columns["action_mask"][..., HIT].view(np.bool_)
            self._actions[...] = np.where(hits, HIT, STAND).reshape(self._actions.shape)
            columns = self.batch.step()
            rounds += int(np.count_nonzero(columns["terminated"]))
        self._columns = columns
        return rounds


def batches(quick: bool, write: bool) -> None:
    """Rounds a second by binary vectors."""
    with served() as server:
        tables = {rows: Tables(server.url, rows) for rows in (256, 1024)}
        contestants = {
            rows: Contestant(str(rows), t.play, t.batch.close) for rows, t in tables.items()
        }
        race(list(contestants.values()), Budget.of(quick))
    rows = [
        (f"{count:,} tables", f"{c.rate:,.0f}", f"± {c.spread:.0%}")
        for count, c in contestants.items()
    ]
    wanted = [(f"rounds/s, {count:,} tables", c.rate, 50_000) for count, c in contestants.items()]
    text = (
        "One frame a step there and one back, hitting to 17 by numpy.\n\n"
        + table(("binary vector", "rounds/s", "spread"), rows)
        + verdicts(wanted, digits=0)
    )
    report("bridge.batches", text, ("hypertoken", "numpy"), write=write)


# --- Start ---


def start_once(command: list[str]) -> tuple[float, float]:
    """Start a server and stop it; returns the seconds until it told its URL and was ready."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "ws://" in line:
                told = time.perf_counter() - began
                url = line[line.index("ws://") :].split()[0].replace("ws://", "http://")
                with urllib.request.urlopen(f"{url}/ready", timeout=10) as answer:
                    answer.read()
                return told, time.perf_counter() - began
        raise SystemExit(f"the server ended: {' '.join(command)}")
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def start(quick: bool, write: bool) -> None:
    """The time from starting the process until GET /ready answers, with and without the cache."""
    java, jar = find_java(), find_jar()
    flags = java_flags(java, jar)
    serve = ["-jar", str(jar), "serve", "--env", "blackjack", "--port", "0"]
    bare = [f for f in flags if "AOT" not in f and "log" not in f]
    launcher = str(jar.parent.parent.parent / "hypertoken")
    commands = {
        "java with the start cache": [str(java), *flags, *serve],
        "java without it": [str(java), *bare, *serve],
        "./hypertoken serve": [launcher, *serve[2:]],
    }
    os.sched_setaffinity(0, set(cores_at_start))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(3 if quick else 25):
        for name in list(commands) if number % 2 else reversed(commands):
            times[name].append(start_once(commands[name]))
    rows = [
        (
            name,
            *(f"{median(one[k] for one in taken) * 1e3:.0f}" for k in (0, 1)),
            f"{max(one[1] for one in taken) * 1e3:.0f}",
        )
        for name, taken in times.items()
    ]
    ready = median(one[1] for one in times["java with the start cache"])
    text = (
        f"From starting the process; medians of {len(times['java without it'])} starts, on all "
        "cores.\n\n"
        + table(("command", "URL told, ms", "GET /ready answered, ms", "slowest, ms"), rows)
        + verdicts([("start to ready, s", ready, -0.5)], digits=2)
    )
    report("bridge.start", text, ("hypertoken",), write=write)


# --- Memory ---


def resident(pid: int) -> float:
    """A process's resident memory in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def memory(quick: bool, write: bool) -> None:
    """The server's resident memory over a million rounds by binary vector."""
    rounds, wanted = 0.0, 50_000 if quick else 1_000_000
    samples: list[tuple[int, float]] = []
    with served() as server:
        assert server.pid is not None
        tables = Tables(server.url, 1024)
        while rounds < wanted:
            rounds += tables.play(20)
            samples.append((int(rounds), resident(server.pid)))
        tables.batch.close()
    shown = [samples[0]]
    for k in range(1, 11):
        shown.append(next(s for s in samples if s[0] >= wanted * k / 10))
    halves = [
        max(mib for at, mib in samples if low <= at / wanted <= low + 0.5) for low in (0.0, 0.5)
    ]
    text = (
        "Resident memory of the server process, 1,024 tables by binary vector, sampled every "
        f"20 steps ({len(samples)} samples).\n\n"
        + table(("rounds", "MiB"), [(f"{at:,}", f"{mib:.1f}") for at, mib in shown])
        + verdicts(
            [("most in the second half by most in the first", halves[1] / halves[0], -1.05)],
            digits=3,
        )
    )
    report("bridge.memory", text, ("hypertoken",), write=write)


PARTS = {"turns": turns, "batches": batches, "start": start, "memory": memory}
cores_at_start = cores()


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench bridge", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be repeated")
    args = parser.parse_args()
    for name in args.only or PARTS:
        partial(PARTS[name], args.quick, not args.quick)()


if __name__ == "__main__":
    main()
