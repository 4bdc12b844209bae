"""Members of whom a sales file told the number and nothing else: a members' file tells the rest.

Whoever bought before anybody was enrolled is a member since the first sale. Her history, her
points and her first day stay; what is written is what a change of the member would write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson

from fiel.domain.refusal import NotFound, Refusal
from fiel.intake.enrolling import Enrolment, enrolment_item
from fiel.intake.groups import ExternalIdReused
from fiel.intake.recording import Lend
from fiel.ledger.posting import Recorded
from fiel.ledger.recorded import activities_named
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.change import change_member, changed_person, locked_member
from fiel.members.records import Person

type Content = Mapping[str, object]

_FACTS = ("name", "email", "phone", "card", "birthday", "consents", "attributes")


def bought_first(kind: str, name: str, first_at: datetime) -> dict[str, object]:
    """All that is told of a member by the sales of a file: who bought, and since when."""
    return {kind: name, "joined_at": first_at.astimezone(UTC).isoformat()}


def told_as(content: Content) -> bytes:
    """A member's content as it is told from another one's."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


async def fill_in(
    lend: Lend,
    program_id: UUID,
    enrolments: Sequence[Enrolment],
    answers: Sequence[bool | Refusal],
) -> list[bool | Refusal]:
    """The answers to enrolments, where those who are known by their number alone are filled in.

    Each answer tells whether all of it was known before, or refuses.
    """
    filled = list(answers)
    places = [
        place for place, answer in enumerate(answers)
        if isinstance(answer, ExternalIdReused) and enrolments[place].referred_by is None
    ]  # fmt: skip
    if not places:
        return filled
    async with lend() as connection:
        names = [enrolment_item(enrolments[place], None).name for place in places]
        async with program_transaction(connection, program_id):
            known = await activities_named(connection, program_id, [one for one in names if one])
        for place, name in zip(places, names, strict=True):
            earlier = known.get(name) if name else None
            if earlier is None or not _is_by_sale(enrolments[place], earlier):
                continue
            person = enrolments[place].person
            try:
                async with program_transaction(connection, program_id):
                    answer = await _fill(connection, program_id, earlier.member_id, person)
            except NotFound:
                continue  # erased: the number stays hers
            except Refusal as refusal:
                filled[place] = refusal
                continue
            if answer is not None:
                filled[place] = answer
    return filled


def _is_by_sale(enrolment: Enrolment, earlier: Recorded) -> bool:
    """Whether what was recorded earlier is the enrolment that the sales of a file made."""
    number = enrolment.person.external_id
    assert number is not None, "it was found by its number"
    content = bought_first("external_id", number, earlier.occurred_at)
    made = enrolment_item(replace(enrolment, told=told_as(content)), None)
    return made.understood.fingerprint == earlier.fingerprint


async def _fill(
    connection: Connection, program_id: UUID, member_id: UUID, person: Person
) -> bool | None:
    """Whether all of it was known; None where something else is known, and nothing is written.

    Raises:
        NotFound: the member is there no more.
        MemberExists: another member has the phone, the e-mail or the card.
    """
    before = (await locked_member(connection, program_id, member_id)).person
    if before.external_id != person.external_id:
        return None  # merged into somebody who has another number
    changes = {fact: told for fact in _FACTS if (told := getattr(person, fact))}
    if changed_person(before, changes) == before:
        return True
    if before != Person(external_id=before.external_id):
        return None
    await change_member(connection, program_id=program_id, member_id=member_id, changes=changes)
    return False
