"""Records: one line each, appended whole, read back as they were, on again after a kill."""

import pytest

from splitship.errors import UsageError
from splitship_bench.records import Record, RecordFile, read_records


def record(**changes):
    base = {
        "suite": "s", "instance": "i", "instance_sha256": "ab", "contender": "c", "kind": "ours", "version": "1",
        "options": {"gap": 0.01}, "seed": 1, "threads": 2, "limit_s": 5.0, "repeat": 0, "status": "OPTIMAL",
    }  # fmt: skip
    return Record(**(base | changes))


def test_record_comes_back_the_same_from_its_line():
    """Text and back keeps every field, incumbents as tuples, None as None."""
    one = record(incumbents=[(0.5, None, 7), (1.0, 12, 8)], objective=12, seconds={"total": 1.25}, verified=True)
    assert Record.from_json(one.to_json()) == one


def test_file_has_a_line_a_record_and_knows_what_is_done(tmp_path):
    """Appending keeps what is there; a new RecordFile on the same path knows both runs."""
    path = tmp_path / "new" / "r.jsonl"
    file = RecordFile(path)
    file.append(record())
    file.append(record(repeat=1))
    assert path.read_text().count("\n") == 2
    assert RecordFile(path).done == {("s", "i", "c", 0), ("s", "i", "c", 1)}


@pytest.mark.parametrize("cut", [1, 20, 150])
def test_file_drops_a_line_cut_off_by_a_kill_and_goes_on(tmp_path, cut):
    """Half a record at the end is no record: it is removed, and the next one starts on a line of its own."""
    path = tmp_path / "r.jsonl"
    RecordFile(path).append(record())
    whole = path.read_text()
    path.write_text(whole + record(repeat=1).to_json()[:cut])
    assert [each.repeat for each in read_records([path])] == [0]
    file = RecordFile(path)
    assert path.read_text() == whole
    file.append(record(repeat=2))
    assert [each.repeat for each in read_records([path])] == [0, 2]


def test_file_keeps_a_whole_last_line_without_its_end(tmp_path):
    """A record whose newline was lost is whole: it is kept and gets its newline."""
    path = tmp_path / "r.jsonl"
    path.write_text(record().to_json())
    file = RecordFile(path)
    file.append(record(repeat=1))
    assert [each.repeat for each in read_records([path])] == [0, 1]


@pytest.mark.parametrize(
    "line", ["{}", "nonsense", '{"schema": 2}', '{"schema": 1, "suite": "s"}', '{"schema": 1, "surprise": 1}', "[]"]
)
def test_reading_names_file_and_line_of_what_is_no_record(tmp_path, line):
    """A bad line in the middle is an error with its number; nothing is skipped silently."""
    path = tmp_path / "r.jsonl"
    path.write_text(record().to_json() + "\n" + line + "\n" + record().to_json() + "\n")
    with pytest.raises(UsageError, match=r"r\.jsonl:2: "):
        read_records([path])


def test_reading_a_missing_file_is_a_clear_error(tmp_path):
    """The message names the file."""
    with pytest.raises(UsageError, match=r"none\.jsonl: No such file"):
        read_records([tmp_path / "none.jsonl"])
