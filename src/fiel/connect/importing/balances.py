"""Balances from a file: what members had elsewhere, lot by lot, with their dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from uuid import UUID

import orjson

from fiel.connect.importing.contents import Record
from fiel.connect.importing.run import Verdict
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid, Refusal
from fiel.domain.time import end_of_day
from fiel.intake.balances import Brought, OpeningBalance, bring_balances
from fiel.intake.recording import Lend
from fiel.members.identity import sought_email
from fiel.members.references import KeyKind, MemberKey, MemberRef
from fiel.programs.versions import Versions

_MOST_POINTS = 10**12
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_FOR_EVER = ("never", "nunca")


@dataclass(frozen=True, slots=True)
class BalancesRoad:
    """Balances: read here, as no other door takes them, and posted as one group."""

    lend: Lend
    versions: Versions
    program_id: UUID
    program: Program
    now: Callable[[], datetime]

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Bring a batch of balances in."""
        now = self.now()
        verdicts: list[Verdict | Refusal | None] = []
        balances: list[OpeningBalance] = []
        for record in batch:
            try:
                balance = read_balance(record, self.program, now)
            except Refusal as refusal:
                verdicts.append(refusal)
            else:
                verdicts.append(None)
                balances.append(balance)
        brought = iter(
            await bring_balances(self.lend, self.versions, self.program_id, balances, now=now)
        )
        return [verdict or _verdict(next(brought)) for verdict in verdicts]


def read_balance(record: Record, program: Program, now: datetime) -> OpeningBalance:
    """Read one record of a file.

    Raises:
        Invalid: names every value that is wrong.
    """
    content, problems = record.content, list[FieldProblem]()
    member = _member(content.get("member"), problems)
    points = _points(content.get("points"), problems)
    earned_at = _instant("earned_at", content.get("earned_at"), problems)
    if earned_at is not None and earned_at > now:
        text = N_("It cannot be in the future.")
        problems.append(FieldProblem("earned_at", "too_late", text))
    lasts = _lasts(content.get("expires_at"), program, problems)
    if isinstance(lasts, datetime) and earned_at is not None and lasts <= earned_at:
        text = N_("Points cannot end before they were earned.")
        problems.append(FieldProblem("expires_at", "too_early", text))
    if problems or member is None or points is None or earned_at is None:
        raise Invalid(N_("Some fields are not valid."), problems=problems)
    unit = content.get("unit")
    return OpeningBalance(
        member=member,
        unit=str(unit) if unit else None,
        points=points,
        earned_at=earned_at,
        lasts=lasts,
        source="import",
        external_id=str(content.get("external_id") or _own_name(content)),
    )


def _own_name(content: dict[str, object]) -> str:
    """Two balances without a name are one when they say the same."""
    written = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return blake2b(written, digest_size=12).hexdigest()


def _member(named: object, problems: list[FieldProblem]) -> MemberRef | None:
    if isinstance(named, dict) and len(named) == 1:
        kind, value = next(iter(named.items()))
        if kind != "id":
            return MemberKey(KeyKind(kind), sought_email(value) if kind == "email" else value)
        try:
            return UUID(value)
        except ValueError:
            pass
    text = N_("A member is named by id, or by external_id, phone, email or card.")
    problems.append(FieldProblem("member", "missing" if not named else "type", text))
    return None


def _points(told: object, problems: list[FieldProblem]) -> int | None:
    text = str(told or "")
    whole = text.removesuffix(".00").removesuffix(".0")
    if not whole.isascii() or not whole.isdigit() or len(whole) > 13:
        problems.append(FieldProblem("points", "format", N_("It must be a whole number.")))
        return None
    points = int(whole)
    if points < 1:
        problems.append(FieldProblem("points", "too_small", N_("It must be greater than 0.")))
    elif points >= _MOST_POINTS:
        limit = {"limit": _MOST_POINTS}
        text = N_("It must be less than {limit}.")
        problems.append(FieldProblem("points", "too_large", text, limit))
    return points


def _instant(name: str, told: object, problems: list[FieldProblem]) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(told or ""))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        text = N_("It must be a time such as “2026-03-01T10:15:00+01:00”.")
        problems.append(FieldProblem(name, "format", text))
        return None
    if instant < _EARLIEST:
        text = N_("It cannot be before {day}.")
        problems.append(FieldProblem(name, "too_early", text, {"day": _EARLIEST.date()}))
    return instant.astimezone(UTC)


def _lasts(told: object, program: Program, problems: list[FieldProblem]) -> datetime | str | None:
    if not told:
        return "program"
    text = str(told)
    if text.casefold() in _FOR_EVER:
        return None
    if len(text) == 10:
        try:
            return end_of_day(date.fromisoformat(text), program.timezone).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    return _instant("expires_at", told, problems)


def _verdict(brought: Brought | Refusal) -> Verdict | Refusal:
    if isinstance(brought, Refusal):
        return brought
    return Verdict.REPEATED if brought.repeated else Verdict.ACCEPTED
