"""Types of single settings, and the strict model that sections of scenario.yaml are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from splitship.packs.scalars import decimal_of, money_of, text_of, whole_of


def _scalar(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int, float, Decimal)):
        return value
    raise ValueError("expected one plain value")


Money = Annotated[Decimal, BeforeValidator(money_of)]
Number = Annotated[Decimal, BeforeValidator(decimal_of)]
Whole = Annotated[int, BeforeValidator(whole_of)]
Text = Annotated[str, BeforeValidator(text_of)]
Scalar = Annotated[Any, BeforeValidator(_scalar)]


class Strict(BaseModel):
    """A section whose unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)
