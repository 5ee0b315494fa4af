"""Ctrl-C, threads and the end of the process: a call is whole, or it has not happened.

What is judged is a digest: of a vector that nobody interrupted, played with the same actions.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zlib
from typing import Any

import numpy as np
import pytest

import hypertoken
from hypertoken import ServerManager
from hypertoken.errors import BadActionError, BadStepError, EpisodeOverError

MANY = 400_000


def start(code: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start Python code in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for its end; returns exit code, output, errors."""
    out, errors = process.communicate(timeout=120)
    return process.returncode, out, errors


def interrupt_until_its_end(process: subprocess.Popen[str], seed: int, most: float) -> int:
    """Send SIGINT at random moments from the line "ready" on; returns how often."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    moments, sent = random.Random(seed), 0
    while True:
        try:
            process.wait(moments.uniform(0, most))
            return sent
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            sent += 1


ARMED = """
    import signal

    armed = False  # else Ctrl-C would also end what the test itself does about Ctrl-C

    def stop(number, frame):
        if armed:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    print("ready", flush=True)
    """

INTERRUPTED_VECTOR = """
    import sys, zlib
    import numpy as np
    import hypertoken
    from hypertoken.errors import BadStepError

    rows, steps = int(sys.argv[1]), int(sys.argv[2])
    kinds = np.random.default_rng(0).integers(0, 2, (steps, rows), dtype=np.int64)

    def shown(out):
        return zlib.crc32(out[0]) ^ zlib.crc32(out[1].tobytes()) ^ zlib.crc32(out[2])

    envs = hypertoken.make_vec("CartPole", rows)
    envs.reset(seed=1)
    told, k, asked, out, interrupts = [0] * steps, 0, False, None, 0
    while k < steps:
        try:
            try:
                armed = True
                if out is None:
                    if asked:
                        out = envs.recv()
                    elif k % 3:
                        asked = True
                        out = envs.step(kinds[k])
                    else:
                        asked = True
                        envs.send(kinds[k])
                        out = envs.recv()
                told[k] = shown(out)
                k, asked, out = k + 1, False, None
            finally:
                armed = False
        except KeyboardInterrupt:
            interrupts += 1
        except BadStepError as nothing:
            assert "nothing to receive" in str(nothing), nothing
            asked = False
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    twin = hypertoken.make_vec("CartPole", rows)
    twin.reset(seed=1)
    wrong = [k for k in range(steps) if shown(twin.step(kinds[k])) != told[k]]
    print(interrupts, wrong[:3])
    """

INTERRUPTED_ENV = """
    import hypertoken

    env, twin = hypertoken.make("CartPole"), hypertoken.make("CartPole")
    env.reset(seed=1)
    begun, k, told = True, 0, 0
    while told < 30:
        try:
            try:
                armed = True
                if not begun:
                    env.reset(seed=1)
                    begun, k = True, 0
                env.step(k & 1)
                k, begun = k + 1, k < 7  # before any episode ends
            finally:
                armed = False
        except KeyboardInterrupt as stopped:
            notes = "".join(getattr(stopped, "__notes__", ()))
            if begun and notes:
                told += 1
                twin.reset(seed=1)
                for j in range(k + ("plays this step to its end" in notes)):
                    twin.step(j & 1)
                if env.snapshot() != twin.snapshot():
                    print(k, notes)
            begun = False
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    """


INTERRUPTED_GAME = """
    import sys
    import hypertoken
    from hypertoken.errors import BadStepError

    turns = sys.argv[1] == "turns"

    def make():
        if turns:
            return hypertoken.aec_env("tic-tac-toe")
        return hypertoken.parallel_env("iterated-prisoners-dilemma")

    def play(env, k):
        if not turns:
            shown = env.step({agent: (k + number) % 2 for number, agent in enumerate(env.agents)})
            return {agent: seen.tobytes() for agent, seen in shown[0].items()}, shown[1]
        _, _, terminated, truncated, info = env.last()
        env.step(None if terminated or truncated else int(info["action_mask"].argmax()))
        return env.agent_selection, dict(env.rewards), dict(env.terminations)

    twin = make()
    twin.reset(seed=1)
    expected = []
    while twin.agents and len(expected) < 30:
        expected.append(play(twin, len(expected)))
    env, k, reset, lost, interrupts = make(), 0, False, False, 0
    while interrupts < 200:
        try:
            try:
                armed = True
                if not reset:
                    env.reset(seed=1)
                    k, reset, lost = 0, True, False
                told = play(env, k) if not lost or not turns else env.step(0)
                k, reset, right = k + 1, k + 1 < len(expected), told == expected[k]
            finally:
                armed = False
            if lost or not right:
                print(k, lost, told)
        except KeyboardInterrupt as stopped:
            interrupts += 1
            notes = "".join(getattr(stopped, "__notes__", ()))
            if "to its end" in notes:
                lost = True
            elif "has not played" not in notes:  # between the steps, or in a reset
                reset = False
        except BadStepError as refused:
            assert lost and "lost its place; a step was interrupted" in str(refused), refused
            reset = False
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    """


@pytest.mark.parametrize(("rows", "steps", "most"), [(MANY, 24, 0.03), (16, 1500, 0.002)])
def test_interrupted_steps_are_played_once_with_their_own_actions(
    rows: int, steps: int, most: float
) -> None:
    process = start(ARMED + INTERRUPTED_VECTOR, str(rows), str(steps))

    interrupt_until_its_end(process, seed=7, most=most)

    code, out, errors = ended(process)
    assert (code, errors) == (0, "")
    interrupts, wrong = out.split(maxsplit=1)
    assert int(interrupts) > 2
    assert wrong == "[]\n", f"of {interrupts} interrupts, steps {wrong} were other than the twin's"


def test_an_interrupted_single_step_says_whether_it_was_played() -> None:
    process = start(ARMED + INTERRUPTED_ENV)

    interrupt_until_its_end(process, seed=3, most=0.01)

    assert ended(process) == (0, "", "")


@pytest.mark.parametrize(
    ("end", "code", "says"),
    [
        ("raise SystemExit(5)", 5, ""),
        ("raise ValueError('lost')", 1, "ValueError: lost"),
        ("envs.recv(); threading.Thread(target=loop, daemon=True).start(); time.sleep(0.1)", 0, ""),
        ("threading.Thread(target=envs.recv).start()", 0, ""),
        ("del envs; sys.exit(6)", 6, ""),
        ("envs.close(); sys.exit(7)", 7, ""),
        ("os._exit(8)", 8, ""),
    ],
)
def test_the_process_ends_as_it_should_while_java_steps(end: str, code: int, says: str) -> None:
    told = ended(
        start(
            f"""
            import os, sys, threading, time
            import numpy as np
            import hypertoken

            rows = {MANY}
            envs = hypertoken.make_vec("CartPole", rows, threads=2)
            envs.reset(seed=1)

            def loop():
                while True:
                    envs.step(np.zeros(rows, int))

            envs.send(np.zeros(rows, int))
            {end}
            """
        )
    )

    assert told[:2] == (code, "")
    assert says in told[2] if says else told[2] == ""


def test_an_interrupt_that_ends_the_process_is_told_and_waits_for_java(own_jar: str) -> None:
    process = start(
        """
        import os
        import numpy as np
        import hypertoken
        envs = hypertoken.make_vec("snail", 2, millis=800, jars=os.environ["JAR"])
        envs.reset()
        envs.step(np.array([0, 0]))
        print("ready", flush=True)
        envs.step(np.array([1, 1]))
        """,
        JAR=own_jar,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.2)  # a moment in which it steps; any other is as good

    process.send_signal(signal.SIGINT)

    code, _, errors = ended(process)
    assert code == -signal.SIGINT
    assert "KeyboardInterrupt" in errors


def test_a_worker_process_ends_in_the_middle_of_a_step() -> None:
    told = ended(
        start(
            """
            import multiprocessing, sys
            import numpy as np
            import hypertoken

            def work():
                envs = hypertoken.make_vec("CartPole", 100_000)
                envs.reset(seed=1)
                envs.send(np.zeros(100_000, int))
                sys.exit(3)

            if __name__ == "__main__":
                import __main__
                sys.modules["__main__"].__spec__ = None
                workers = [multiprocessing.get_context("fork").Process(target=work) for _ in "ab"]
                for worker in workers:
                    worker.start()
                for worker in workers:
                    worker.join()
                print([worker.exitcode for worker in workers])
            """
        )
    )

    assert told == (0, "[3, 3]\n", "")


@pytest.mark.parametrize("rows", [1, 600])
def test_a_viewer_in_another_thread_costs_no_step(rows: int, own_jar: str) -> None:
    """It drew by the words that a step reads: the step was lost, and the drawing stepped."""
    env: Any
    if rows == 1:
        env = hypertoken.make("cards", render_mode="ansi", jars=own_jar)
        twin: Any = hypertoken.make("cards", jars=own_jar)
        actions: Any = 0
    else:
        env = hypertoken.make_vec("CartPole", rows, render_mode="ansi")
        twin = hypertoken.make_vec("CartPole", rows)
        actions = np.zeros(rows, np.int64)
    env.reset(seed=1)
    twin.reset(seed=1)
    stopping, drawn = threading.Event(), []

    def view() -> None:
        while not stopping.is_set():
            drawn.append(env.render())

    viewer = threading.Thread(target=view)
    viewer.start()
    try:
        deadline = time.monotonic() + 20
        steps = 0
        while (steps < 300 or len(drawn) < 20) and time.monotonic() < deadline:
            shown, expected = env.step(actions), twin.step(actions)
            assert np.array_equal(shown[0], expected[0])
            steps += 1
            if rows == 1 and (shown[2] or shown[3]):
                env.reset(), twin.reset()
    finally:
        stopping.set()
        viewer.join()

    assert len(drawn) >= 20
    assert steps >= 300


@pytest.mark.parametrize("rows", [1, 16, MANY])
def test_two_threads_that_step_are_served_one_at_a_time(rows: int) -> None:
    """Each step is of one thread's actions alone, and each thread gets its own step's result."""
    envs, twin = (hypertoken.make_vec("CartPole", rows) for _ in range(2))
    envs.reset(seed=1)
    twin.reset(seed=1)
    steps = 5 if rows == MANY else 100
    told: dict[tuple[int, int], bool] = {}

    def play(kind: int) -> None:
        actions = np.full(rows, kind)
        while len(told) < steps:
            try:
                shown = envs.step(actions)
                told[kind, _sum(shown)] = True
            except BadStepError:
                time.sleep(0.0001 * kind)

    threads = [threading.Thread(target=play, args=(kind,)) for kind in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # In whatever order they were let in, some order explains every result.
    history: list[int] = []
    while told:
        for kind in range(2):
            twin.reset(seed=1)
            for played in [*history, kind]:
                shown = twin.step(np.full(rows, played))
            if told.pop((kind, _sum(shown)), False):
                history.append(kind)
                break
        else:
            pytest.fail(f"no order explains {told} after {history}")


def _sum(shown: Any) -> int:
    return zlib.crc32(shown[0]) ^ zlib.crc32(shown[1])


def test_closing_in_one_thread_while_another_steps_ends_both_well() -> None:
    told = ended(
        start(
            """
            import threading, sys
            import numpy as np
            import hypertoken
            from hypertoken.errors import EpisodeOverError

            over = []
            for round in range(12):
                rows = 60_000 if round % 2 else 64
                envs = hypertoken.make_vec("CartPole", rows, threads=2)
                envs.reset(seed=1)
                begun = threading.Event()

                def loop():
                    try:
                        while True:
                            assert len(envs.step(np.zeros(rows, int))[0]) == rows
                            begun.set()
                    except EpisodeOverError as closed:
                        over.append(str(closed))

                stepping = threading.Thread(target=loop)
                stepping.start()
                begun.wait()
                envs.close()
                stepping.join()
            print(len(over), set(over))
            """
        )
    )

    assert told == (
        0,
        "12 {'CartPole-v1 cannot be used any more; it was closed; make another'}\n",
        "",
    )


@pytest.mark.parametrize("rows", [1, 2000])
def test_a_signal_handler_may_close_what_it_interrupts_and_end_the_process(rows: int) -> None:
    process = start(
        f"""
        import signal, sys
        import numpy as np
        import hypertoken
        from hypertoken.errors import BadStepError

        envs = hypertoken.make_vec("CartPole", {rows}, render_mode="ansi")
        envs.reset(seed=1)

        def leave(number, frame):
            try:
                envs.render()
            except BadStepError as inside:
                assert "from inside one of its own calls" in str(inside)
            envs.close()
            sys.exit(9)

        signal.signal(signal.SIGTERM, leave)
        print("ready", flush=True)
        while True:
            envs.step(np.zeros({rows}, int))
        """
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(random.Random(rows).uniform(0, 0.1))

    process.send_signal(signal.SIGTERM)

    assert ended(process) == (9, "", "")


def test_a_sent_step_keeps_its_actions_and_its_memory_whatever_is_called() -> None:
    rows = MANY
    envs, twin = (hypertoken.make_vec("CartPole", rows) for _ in range(2))
    envs.reset(seed=1)
    twin.reset(seed=1)
    left, right = np.zeros(rows, np.int64), np.ones(rows, np.int64)

    envs.send(left)
    for refused in (lambda: envs.step(right), lambda: envs.send(right), lambda: envs.reset(seed=9)):
        with pytest.raises(BadStepError, match="a step is under way; send\\(\\) began it"):
            refused()

    assert _sum(envs.recv()) == _sum(twin.step(left))
    with pytest.raises(BadStepError, match="nothing to receive"):
        envs.recv()
    envs.send(left)
    envs.close()
    with pytest.raises(EpisodeOverError):
        envs.recv()


@pytest.mark.parametrize("kind", ["turns", "rounds"])
def test_a_game_that_was_interrupted_in_a_turn_is_reset_before_it_goes_on(kind: str) -> None:
    """What a turn changed stands in Python too: a half of it would be another game."""
    process = start(ARMED + INTERRUPTED_GAME, kind)

    interrupt_until_its_end(process, seed=1, most=0.004)

    assert ended(process) == (0, "", "")


class StopsOnce:
    """Plays the first legal action, but is interrupted at its n-th turn."""

    def __init__(self, turn: int) -> None:
        self.left = turn

    def __call__(self, agent: str, observation: Any, mask: Any) -> int:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        return int(np.flatnonzero(mask)[0])


@pytest.mark.parametrize("where", ["in process", "over the wire"])
def test_a_seat_interrupted_while_the_others_play_never_plays_for_them(
    where: str, server: ServerManager
) -> None:
    url = server.url if where == "over the wire" else None
    env = hypertoken.make("tic-tac-toe", url=url, others=StopsOnce(2), illegal="strict")
    env.reset(seed=1)
    env.step(4)
    with pytest.raises(KeyboardInterrupt):
        env.step(8)

    with pytest.raises(BadStepError, match="it may not be the turn of player_1; call reset"):
        env.step(2)

    fresh = hypertoken.make("tic-tac-toe", others="first", illegal="strict")
    told = []
    for game in (env, fresh):
        game.reset(seed=1)
        with pytest.raises(BadActionError):
            game.step(11)
        told.append([game.step(action)[0].tolist() for action in (4, 8)])
        game.close()
    assert told[0] == told[1]


def test_a_seat_interrupted_in_a_reset_is_reset_again() -> None:
    env = hypertoken.make("tic-tac-toe", agent="player_2", others=StopsOnce(3))
    env.reset(seed=1)
    env.step(4)
    with pytest.raises(KeyboardInterrupt):
        env.reset()

    with pytest.raises(BadStepError, match="call reset"):
        env.step(5)

    env.reset(seed=1)
    assert not env.step(4)[2]
    env.close()
