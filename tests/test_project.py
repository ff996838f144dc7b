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
