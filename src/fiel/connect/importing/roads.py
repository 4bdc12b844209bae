"""What records of a file go through: the same reading and recording as at every other door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from fiel.connect.importing.contents import Record
from fiel.connect.importing.known_by_number import fill_in, told_as
from fiel.connect.importing.reading import MemberContent, read_member, read_sale
from fiel.connect.importing.run import Verdict
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.intake.asking import Ask, Outcome
from fiel.intake.contents.sales import SaleBody
from fiel.intake.enrolling import Enrolment
from fiel.intake.enrolling_many import enrol_members
from fiel.intake.recording import Lend, Recorder
from fiel.intake.sales import understood_sale
from fiel.ledger.ids import new_id
from fiel.members.references import MemberKey
from fiel.programs.versions import Versions

type Content = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SalesRoad:
    """Sales: read as at every door, recorded as one group."""

    recorder: Recorder
    program_id: UUID
    now: Callable[[], datetime]

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Record a batch of sales."""
        now = self.now()
        verdicts: list[Verdict | Refusal | None] = []
        asks: list[Ask] = []
        for record in batch:
            try:
                content = read_sale(record.content)
            except Refusal as refusal:
                verdicts.append(refusal)
            else:
                verdicts.append(None)
                asks.append(sale_ask(content, now))
        outcomes = iter(await self.recorder.record_all(self.program_id, asks) if asks else ())
        return [verdict or _verdict(next(outcomes)) for verdict in verdicts]


def sale_ask(content: SaleBody, now: datetime) -> Ask:
    """A sale's content as what waits to be recorded."""
    return Ask(
        kind="sale",
        member=content.member,
        understand=partial(understood_sale, content),
        now=now,
        source=content.source,
        external_id=content.external_id,
    )


@dataclass(frozen=True, slots=True)
class MembersRoad:
    """Members: enrolled with what the program gives for joining.

    Whoever is known by the number of past sales alone is filled in.
    """

    lend: Lend
    versions: Versions
    program_id: UUID
    program: Program
    now: Callable[[], datetime]

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Enrol a batch of members."""
        now = self.now()
        verdicts: list[Verdict | Refusal | None] = []
        enrolments: list[Enrolment] = []
        for record in batch:
            try:
                content = read_member(record.content, self.program, now)
            except Refusal as refusal:
                verdicts.append(refusal)
            else:
                verdicts.append(None)
                enrolments.append(enrolment(record.content, content, now))
        answers: list[bool | Refusal] = []
        for some in _unlike_each_other(enrolments):
            enrolled = await enrol_members(self.lend, self.versions, self.program_id, some)
            answers += await fill_in(self.lend, self.program_id, some, enrolled)
        told = iter(answers)
        return [verdict or _enrolled(next(told)) for verdict in verdicts]


def _unlike_each_other(enrolments: Sequence[Enrolment]) -> Iterator[Sequence[Enrolment]]:
    """Runs of people of whom no two share a key: of two who do, the first gets it."""
    some: list[Enrolment] = []
    taken: set[MemberKey] = set()
    for one in enrolments:
        keys = one.person.keys()
        if not taken.isdisjoint(keys):
            yield some
            some, taken = [], set()
        some.append(one)
        taken.update(keys)
    if some:
        yield some


def _enrolled(answer: bool | Refusal) -> Verdict | Refusal:
    if isinstance(answer, Refusal):
        return answer
    return Verdict.REPEATED if answer else Verdict.ACCEPTED


def enrolment(told: Content, content: MemberContent, now: datetime) -> Enrolment:
    """A member's content as one who asks to join."""
    return Enrolment(
        id=new_id(),
        person=content.person,
        told=told_as(told),
        now=now,
        source=content.source,
        referred_by=content.referred_by,
        joined_at=content.joined_at,
    )


def _verdict(outcome: Outcome | Exception) -> Verdict | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    if isinstance(outcome, Exception):
        raise outcome
    return Verdict.REPEATED if outcome.repeated else Verdict.ACCEPTED
