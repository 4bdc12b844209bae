"""Answers about what is foretold of a member."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.reports import Definition, Statement


class Taste(BaseModel):
    """A reward that members took, or a category that they bought of."""

    of: Literal["reward", "category"]
    id: str


class Suggestion(BaseModel):
    """What to offer next: of `members` who share the taste `because` so many `took` it.

    Without a taste that says more than what all took, `because` is null and the members are all.
    """

    of: Literal["reward", "category"]
    id: str
    because: Taste | None
    took: int
    members: int
    share: float
    share_of_all: float
    reason: str


class BackTest(BaseModel):
    """The same forecast of all members, made without the last `days`, beside what happened.

    `error_of_a_member` is by how many purchases it was off for a member in the mean, and
    `error_if_all_went_on` the same of a forecast that everybody goes on as before.
    """

    days: int
    members: int
    foretold: float
    happened: int
    off: float | None
    error_of_a_member: float
    error_if_all_went_on: float


class Prediction(BaseModel):
    """What is foretold of a member for the `days` after `until`; null cannot be said.

    `risk` is the chance, of a hundred, that the member does not buy once, `customer` that of not
    having left for good.
    """

    member: UUID
    until: date
    days: int
    as_of: datetime | None
    purchases: int
    last_purchase: date | None
    risk: float | None
    customer: float | None
    purchases_expected: float | None
    spend_per_purchase: Decimal | None
    spend_expected: Decimal | None
    next: list[Suggestion]
    back_test: BackTest | None
    statements: list[Statement]
    definitions: list[Definition]
