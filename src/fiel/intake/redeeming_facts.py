"""What the conditions of rewards may ask about a member."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fiel.domain.member import MemberFacts
from fiel.domain.program import Program, Reward
from fiel.ledger.books import Book
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.members.facts import PersonFacts, ask_people

_ABOUT_PEOPLE = ("member.birthday_month", "member.attributes")


async def facts_for(
    connection: Connection,
    place: Place,
    book: Book,
    program: Program,
    rewards: Iterable[Reward],
    now: datetime,
) -> MemberFacts:
    """The facts of a member that the conditions of these rewards read."""
    person = None
    if any(_is_about_person(reward) for reward in rewards):
        trip = Trip(connection)
        asked = ask_people(trip, place.program_id, place.shard, [book.member_id])
        await trip.go()
        person = asked.read().get(book.member_id)
    return member_facts(book, person, program, now)


def member_facts(
    book: Book, person: PersonFacts | None, program: Program, now: datetime
) -> MemberFacts:
    """A member as rules see one, by what the book and the person tell."""
    standing, zone = book.standing, program.timezone
    joined = standing.joined_at.astimezone(zone).date()
    return MemberFacts(
        tier=standing.tier,
        joined_days=(now.astimezone(zone).date() - joined).days,
        birthday_month=person.birthday.month if person and person.birthday else 0,
        segments=tuple(standing.segments),
        attributes=person.attributes if person else {},
        spend=standing.spend,
        visits=standing.visits,
    )


def available_in(book: Book) -> dict[str, int]:
    """What can be spent of each unit."""
    return {unit: account.available for unit, account in book.accounts.items()}


def _is_about_person(reward: Reward) -> bool:
    reads = reward.where.reads if reward.where else ()
    return any(name.startswith(_ABOUT_PEOPLE) for name in reads)
