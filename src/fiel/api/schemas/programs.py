"""Answers about the program."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, RootModel


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
