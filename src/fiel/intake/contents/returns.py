"""Bodies about returns."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fiel.domain.language import N_
from fiel.intake.contents.base import Body
from fiel.intake.contents.fields import (
    Cashier,
    ExternalId,
    LongText,
    PositiveAmount,
    Quantity,
    Source,
    Time,
    refuse,
)
from fiel.intake.contents.offline import OfflineBody
from fiel.intake.contents.sales import MOST_LINES

LineNumber = Annotated[int, Field(ge=1, le=MOST_LINES)]

_WAYS = ("lines", "amount", "full")


class LineBackBody(Body):
    """So much of a line comes back; lines count from 1."""

    line: LineNumber
    quantity: Quantity


class ReturnBody(Body):
    """Goods that come back, told by exactly one of lines, amount and full.

    `amount` is the value of what came back, with tax, in the sale's currency.
    """

    external_id: ExternalId | None = None
    source: Source = ""
    occurred_at: Time | None = None
    lines: list[LineBackBody] | None = Field(default=None, min_length=1, max_length=MOST_LINES)
    amount: PositiveAmount | None = None
    full: Literal[True] | None = None
    reason: LongText = ""
    cashier: Cashier = ""
    offline: Annotated[OfflineBody | None, Field(exclude_if=lambda told: told is None)] = None

    @model_validator(mode="after")
    def _told_in_one_way(self) -> Self:
        if sum(getattr(self, way) is not None for way in _WAYS) != 1:
            refuse("one_of", N_("Tell what came back by exactly one of lines, amount and full."))
        return self


class NamedReturnBody(ReturnBody):
    """Goods that come back of a sale that is told by its name, perhaps before the sale itself.

    `source` qualifies both names.
    """

    sale_external_id: ExternalId
