"""Answers about the program."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field, RootModel


class ProgramDocument(RootModel[dict[str, Any]]):
    """The program document; its keys are described in the reference of the document."""


class Finding(BaseModel):
    """Something to know about a document, where it stands and what to do about it."""

    severity: str
    path: str
    line: int
    column: int
    code: str
    detail: str
    remedy: str


class Check(BaseModel):
    """Whether a document can be published, and everything there is to say about it."""

    ok: bool
    findings: list[Finding]


class Figure(RootModel[dict[str, float | int | str | None]]):
    """Figures of a finding by their names: money in decimals, shares in percent."""


class ReviewFinding(BaseModel):
    """Something that the review found, with its figures and what to do about it.

    `measured` says whether the figures come from the merchant's own sales.
    """

    mistake: str
    code: str
    weight: str
    path: str
    detail: str
    proposal: str
    measured: bool
    figures: Figure


class ReviewStatement(BaseModel):
    """What the review cannot say, and what is needed for it."""

    code: str
    detail: str


class Review(BaseModel):
    """A document read against the five mistakes, on the sales of some days."""

    from_: date | None = Field(alias="from")
    to: date | None
    findings: list[ReviewFinding]
    statements: list[ReviewStatement]


class UnitEconomics(BaseModel):
    """What one unit is worth and costs at the most, in major units, and in percent of sales."""

    unit: str
    worth: str | None
    cost: str | None
    return_percent: float | None
    cost_percent: float | None
    measured: bool


class RewardEconomics(BaseModel):
    """What a point is worth and costs when it is redeemed for a reward."""

    reward: str
    unit: str
    price: int
    worth_of_point: str | None
    cost_of_point: str | None


class Economics(BaseModel):
    """What a program gives back and costs, in percent of net sales to members."""

    return_percent: float | None
    cost_percent: float | None
    margin_percent: float | None
    break_even_lift_percent: float | None
    units: list[UnitEconomics]
    rewards: list[RewardEconomics]


class Reviewed(Check):
    """Whether a document can be published, and what it would come to if it can."""

    review: Review | None = None
    economics: Economics | None = None


class Draft(Check):
    """A draft that was saved, and what publishing would say of it."""

    saved_at: datetime


class Publication(BaseModel):
    """The version now in force; `difference` is empty when the document says nothing new."""

    version: int
    difference: list[dict[str, Any]]
    findings: list[Finding]


class Version(BaseModel):
    """A version that was published."""

    version: int
    author: str
    published_at: datetime
    difference: list[dict[str, Any]]


class VersionList(BaseModel):
    """A part of the list, newest first."""

    data: list[Version]
    next_cursor: str | None
