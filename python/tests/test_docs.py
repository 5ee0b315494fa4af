"""What the documentation shows is what happens: its snippets run, in order, page by page.

- A `python` block runs; the blocks of a page share their names. `ws://localhost:9999` is the test's
  server, `ws://localhost:5178` its hub, and a training is shorter. A `text` block behind it is what
  it prints.
- A `console` block's `$ ./hypertoken ...` lines run; what stands below is their output.
- In expected output `…` stands for anything.
- `<!-- not run: why -->` before a block says why it does not run.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import gymnasium
import pytest

from hypertoken import HyperTokenClient, ServerManager, errors

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "python" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<why>.+?) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
ANYTHING = "…"
HUB = "ws://localhost:5178"

pytestmark = pytest.mark.server


@dataclass(frozen=True)
class Block:
    kind: str
    text: str
    line: int
    printed: str | None


def blocks_of(page: Path) -> Iterator[Block]:
    """The blocks of a page that run, each with the output that stands behind it."""
    text = page.read_text()
    matches = list(BLOCK.finditer(text))
    for match, following in zip_longest(matches, matches[1:]):
        if match["why"] or match["kind"] not in ("python", "console"):
            continue
        printed = None
        if match["kind"] == "python" and following and following["kind"] == "text":
            between = text[match.end() : following.start()].strip()
            printed = following["text"] if between in ("", "prints") else None
        line = text[: match.start("text")].count("\n") + 1
        yield Block(match["kind"], match["text"], line, printed)


def page_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def require_like(told: str, expected: str) -> None:
    pattern = ".*?".join(re.escape(part) for part in expected.strip().split(ANYTHING))
    assert re.fullmatch(pattern, told.strip(), re.S), f"printed:\n{told}\nexpected:\n{expected}"


def run_python(block: Block, page: Path, names: dict[str, Any], addresses: dict[str, str]) -> None:
    text = block.text.replace("50_000", "2_048")
    for documented, real in addresses.items():
        text = text.replace(documented, real)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile("\n" * (block.line - 1) + text, str(page), "exec"), names)
    if block.printed is not None:
        require_like(out.getvalue(), block.printed)


def run_console(block: Block) -> None:
    for entry in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        command, _, expected = entry.partition("\n")
        assert command.startswith("./hypertoken "), command
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        require_like(done.stdout + (done.stderr if done.returncode else ""), expected)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.is_file() and list(blocks_of(page))], ids=page_name
)
def test_a_page_shows_what_happens(
    page: Path,
    server: ServerManager,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = {"ws://localhost:9999": server.url}
    if HUB in page.read_text():
        addresses[HUB] = request.getfixturevalue("events_hub").url
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(page):
        try:
            if block.kind == "python":
                run_python(block, page, names, addresses)
            else:
                run_console(block)
        except (Exception, SystemExit) as failure:
            failure.add_note(f"in {page_name(page)}, the block at line {block.line}")
            raise


def test_every_link_inside_the_documentation_leads_somewhere() -> None:
    broken = [
        f"{page_name(page)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_readmes_table_says_what_gymnasium_has_under_the_same_id() -> None:
    rows = re.findall(r"^\| \[`([\w-]+)`\].*\| (yes)? \|$", (ROOT / "README.md").read_text(), re.M)

    assert rows
    assert {id: said == "yes" for id, said in rows} == {
        id: id in gymnasium.registry for id, _ in rows
    }


def test_every_error_code_has_its_class_and_every_class_its_code() -> None:
    page = (ROOT / "docs" / "error-codes.md").read_text()
    documented = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.M))

    assert documented
    assert {code: type(errors.error_for(code, "")).__name__ for code in documented} == documented


def test_operations_names_every_metric_and_no_other(server: ServerManager) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    metrics = server.url.replace("ws://", "http://") + "/metrics"
    # Counters with labels show themselves from their first count on.
    with HyperTokenClient(server.url) as client, pytest.raises(errors.UnknownCommandError):
        client.call({"cmd": "nothing"})
    foreign = urllib.request.Request(metrics, headers={"Origin": "https://example.org"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(foreign)
    with urllib.request.urlopen(metrics) as reply:
        told = reply.read().decode()

    assert set(re.findall(r"^\| `(hypertoken_\w+)", page, re.M)) == set(
        re.findall(r"^# TYPE (\w+)", told, re.M)
    )


def test_the_protocol_names_every_command_and_no_other(server: ServerManager) -> None:
    page = (ROOT / "docs" / "protocol.md").read_text()
    tables = re.findall(r"^\| command \|.*?(?=\n\n)", page, re.M | re.S)
    cells = [row.split("|")[1] for table in tables for row in table.splitlines()[2:]]
    tabled = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}

    with urllib.request.urlopen(server.url.replace("ws://", "http://") + "/metrics") as reply:
        told = reply.read().decode()
    known = set(re.findall(r'hypertoken_messages_total\{command="(\w+)"', told))
    known -= {"batch", "unknown"}

    assert tabled <= known
    assert known <= set(re.findall(r"`(\w+)`", page))
