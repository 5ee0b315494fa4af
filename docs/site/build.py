"""Builds the site: the guides, the environments' pages, the Python reference and the Javadoc.

    ./hypertoken docs --site [--out DIR]

The pages are laid out in a folder of their own as they lie in the checkout, with every file that
they link to: so a link leads to the same thing there as where it is written. What the code knows
(`reference.py`) is added, and MkDocs makes HTML of it, refusing whatever leads nowhere.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import reference
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "bench/*.md", "docs/**/*.md")
LINK = re.compile(r"\]\(([^)#\s]+)")


def linked(page: Path) -> Iterable[Path]:
    """The files of the checkout that a page links to."""
    for target in LINK.findall(page.read_text()):
        file = Path(os.path.normpath(page.parent / target))
        if "://" not in target and file.is_file() and file.is_relative_to(ROOT):
            yield file


def lay_out(folder: Path) -> None:
    """Copy the pages, and whatever they link to, as they lie in the checkout."""
    waiting = [page for pattern in PAGES for page in ROOT.glob(pattern)]
    seen = set()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
        if file.suffix == ".md":
            waiting += linked(file)
    shutil.copy(HERE / "site.css", folder)


def expanded(nav: Any, folder: Path) -> Any:
    """The navigation with each folder in it replaced by its pages, README.md or index.md first."""
    if isinstance(nav, list):
        return [expanded(entry, folder) for entry in nav]
    if isinstance(nav, dict):
        return {title: expanded(entry, folder) for title, entry in nav.items()}
    if not nav.endswith("/"):
        return nav
    pages = sorted(
        (page for page in (folder / nav).glob("*.md")),
        key=lambda page: (page.stem not in ("README", "index"), page.stem.lower()),
    )
    return [f"{nav}{page.name}" for page in pages]


def configured(folder: Path, out: Path) -> Path:
    """Write the configuration for pages that lie in `folder`; returns its file."""
    config = yaml.safe_load((HERE / "mkdocs.yml").read_text())
    config["docs_dir"], config["site_dir"] = folder.name, os.path.relpath(out, folder.parent)
    config["nav"] = expanded(config["nav"], folder)
    for plugin in config["plugins"]:
        if isinstance(plugin, dict) and "mkdocstrings" in plugin:
            python = plugin["mkdocstrings"]["handlers"]["python"]
            python["paths"] = [str(ROOT / "python")]
            python["options"]["extensions"] = [str(HERE / "sections.py")]
    file = folder.with_suffix(".yml")
    file.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
    return file


def is_ours(out: Path) -> bool:
    """Whether a folder may be emptied for the site: it is empty, new, or holds an earlier site."""
    return (
        not out.exists() or not any(out.iterdir()) or (out / "reference" / "index.html").is_file()
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="hypertoken docs --site", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "target" / "site", metavar="DIR")
    out = parser.parse_args().out.resolve()
    if not is_ours(out):
        parser.error(
            f"refused --out {out}; it holds other files, which would be lost; name an empty folder"
        )
    folder = ROOT / "target" / "site-pages"
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(folder)
    reference.write(ROOT, folder / "reference")
    reference.javadoc(ROOT, folder / "java")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--config-file", configured(folder, out)],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    if built.returncode == 0:
        print(f"the site is in {out}; open {out / 'index.html'}")
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
