"""The soak: its figures, its sharing of time, and a minute of it against the built server."""

import math
import os
import signal
import subprocess
from pathlib import Path
from random import Random
from threading import Event

import numpy as np
import pytest
from hypertoken.remote.wire import FrameWriter, Layout
from soak import plan, report, wire
from soak.figures import quantile, rise
from soak.stuck_steps import crc32c
from soak.trial import Phase, Trial

COMMAND = Path(__file__).resolve().parent.parent / "hypertoken"


def trial(name: str = "quiet", least_seconds: float = 1.0) -> Trial:
    phase = Phase(name, "nobody", "nothing", lambda _: None, 1, least_seconds)
    return Trial(phase, 1.0, Random(1), Path(), Path(), Event())


def test_a_peak_and_a_collection_are_flat_and_a_leak_is_not() -> None:
    noise = np.random.default_rng(1).uniform(0, 1, 300)
    peak, leak = noise.copy(), noise + np.linspace(0, 30, 300)
    peak[40:50] += 500
    peak[250:260] -= 500

    assert abs(rise(list(peak))) < 0.2
    assert rise(list(leak)) == pytest.approx(20, abs=0.5)
    assert math.isnan(rise([1.0, 2.0]))


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(k) for k in range(1000, 0, -1)]

    assert quantile(values, 0.5) == 501
    assert quantile(values, 0.99) == 991
    assert quantile(values, 1.0) == 1000
    assert math.isnan(quantile([], 0.5))


def test_time_is_shared_out_and_the_phases_beside_take_none() -> None:
    seconds = plan.share(plan.PHASES, 10)

    in_turn = [phase for phase in plan.PHASES if not phase.beside]
    total = sum(seconds[phase.name] + plan.OVERHEAD_SECONDS for phase in in_turn)
    assert total == pytest.approx(600)
    assert seconds["half-open"] == plan.chosen("half-open")[0].least_seconds
    assert all(plan.share([phase], 0.01)[phase.name] == phase.least_seconds for phase in in_turn)


def test_a_figure_that_could_not_be_taken_is_none_within_its_bound() -> None:
    asked = trial()
    asked.expect_at_most("sessions", 5, 5)
    asked.expect_at_most("memory rose by", float("nan"), 100, " MB")

    assert [finding.kept for finding in asked.findings] == [True, False]
    assert not asked.passed
    assert not trial().passed, "a phase that expected nothing has shown nothing"


def test_the_table_shows_what_was_not_kept_and_what_could_not_run() -> None:
    failed, passed, lacking = trial("crowd"), trial("steady"), trial("half-open")
    failed.expect_at_most("memory rose by", 120, 100, " MB")
    passed.expect_at_most("memory rose by", 20, 100, " MB")
    lacking.not_run = "not run: needs root and unshare"

    shown = [
        " ".join(line.split()) for line in report.summary([failed, passed, lacking]).splitlines()
    ]

    assert shown == [
        "phase result seconds peak MB figures",
        "crowd FAIL – – ✗ memory rose by 120 MB (≤ 100)",
        "steady PASS – – memory rose by 20 MB (≤ 100)",
        "half-open not run – – not run: needs root and unshare",
    ]


def test_a_batch_of_the_bare_socket_is_the_frame_of_the_package() -> None:
    columns = [
        {"name": "seeds", "dtype": "int64", "shape": [3], "offset": 0, "bytes": 24},
        {"name": "mask", "dtype": "uint8", "shape": [3], "offset": 64, "bytes": 3},
    ]
    layout = Layout.parse({"reset": columns, "step": [], "reply": []})
    writer = FrameWriter(wire.RESET, layout.reset)
    writer.columns["mask"][...] = 1

    assert wire.batch(wire.RESET, columns) == wire.frame(wire.BINARY, writer.pack(1, 0))


def test_the_checksum_is_that_of_the_rfc() -> None:
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"123456789") == 0xE3069283


@pytest.mark.parametrize(("size", "head"), [(5, 6), (125, 6), (126, 8), (65_535, 8), (65_536, 14)])
def test_a_frame_of_any_length_has_the_header_for_it(size: int, head: int) -> None:
    assert len(wire.frame(wire.TEXT, bytes(size))) == head + size


def soak(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, "soak", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_what_it_does_not_know_is_refused_by_a_line_that_says_what_there_is() -> None:
    unknown, timeless = soak("--only", "steady,storm"), soak("--minutes", "0")

    assert unknown.communicate(timeout=300) == (
        "",
        "hypertoken soak: no phase storm; there are: steady, slow-readers, half-open, stuck-steps, "
        "handshakes, hoarding, opens, owners, killed, crowd\n",
    )
    assert timeless.communicate(timeout=300)[1] == (
        "hypertoken soak: --minutes 0 is no time; pass 1 or more\n"
    )
    assert (unknown.returncode, timeless.returncode) == (2, 2)


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.parent.name))
    return found


def test_ctrl_c_ends_the_server_and_the_bystanders_and_shows_what_was_measured() -> None:
    process = soak("--minutes", "5", "--only", "killed", "--seed", "1")
    assert process.stdout is not None
    while " killed " not in (line := process.stdout.readline()):
        assert line, process.communicate()[1]
    started = children(process.pid)

    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "not run to its end: it was stopped" in output
    assert output.endswith("Stopped; the servers are ended.\n")
    assert len(started) >= 2
    assert [child for child in started if Path(f"/proc/{child}").exists()] == []


def test_a_minute_of_it_passes() -> None:
    full = os.environ.get("HYPERTOKEN_TEST_FULL") == "1"
    phases = [phase.name for phase in plan.PHASES] if full else ["steady", "owners", "killed"]
    process = soak("--minutes", "1" if full else "0.3", "--only", ",".join(phases), "--seed", "1")

    output, errors = process.communicate(timeout=300)

    assert process.returncode == 0, output + errors
    assert output.endswith("\nPASS: flat, and nobody else noticed.\n")
    for phase in phases:
        assert f"\n{phase} " in output
