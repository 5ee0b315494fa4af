"""The site's own parts; that every link leads somewhere is for the building of it to say."""

from pathlib import Path

import build
import griffe
import pytest
import reference
from sections import Sections


def test_every_public_name_of_the_package_stands_on_a_page(tmp_path: Path) -> None:
    reference.write(build.ROOT, tmp_path / "reference")

    package = reference.package(build.ROOT)
    shown = "\n".join(page.read_text() for page in (tmp_path / "reference").glob("*.md"))
    missing = [name for name in package.exports or [] if f"::: hypertoken.{name}\n" not in shown]
    assert missing == []
    assert {"sb3", "rllib", "puffer"} <= set(reference.frameworks(package))


def test_a_section_is_seen_without_a_blank_line_above_it() -> None:
    text = "Do it.\n\nArgs:\n    it: what.\nRaises:\n    ValueError: never."
    code = f'def do(it):\n    """{text}"""\n'

    with griffe.temporary_visited_module(
        code, extensions=griffe.load_extensions(Sections)
    ) as module:
        docstring = module["do"].docstring

    assert docstring is not None
    kinds = [section.kind.value for section in docstring.parse("google")]
    assert kinds == ["text", "parameters", "raises"]


def test_a_folder_of_other_files_is_refused_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("years of work")
    monkeypatch.setattr("sys.argv", ["build.py", "--out", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        build.main()

    assert ended.value.code == 2
    assert f"refused --out {tmp_path}; it holds other files, which would be lost" in (
        capsys.readouterr().err
    )
    assert kept.read_text() == "years of work"


def test_a_folder_in_the_navigation_is_its_pages_with_the_readme_first(tmp_path: Path) -> None:
    for name in ("b.md", "README.md", "A.md", "picture.png"):
        (tmp_path / name).write_text("")

    nav = build.expanded([{"Home": "x.md"}, {"All": "./"}], tmp_path)

    assert nav == [{"Home": "x.md"}, {"All": ["./README.md", "./A.md", "./b.md"]}]
