"""What callers ask after the question mark."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fiel.api.cursors import LONGEST
from fiel.intake.contents.base import LONGEST_NAME
from fiel.intake.contents.fields import DayOrTime, Moment

DEFAULT_PAGE = 50
LARGEST_PAGE = 500
MOST_CODES_TOLD = 10_000

Sought = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]


class Question(BaseModel):
    """A query that knows all its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lookup(Question):
    """A list of none or one takes a `limit` as every list does, though it never needs one."""

    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE)


class FindMember(Lookup):
    """By what a member is looked up: exactly one of these."""

    external_id: Sought | None = None
    phone: Sought | None = None
    email: Sought | None = None
    card: Sought | None = None


class FindSale(Lookup):
    """The name of a sale."""

    external_id: Sought
    source: Annotated[str, StringConstraints(max_length=100)] = ""


class Page(Question):
    """Which part of a list."""

    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE)
    cursor: str | None = Field(None, max_length=LONGEST)


class Catalogue(Question):
    """For whom the catalogue is asked: nobody, or one member by one name."""

    member: UUID | None = None
    external_id: Sought | None = None
    phone: Sought | None = None
    email: Sought | None = None
    card: Sought | None = None


class OfMember(Page):
    """Whose list, and which part of it."""

    member: UUID


class AtTime(Question):
    """As of a moment; now when left out."""

    at: Moment | None = None


class LotsAt(Page):
    """Which part of the lots, as of a moment; now when left out."""

    at: Moment | None = None


class Explained(AtTime):
    """Which unit's balance is to be explained, as of a moment; all of them when left out."""

    unit: Sought | None = None


class StatementTime(Question):
    """From when to when: days, both included, or moments, the last not included."""

    from_: DayOrTime | None = Field(None, alias="from")
    to: DayOrTime | None = None


class Events(Question):
    """Which events: those after the `sequence` of one, or after a cursor of an earlier answer."""

    after: str | None = Field(None, max_length=LONGEST)
    cursor: str | None = Field(None, max_length=LONGEST)
    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE)


class ReportTime(Question):
    """From which day to which, both included, and what narrows the report.

    Not every report can be narrowed by everything. `table` is the one that CSV tells.
    """

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    every: Sought | None = None
    store: Sought | None = None
    channel: Sought | None = None
    segment: Sought | None = None
    tier: Sought | None = None
    unit: Sought | None = None
    promotion: Sought | None = None
    table: Sought | None = None


class Simulate(Question):
    """On which days of the past, both included, and how members redeem.

    `behaviour` is `observed`, `never`, `eager`, `eager:CHANCE` or `eager:CHANCE:CHOICE`; `grid`
    names places of the document with the values to try there, with semicolons between:
    `earn.base.give.points=1,2;tiers.levels.silver.from=300,500`.
    """

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    behaviour: Annotated[str, StringConstraints(min_length=1, max_length=50)] = "observed"
    grid: Annotated[str, StringConstraints(max_length=2000)] = ""


class ToReview(Question):
    """Whether a document is also reviewed, which takes as long as its past is."""

    review: bool = True


class CodesOfBatch(Question):
    """Which codes: those of a batch, by its id or name."""

    batch: Sought
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MOST_CODES_TOLD)
    cursor: str | None = Field(None, max_length=LONGEST)
