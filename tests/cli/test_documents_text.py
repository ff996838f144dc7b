"""docs/documents.md shows the documents as they are."""

import json
import re
from pathlib import Path

import handmade_result
import hello_plan
import pytest
from program import Run

from splitship.packs.documents import summary_document

ROOT = Path(__file__).resolve().parents[2]


def shown() -> dict[str, dict]:
    """The JSON examples of the page by schema."""
    text = (ROOT / "docs" / "documents.md").read_text()
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S)]
    return {example["schema"]: example for example in examples}


def keys(value: object) -> object:
    """The keys of an object and of the objects in it, in their order."""
    return {key: keys(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def test_summary_is_shown_as_it_is() -> None:
    """Keys and their order, at every level; units by reason depend on the answer."""
    document = summary_document(handmade_result.result())
    example = shown()["splitship.summary/1"]
    assert json.dumps(keys(example)) == json.dumps(keys(document))


@pytest.mark.parametrize("name", ["splitship.check/1", "splitship.findings/1"])
def test_verdict_and_findings_are_shown_as_they_are(run: Run, hello: Path, tmp_path: Path, name: str) -> None:
    """Keys and their order at the top, and of the elements of lists."""
    if name == "splitship.check/1":
        (tmp_path / "plan.json").write_text(json.dumps(hello_plan.document(objective="1.00")))
        document = run("check", hello, tmp_path / "plan.json", "-o", "json").json
        lists = ["violations"]
    else:
        document = run("validate", tmp_path, "-o", "json").json
        lists = ["findings"]
    example = shown()[name]
    assert list(example) == list(document)
    for part in lists:
        assert list(example[part][0]) == list(document[part][0])
    for part in ("cost", "certificate", "counts", "seconds"):
        assert list(example.get(part, {})) == list(document.get(part, {}))


def test_every_exit_code_is_named() -> None:
    """The page lists the codes that errors lead to."""
    from splitship import errors

    text = (ROOT / "docs" / "documents.md").read_text()
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.M)}
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.SplitshipError)
    }
    assert raised | {0, 1, 130} == listed
