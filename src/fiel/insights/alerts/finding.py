"""What was found: what is unusual, about whom, since when, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fiel.insights.reporting.report import Say, Statement

SURE_ENOUGH = 0.99  # that it is no accident, all that was looked at considered
SURE_ENOUGH_OF_DRIFT = 0.999  # figures are looked at every day, which is many chances to err
_SUREST = 0.9999  # nothing that was measured is surer


class Kind(StrEnum):
    """What an alert is about."""

    ISSUANCE = "issuance"
    REDEMPTION = "redemption"
    LIABILITY = "liability"
    STORE = "store"
    BUDGET = "budget"
    CASHIER = "cashier"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something unusual: of a `kind`, about a `subject` (a unit, store, rule or cashier).

    `pattern` names what is unusual, `about` the member it concerns, if any; `usual` and `now` are
    what it was and is, `sure` how certain it is that chance alone did not make it.
    """

    kind: Kind
    pattern: str
    subject: str
    since: date
    usual: float | None
    now: float
    sure: float
    text: Say
    about: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking came to; `statements` say what could not be looked at."""

    findings: tuple[Finding, ...] = ()
    statements: tuple[Statement, ...] = field(default_factory=tuple)


def sureness(chance: float, looked_at: int) -> float:
    """How sure something is that comes by chance so rarely, when so many were looked at."""
    return min(_SUREST, max(0.0, 1.0 - chance * looked_at))
