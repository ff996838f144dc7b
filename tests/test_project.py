"""The project's own files: dependencies with reasons, locks with hashes, words, nothing of one machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def tracked_texts() -> dict[str, str]:
    """Path to text of every tracked file that is text."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    texts = {}
    for name in filter(None, listed.split("\0")):
        try:
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return texts


def dependencies() -> list[str]:
    """Every requirement of pyproject.toml, development ones included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]


def name_of(requirement: str) -> str:
    """The package's normalised name."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def locked(lock: str) -> dict[str, list[str]]:
    """Package name to its hash options."""
    packages: dict[str, list[str]] = {}
    current = ""
    for line in (ROOT / lock).read_text().splitlines():
        if match := re.match(r"([\w.-]+)==\S+", line):
            current = name_of(match[1])
            packages[current] = []
        elif line.strip().startswith("--hash="):
            packages[current].append(line.strip(" \\"))
    return packages


def test_every_dependency_has_a_reason() -> None:
    """Each requirement in pyproject.toml stands on its own line with a comment that says what it is for."""
    text = (ROOT / "pyproject.toml").read_text()
    for requirement in dependencies():
        line = next(line for line in text.splitlines() if f'"{requirement}"' in line)
        assert re.search(r'",?\s+# \S.{3,}', line), f"{requirement}: say what it is for"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_have_hashes_and_no_addresses(lock: str) -> None:
    """Every package is pinned by SHA-256, and nothing says where it was fetched from."""
    packages = locked(lock)
    assert packages
    for name, hashes in packages.items():
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", option) for option in hashes), name
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_lock_files_hold_every_dependency() -> None:
    """What pyproject.toml asks for is locked, and both files lock the same version of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {name_of(requirement) for requirement in project["dependencies"]} <= set(locked("requirements.lock"))
    assert {name_of(requirement) for requirement in dependencies()} <= set(locked("requirements-dev.lock"))
    pins = [set(re.findall(r"^[\w.-]+==[^\s;\\]+", (ROOT / lock).read_text(), re.M)) for lock in LOCKS]
    assert pins[0] <= pins[1]


def test_licence_is_the_full_text() -> None:
    """The licence that pyproject.toml names is in the repository, whole."""
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


MACHINE = ["/" + folder for folder in ("work/", "root/", "opt/pypi", "opt/wheels", "home/user", "Users/")]


def machine_places(texts: dict[str, str]) -> list[str]:
    """Lines that name a folder of somebody's machine."""
    return [
        f"{name}:{number}: {place}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for place in MACHINE
        if re.search(rf"(?<![\w.-]){re.escape(place)}", line)
    ]


def test_no_file_names_a_folder_of_one_machine() -> None:
    """The repository works wherever it is cloned."""
    assert machine_places(tracked_texts()) == []
    assert machine_places({"planted": "see " + "/" + "root/notes.txt"})  # the search can fail


AVOIDED = re.compile(r"\b(warehouse|parcel)s?\b", re.IGNORECASE)


def avoided_words(texts: dict[str, str]) -> list[str]:
    """Lines with a word that has a better one here, unless they quote somebody."""
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in texts.items()
        if name == "README.md" or name.startswith(("src/", "docs/", "proto/"))
        for number, line in enumerate(text.splitlines(), 1)
        for match in AVOIDED.finditer(line)
        if not re.search(r"[\"“”]|https?:", line)
    ]


def test_texts_use_the_project_s_words() -> None:
    """One word for one thing: node and package, as in the field."""
    assert avoided_words(tracked_texts()) == []
    assert avoided_words({"docs/planted.md": "Each warehouse ships parcels."}) == [
        "docs/planted.md:1: warehouse",
        "docs/planted.md:1: parcels",
    ]


def make_targets() -> list[str]:
    """The targets that `make help` lists."""
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)


def test_makefile_has_the_documented_targets() -> None:
    """Each can be planned by make without running anything."""
    targets = make_targets()
    assert {"setup", "demo", "test", "serve", "lint", "types", "check-all", "proto", "lock", "clean"} <= set(targets)
    for target in targets:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_setup_refuses_an_old_python(tmp_path: Path) -> None:
    """The message names what is needed and how to choose another interpreter."""
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.1" && exit 0\nexit 1\n')
    old.chmod(0o755)
    command = ["make", "-f", str(ROOT / "Makefile"), "setup", f"PYTHON={old}"]
    for name in ("requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text("")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.1" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_continuous_integration_runs_the_same_checks() -> None:
    """.ci/run can be executed and is what `make check-all` is."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "make lint types test" in script.read_text()
    assert re.search(r"^check-all: lint types test ", (ROOT / "Makefile").read_text(), re.M)


def docker_instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def test_dockerfile_copies_what_is_there_and_not_ignored() -> None:
    """Every source of COPY exists and is let through by .dockerignore; the image runs as another user than root."""
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    instructions = docker_instructions()
    known = {
        "FROM",
        "ENV",
        "WORKDIR",
        "COPY",
        "RUN",
        "USER",
        "EXPOSE",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }
    assert {word for word, _ in instructions} <= known
    for word, rest in instructions:
        parts = [part for part in rest.split() if not part.startswith("--")]
        if word == "COPY" and "--from=" not in rest:
            for source in parts[:-1]:
                assert (ROOT / source).exists(), source
                assert source in allowed, f".dockerignore holds {source} back"
    assert [rest for word, rest in instructions if word == "USER"] == ["splitship"]


def test_dockerfile_runs_commands_that_exist() -> None:
    """Entry point, health check and compile step are commands and options of the program."""
    import json

    from typer.testing import CliRunner

    from splitship.cli.app import app

    commands = []
    for word, rest in docker_instructions():
        if word == "RUN" and rest.startswith("splitship "):
            commands.append(rest.split())
        elif word in ("ENTRYPOINT", "CMD"):
            commands.append(json.loads(rest))
        elif word == "HEALTHCHECK":
            commands.append(json.loads(rest.partition(" CMD ")[2]))
    entry = next(command for command in commands if command[:2] == ["splitship", "serve"])
    default = next(command for command in commands if command[0].startswith("--"))
    commands = [command for command in commands if command not in (entry, default)] + [entry + default]
    assert [command[1] for command in commands] == ["doctor", "doctor", "serve"]
    for program, name, *options in commands:
        assert program == "splitship"
        text = CliRunner(env={"COLUMNS": "200"}).invoke(app, [name, "--help"]).stdout
        for option in options:
            assert not option.startswith("--") or option in text, f"{name} has no {option}"
