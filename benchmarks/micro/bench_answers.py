"""What is done with a plan: check it and its bound, turn it into documents, messages and tables."""

from conftest import Measure, Stages
from splitship.check import check_certificate, check_plan
from splitship.packs.documents import plan_document
from splitship.packs.plans import document_text, plan_rows
from splitship.service.answers import answer_parts


def test_check_plan(measure: Measure, pack: Stages) -> None:
    report = measure(check_plan, lambda: (pack.problem, pack.result.plan))
    assert report.is_feasible


def test_check_certificate(measure: Measure, pack: Stages) -> None:
    """The bound recomputed from its prices, two threads."""
    report = measure(check_certificate, lambda: (pack.problem, pack.result.certificate, 2))
    assert report.bound == pack.result.bound


def test_plan_to_message(measure: Measure, pack: Stages) -> None:
    """To the bytes of a whole answer with its certificate, in parts as they are sent."""

    def write() -> int:
        parts = answer_parts(pack.result, request_id="", include_certificate=True, include_events=True)
        return sum(len(part.SerializeToString()) for part in parts)

    assert measure(write) > 0


def test_plan_to_json(measure: Measure, pack: Stages) -> None:
    assert measure(lambda: document_text(plan_document(pack.result)))


def test_plan_to_frame(measure: Measure, pack: Stages) -> None:
    """To a DataFrame, one row a package line."""
    import pandas as pd

    frame = measure(lambda: pd.DataFrame(plan_rows(pack.result)))
    assert frame["quantity"].sum() == pack.result.plan.content_quantity.sum()
