"""Measures the events hub: its log, its fan-out, kill -9 under load, hooks, what emitting costs.

    ./hypertoken bench events [--quick] [--only log|fanout|killed|restart|hooks|emit]

Producers and hub share a process, as in `hypertoken serve`; clients have one of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium
import numpy as np
from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.events import EventClient, PPOWebSocketIntegration
from measure import Budget, Contestant, race
from results import report, table, verdicts

JAR = Path(__file__).resolve().parent / "target" / "benchmarks.jar"
CLIENTS = 50
RATE = 20_000
SEED = 7


def java(*words: str) -> list[str]:
    """A Java command, with the launcher's flags but for its start cache."""
    found = find_java()
    flags = [f for f in java_flags(found, find_jar()) if "AOT" not in f and "log" not in f]
    return [str(found), *flags, *words]


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder beside the checkout's own, for a log; not in memory, as /tmp may be."""
    made = Path(tempfile.mkdtemp(prefix="events-", dir=JAR.parent))
    try:
        yield made
    finally:
        shutil.rmtree(made)


class Program:
    """A Java program that answers each line of its input with one of its output."""

    def __init__(self, name: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            java("-Xmx1g", "-cp", str(JAR), f"io.hypertoken.bench.{name}", *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.greeting = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ask(self, line: str) -> list[float]:
        """Give a line; returns the numbers of the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return [float(word) for word in self._line().split()]

    def cpu_seconds(self) -> float:
        """What it has used of the cores."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate(timeout=20)


# --- The log ---


def log(quick: bool, write: bool) -> None:
    """Events a second from producers of the hub's own process, through the log."""
    events, runs = (20_000, 3) if quick else (1_000_000, 5)
    rows, rates = [], {}
    for threads in (1, 2):
        with folder() as where:
            load = Program("EventsLoad", str(where))
            load.ask(f"flood {events // 4} {threads}")
            took, kept = [], 0.0
            for _ in range(runs):
                before = kept
                stored, seconds, kept = load.ask(f"flood {events} {threads}")
                assert stored == events, f"{events - stored:,.0f} events are missing in the log"
                took.append(stored / seconds)
            load.close()
        rates[threads] = median(took)
        low, high = min(took), max(took)
        size = (kept - before) / events if kept > before else 0
        spread = f"{low:,.0f}-{high:,.0f}"
        rows.append((str(threads), f"{rates[threads]:,.0f}", spread, f"{size:.0f}"))
    text = (
        f"Price updates, checked and completed by their schema, {events:,} a run, medians of "
        f"{runs}; each is in the log (group commit of 50 ms) before it counts, and none is dropped."
        "\n\n"
        + table(("producing threads", "events/s", "runs", "bytes an event"), rows)
        + verdicts([("events/s through the log", max(rates.values()), 200_000)], digits=0)
    )
    report("events.log", text, write=write)


# --- Fan-out ---


def fanned(rate: int, still: int, quick: bool) -> tuple[list[float], float, float]:
    """Fan events out; returns missing, wrong, p50, p99, longest, and both programs' cores."""
    seconds, runs = (2, 1) if quick else (10, 3)
    with folder() as where:
        load = Program("EventsLoad", str(where))
        port = load.greeting.rpartition(":")[2].partition("/")[0]
        crowd = Program("EventsCrowd", port, str(CLIENTS), str(still))
        first, last, _ = load.ask(f"pace {rate} {seconds}")  # warms both up
        crowd.ask(f"{first:.0f} {last:.0f}")
        told, cores = [], []
        for _ in range(runs):
            before = time.monotonic(), load.cpu_seconds(), crowd.cpu_seconds()
            first, last, count = load.ask(f"pace {rate} {seconds}")
            told.append(crowd.ask(f"{first:.0f} {last:.0f}"))
            assert last - first + 1 == count, f"{first + count - 1 - last:,.0f} were dropped"
            wall = time.monotonic() - before[0]
            cores.append(
                ((load.cpu_seconds() - before[1]) / wall, (crowd.cpu_seconds() - before[2]) / wall)
            )
        crowd.close()
        load.close()
    figures = [sum(each[k] for each in told) for k in (0, 1)]
    figures += [median(each[k] for each in told) for k in (2, 3, 4)]
    return figures, median(each[0] for each in cores), median(each[1] for each in cores)


def fanout(quick: bool, write: bool) -> None:
    """Events to many clients, with and without one that never reads."""
    rows, found = [], {}
    for rate in (RATE, RATE // 2):
        for still in (0, 1):
            figures, hub, crowd = fanned(rate, still, quick)
            found[rate, still] = figures
            missing, wrong, middle, late, longest = figures
            rows.append(
                (
                    f"{rate:,}, {'one never reads' if still else 'all read'}",
                    *(f"{value:,.0f}" for value in (missing, wrong)),
                    *(f"{value / 1e3:.1f}" for value in (middle, late, longest)),
                    f"{hub:.2f} + {crowd:.2f}",
                )
            )
    with_it, without = found[RATE, 1], found[RATE, 0]
    half, half_without = found[RATE // 2, 1], found[RATE // 2, 0]
    text = (
        f"{CLIENTS} WebSocket clients hear everything, in another process that looks at each "
        "event's number and moment; delay from `publish` to there.\n\n"
        + table(
            (
                "events/s",
                "missing",
                "wrong order",
                "p50, ms",
                "p99, ms",
                "longest, ms",
                "cores: hub + clients",
            ),
            rows,
        )
        + verdicts(
            [
                ("events missed by those who read", with_it[0] + half[0], -0.5),
                (
                    f"p99 with the slow one by that without, {RATE:,}/s",
                    with_it[3] / without[3],
                    -1.5,
                ),
                ("the same at half the load", half[3] / half_without[3], -1.5),
            ],
            digits=2,
        )
    )
    report("events.fanout", text, write=write)


# --- Kill -9 ---


class Served:
    """`hypertoken events serve` with a log, killed and started again at its address."""

    def __init__(self, where: Path) -> None:
        self._where = where
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it; returns the seconds until it listened."""
        found, jar = find_java(), find_jar()
        words = ["events", "serve", "--port", str(self.port), "--events-log", str(self._where)]
        words += ["--events-log-size", "4g"]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [str(found), *java_flags(found, jar), "-jar", str(jar), *words],
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "http://" in line:
                took = time.perf_counter() - began
                self.port = int(line.rstrip().rstrip("/").rpartition(":")[2])
                return took
        raise SystemExit("the hub ended; " + " ".join(words))

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.communicate()


def killed(quick: bool, write: bool) -> None:
    """What was acknowledged, and what a client heard, when the hub is killed under load."""
    kills, moments = (2 if quick else 20), random.Random(SEED)
    stopping = threading.Event()
    with folder() as where:
        hub = Served(where)
        acknowledged: list[list[int]] = [[], []]

        def tell(which: int) -> None:
            with EventClient(hub.url, timeout=120, types=[]) as client:
                n = 0
                while not stopping.is_set():
                    batch = [{"type": f"load-{which}", "data": {"n": n + k}} for k in range(20)]
                    client.publish_all(batch)
                    acknowledged[which].extend(range(n, n + 20))
                    n += 20

        heard: dict[str, list[int]] = {"load-0": [], "load-1": []}
        hearing = EventClient(hub.url, timeout=120, types=list(heard), slow="disconnect").connect()

        def hear() -> None:
            for event in hearing:
                if event.type in heard:
                    heard[event.type].append(event.data["n"])

        threads = [threading.Thread(target=tell, args=(which,)) for which in (0, 1)]
        threads.append(threading.Thread(target=hear))
        for thread in threads:
            thread.start()
        starts = []
        for _ in range(kills):
            time.sleep(moments.uniform(0.2, 1.5))
            hub.kill()
            starts.append(hub.start())
        time.sleep(0.5)
        stopping.set()
        for thread in threads[:2]:
            thread.join()
        wanted = [len(each) for each in acknowledged]
        deadline = time.monotonic() + 120
        while [len(each) for each in heard.values()] < wanted and time.monotonic() < deadline:
            time.sleep(0.1)
        recovered, heard_to = hearing.recovered, hearing.position
        assert heard_to is not None
        hearing.close()
        threads[2].join()
        with EventClient(hub.url, types=list(heard), since=(heard_to.epoch, 0)) as reading:
            kept: dict[str, list[int]] = {name: [] for name in heard}
            while event := reading.next(2):
                kept[event.type].append(event.data["n"])
        hub.kill()
    lost = sum(
        len(set(told) - set(kept[f"load-{which}"])) for which, told in enumerate(acknowledged)
    )
    twice = sum(len(each) - len(set(each)) for each in kept.values())
    unheard = sum(heard[name] != kept[name] for name in kept)
    text = (
        f"Two clients publish 20 events a message and wait for each acknowledgement, a third "
        f"listens; the hub is killed by SIGKILL {kills} times, {sum(wanted):,} events in all.\n\n"
        + table(
            ("what", "count"),
            [
                ("acknowledged and not in the log", f"{lost:,}"),
                ("more than once in the log", f"{twice:,}"),
                ("producers whose events the listener missed, repeated or reordered", f"{unheard}"),
                ("places in the log that were not found again", f"{int(not recovered)}"),
            ],
        )
        + verdicts(
            [
                ("acknowledged events lost", lost, -0.5),
                ("slowest start after a kill, s", max(starts), -1),
            ],
            digits=2,
        )
    )
    report("events.killed", text, ("hypertoken",), write=write)


def restart(quick: bool, write: bool) -> None:
    """The time until a hub listens whose log is long."""
    wanted = 0.02 if quick else 1.0
    with folder() as where:
        load = Program("EventsLoad", str(where))
        gigabytes = 0.0
        while gigabytes < wanted:
            gigabytes = load.ask(f"flood {20_000 if quick else 500_000} 2")[2] / 1e9
        load.close()
        hub = Served(where)
        hub.kill()
        times = []
        for _ in range(3 if quick else 11):
            times.append(hub.start())
            hub.kill()
    text = (
        f"From starting `hypertoken events serve` until it listens, {len(times)} times after "
        f"SIGKILL, with a log of {gigabytes:.2f} GB.\n\n"
        + table(
            ("", "s"),
            [("median", f"{median(times):.2f}"), ("slowest", f"{max(times):.2f}")],
        )
        + verdicts([("restart with that log, median, s", median(times), -1)], digits=2)
    )
    report("events.restart", text, write=write)


# --- Hooks ---


class Agent:
    """An agent as the original's samples have it."""

    def act(self, observation: Any) -> dict[str, Any]:
        """Always the same."""
        return {"type": "buy", "item": "Abyssal whip", "price": 1_450_000, "quantity": 1}


def hooks(quick: bool, write: bool) -> None:
    """What a hooked call costs, with a hub that listens."""
    with folder() as where:
        hub = Served(where)
        rows, worst = [], 0.0
        cases: dict[str, tuple[Callable[[], Any], str]] = {
            "an agent's act, a dict": (lambda: Agent(), "act"),
            "CartPole of Gymnasium, step": (lambda: gymnasium.make("CartPole-v1"), "step"),
            "CartPole of ours, step": (lambda: gymnasium.make("hypertoken/CartPole-v1"), "step"),
            "16 rows of CartPole, step": (lambda: _vector(16), "step"),
        }
        for name, (make, method) in cases.items():
            plain, hooked = make(), make()
            integration = PPOWebSocketIntegration(hub.url, queue=100_000)
            asyncio.run(integration.connect())
            if method == "act":
                integration.hook_agent(hooked)
            else:
                integration.hook_env(hooked)
            contestants = [Contestant(name, _caller(each, method)) for each in (plain, hooked)]
            race(contestants, Budget.of(quick))
            bare, full = (1e6 / each.rate for each in contestants)
            worst = max(worst, full - bare)
            counts = integration.counts
            asyncio.run(integration.disconnect(timeout=30))
            told = f"{counts['sent']:,} sent, {counts['dropped']:,} dropped"
            rows.append((name, f"{bare:.2f}", f"{full:.2f}", f"{full - bare:.2f}", told))
        hub.kill()
    text = (
        "One call after another, so that the thread which sends takes its share of the interpreter "
        "and is counted in; a queue of 100,000.\n\n"
        + table(("call", "bare, µs", "hooked, µs", "difference, µs", "events"), rows)
        + verdicts([("most that a hook adds to a call, µs", worst, -20)])
    )
    report("events.hooks", text, ("hypertoken", "gymnasium"), write=write)


def _vector(rows: int) -> Any:
    import hypertoken

    return hypertoken.make_vec("CartPole", rows)


def _caller(owner: Any, method: str) -> Any:
    if method == "act":

        def act(count: int) -> float:
            for _ in range(count):
                owner.act(None)
            return count

        return act
    vector = hasattr(owner, "num_envs")
    # Left and right in turns: the pole stands for some forty steps.
    turns: list[Any] = [np.full(owner.num_envs, k) if vector else k for k in (0, 1)]
    owner.reset(seed=SEED)

    def step(count: int) -> float:
        for k in range(count):
            _, _, terminated, truncated, _ = owner.step(turns[k & 1])
            if not vector and (terminated or truncated):
                owner.reset()
        return count

    return step


# --- Emitting ---


def emit(quick: bool, write: bool) -> None:
    """What a step pays for an event."""
    done = subprocess.run(
        java("-cp", str(JAR), "io.hypertoken.bench.EmittedSteps", "5" if quick else "101"),
        capture_output=True,
        text=True,
        check=True,
    )
    told = {
        words[0]: (float(words[1]), float(words[2]))
        for words in map(str.split, done.stdout.splitlines())
    }
    names = {
        "none": "a game that emits nothing",
        "unheard": "it emits, and nobody listens",
        "heard": "it emits to a hub",
    }
    rows = [(name, f"{told[key][0]:.1f}", f"± {told[key][1]:.1f}") for key, name in names.items()]
    unheard = told["unheard"][0] - told["none"][0]
    heard = told["heard"][0] - told["none"][0]
    text = (
        "64 rows on one thread, one price update a row-step; taking turns.\n\n"
        + table(("step", "ns a row-step", "spread"), rows)
        + verdicts(
            [
                ("emitting when nobody listens, ns an event", unheard, -max(2.0, told["none"][1])),
                ("emitting to a hub, µs an event", heard / 1e3, -1),
            ],
            digits=2,
        )
    )
    report("events.emit", text, write=write)


PARTS = {
    "log": log,
    "fanout": fanout,
    "killed": killed,
    "restart": restart,
    "hooks": hooks,
    "emit": emit,
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="hypertoken bench events", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be repeated")
    args = parser.parse_args()
    for name in args.only or PARTS:
        PARTS[name](args.quick, not args.quick)


if __name__ == "__main__":
    main()
