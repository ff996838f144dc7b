"""`splitship report`: pages from solved and from saved answers, and words for what cannot be."""

import pytest


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A plan of the pack worked by hand."""
    from pathlib import Path

    from splitship.domain import SolveOptions
    from splitship.packs import read_pack
    from splitship.packs.plans import write_plan
    from splitship.run import solve

    pack = read_pack(Path(__file__).resolve().parents[2] / "scenarios" / "hello")
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    write_plan(path, solve(pack.problem(), SolveOptions(gap=0.0, time_limit_s=30)))
    return path


def test_a_report_is_written_and_says_where(run, hello, tmp_path):
    ran = run("report", hello, "--out", tmp_path / "day.html", "--xlsx", tmp_path / "day.xlsx", "--gap", "0")
    assert ran.code == 0, ran.err
    assert ran.out == ""
    assert "report of 1 scenario saved in" in ran.err
    page = (tmp_path / "day.html").read_text()
    assert "No plan costs less than 87.50 USD" in page
    assert "--scenario baseline --gap 0.0 --out" in page
    assert (tmp_path / "day.xlsx").exists()


def test_the_same_command_writes_the_same_bytes(run, hello, tmp_path):
    path = tmp_path / "day.html"
    seen = []
    for _ in range(2):
        assert run("report", hello, "--out", path, "--title", "A day").code == 0
        seen.append(path.read_bytes())
    assert seen[0] == seen[1]
    assert b"<h1>A day</h1>" in seen[0]


def test_a_saved_plan_takes_the_place_of_a_solve(run, hello, saved, tmp_path):
    path = tmp_path / "day.html"
    ran = run("report", hello, "--plan", f"baseline={saved}", "--out", path, "--time-limit", "0")
    assert ran.code == 0, ran.err
    page = path.read_text()
    assert "Certified." in page
    assert "87.50" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "day.pdf"), "ends in .html"),
        (("--out", "day.html", "--xlsx", "day.csv"), "ends in .xlsx"),
        (("--out", "nowhere/day.html"), "no folder"),
        (("--out", "day.html", "--scenario", "nope"), "no scenario 'nope'"),
        (("--out", "day.html", "--scenario", "baseline", "--scenario", "baseline"), "twice"),
        (("--out", "day.html", "--plan", "plan.json"), "NAME=FILE"),
        (("--out", "day.html", "--plan", "baseline=none.json"), "no file"),
        (("--out", "day.html", "--plan", "baseline=a", "--plan", "baseline=b"), "two plans"),
        (("--out", "day.html", "--gap", "nan"), "--gap"),
        (("--out", "."), "html"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(run, hello, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    ran = run("report", hello, *arguments)
    assert ran.code == 2, ran.err
    assert words in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_plan_of_another_pack_is_refused(run, saved, tmp_path):
    from pathlib import Path

    other = Path(__file__).resolve().parents[2] / "scenarios" / "us-retail"
    ran = run("report", other, "--plan", f"baseline={saved}", "--out", tmp_path / "day.html")
    assert ran.code == 3
    assert not (tmp_path / "day.html").exists()


def test_the_help_has_examples(run):
    ran = run("report", "--help")
    assert ran.code == 0
    assert "splitship report scenarios/us-retail --out day.html" in ran.out
