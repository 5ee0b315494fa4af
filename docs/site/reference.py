"""Writes the pages of the reference: the Python package's public names, and the Javadoc."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import griffe

# A room of the package, what its page is called, and what it is for; all other names are tools.
ROOMS = {
    "making": ("Making environments", "What you call first, in this process or for a server."),
    "envs": ("Environments", "What is made: Gymnasium's and PettingZoo's classes."),
    "transports": ("Batches", "An environment's columns, wherever it runs."),
    "remote": ("Servers and clients", "Starting a server, and speaking to one."),
}
TOOLS = ("Tools", "Small things beside.")
# Of core's packages the one that only our own kernels use is left out.
PRIVATE = ("io.hypertoken.simd",)


def write(root: Path, folder: Path) -> None:
    """Write a page for each room of the Python package, each framework, the errors, and Java.

    Args:
        root: the checkout.
        folder: where the pages go; `../java` will hold the Javadoc.
    """
    folder.mkdir(parents=True)
    loaded = package(root)
    rooms = public_names(loaded)
    listed = ["# Reference", "", "## Python", ""]
    for room, names in rooms.items():
        title, purpose = ROOMS.get(room, TOOLS)
        listed.append(_page(folder, title, purpose, (f"hypertoken.{name}" for name in names)))
    for name in (*frameworks(loaded), "errors"):
        module = loaded[name]
        purpose = module.docstring.value.split("\n\n")[0].replace("\n", " ")
        listed.append(_page(folder, f"hypertoken.{name}", purpose, [module.path]))
    listed += ["", "## Java", "", "| package | |", "|---|---|"]
    listed += [
        f"| [`{name}`](../java/{name.replace('.', '/')}/package-summary.html) | {about} |"
        for name, about in packages(root)
    ]
    (folder / "index.md").write_text("\n".join(listed) + "\n")


def package(root: Path) -> griffe.Module:
    """The Python package, read and not imported: it may want frameworks that are not there."""
    # Not by a relative path: the launcher is called hypertoken too.
    loaded = griffe.load("hypertoken", search_paths=[root / "python"], try_relative_path=False)
    if not isinstance(loaded, griffe.Module):
        raise TypeError(f"{root / 'python'} holds no package hypertoken")
    return loaded


def public_names(loaded: griffe.Module) -> dict[str, list[str]]:
    """The public names of the package by the room they live in, in the order of `ROOMS`."""
    found = defaultdict(list)
    for name in loaded.exports or []:
        room = loaded[str(name)].target_path.split(".")[1]
        found[room if room in ROOMS else ""].append(str(name))
    return {room: found[room] for room in (*ROOMS, "") if found[room]}


def frameworks(loaded: griffe.Module) -> list[str]:
    """The modules on top that say what they export: one for each framework or service."""
    return sorted(name for name, module in loaded.modules.items() if module.exports)


def _page(folder: Path, title: str, purpose: str, paths: Iterable[str]) -> str:
    """Write a page that shows these objects; returns the line that lists it."""
    file = re.sub(r"\W+", "-", title.removeprefix("hypertoken.").lower()) + ".md"
    shown = "\n\n".join(f"::: {path}" for path in paths)
    (folder / file).write_text(f"# {title}\n\n{purpose}\n\n{shown}\n")
    return f"- [{title}]({file}): {purpose}"


def packages(root: Path) -> list[tuple[str, str]]:
    """Each public Java package, with the first sentence of what it says of itself."""
    found = []
    for file in sorted((root / "core/src/main/java").rglob("package-info.java")):
        text = file.read_text()
        name = re.search(r"^package ([\w.]+);", text, re.M)
        about = re.search(r"^///\s*(.+)", text, re.M)
        if name is None or about is None:
            raise ValueError(f"{file} does not say what its package is")
        if name[1] not in PRIVATE:
            found.append((name[1], about[1]))
    return found


def javadoc(root: Path, folder: Path) -> None:
    """Let the JDK's own tool document core's public packages, offline.

    Args:
        root: the checkout, with a built jar: it holds what core's classes refer to.
        folder: where the pages go.
    """
    subprocess.run(
        [
            Path(os.environ["JAVA_HOME"], "bin", "javadoc"),
            *("-quiet", "-Werror", "-Xdoclint:all,-missing"),
            *("-encoding", "UTF-8", "-docencoding", "UTF-8", "-locale", "en"),
            *("-notimestamp", "--no-fonts", "-nohelp", "-notree"),
            *("-doctitle", "HyperToken", "-windowtitle", "HyperToken"),
            *("-header", '<a href="{@docRoot}/../index.html">HyperToken</a>'),
            *("--add-stylesheet", Path(__file__).with_name("javadoc.css")),
            *("-sourcepath", root / "core/src/main/java"),
            *("-classpath", root / "app/target/hypertoken.jar"),
            *("-d", folder),
            *(name for name, _ in packages(root)),
        ],
        check=True,
    )
