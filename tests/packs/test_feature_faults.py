"""Every fault of the network's features: planted once, told with its place, code and remedy."""

from pathlib import Path

import pytest
from feature_pack import TABLES, read_with_features, write_folder
from planted_features import PLANTED_FEATURES, WARNED_FEATURES

from splitship.errors import PackError
from splitship.packs import read_pack

Tables = dict[str, str]


def test_pack_of_all_features_is_clean(tmp_path: Path) -> None:
    """The pack in which faults are planted has none itself; of its forecast it says what uses it."""
    _, findings = read_with_features(write_folder(TABLES, tmp_path / "pack"))
    assert [str(finding) for finding in findings.listed()] == [
        "forecast.csv: warning[W623] no effect on a plan: the forecast is used by splitship forecast-prices only"
    ]


@pytest.mark.parametrize(("tables", "expected"), PLANTED_FEATURES, ids=[text[:60] for _, text in PLANTED_FEATURES])
def test_feature_fault_is_told_with_its_place_when_planted(tmp_path: Path, tables: Tables, expected: str) -> None:
    """One change to a good pack, one finding, whether the features are switched on or not."""
    folder = write_folder(tables, tmp_path / "pack")
    with pytest.raises(PackError) as caught:
        read_with_features(folder)
    faults = [str(finding) for finding in caught.value.findings if finding.severity == "error"]
    assert len(faults) == 1, faults
    assert expected in faults[0]
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert faults[0] in str(refused.value)


@pytest.mark.parametrize(("tables", "expected"), WARNED_FEATURES, ids=[text[:60] for _, text in WARNED_FEATURES])
def test_feature_warning_is_told_with_its_place_when_planted(tmp_path: Path, tables: Tables, expected: str) -> None:
    """A warning does not stop the pack."""
    folder = write_folder(tables, tmp_path / "pack")
    _, findings = read_with_features(folder)
    (told,) = [finding for finding in findings.listed() if finding.where != "forecast.csv"]
    assert expected in str(told)
    assert any(expected in str(warning) for warning in read_pack(folder).warnings)


@pytest.mark.parametrize("table", ["nodes", "skus", "services", "orders", "order_lines"])
def test_features_tell_nothing_of_what_an_unreadable_table_should_hold(tmp_path: Path, table: str) -> None:
    """A base table that cannot be read is one fault, not one for each row that refers to it."""
    folder = write_folder(TABLES, tmp_path / "pack")
    (folder / f"{table}.csv").write_bytes(b"\xff\n")
    with pytest.raises(PackError) as caught:
        read_with_features(folder)
    faults = [finding.code for finding in caught.value.findings if finding.severity == "error"]
    assert faults == ["E101"]
