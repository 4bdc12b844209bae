"""Answers about reports."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Definition(BaseModel):
    """What a figure of the report means."""

    id: str
    name: str
    text: str


class Statement(BaseModel):
    """What cannot be said and what is needed for it, what is assumed, or what to know."""

    code: str
    detail: str


class Report(BaseModel):
    """A report: beside its head each of its tables, a list of rows under the table's id.

    `from` and `to` are days of the program's zone, both included; everything recorded up to
    `as_of` is in it. Money is told in decimals of `currency`, percentages count hundredths.
    """

    model_config = ConfigDict(extra="allow")

    report: str
    title: str
    program: str
    currency: str
    from_: date | None = Field(alias="from")
    to: date | None
    as_of: datetime | None
    definitions: list[Definition]
    statements: list[Statement]


class ReportName(BaseModel):
    """A report that can be asked for, with what narrows it."""

    name: str
    title: str
    options: list[str]


class ReportList(BaseModel):
    """The reports there are."""

    data: list[ReportName]
