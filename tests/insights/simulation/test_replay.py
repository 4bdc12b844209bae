"""A past that is replayed comes to what the services made of it, to the point."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import yaml

from fiel.domain.deciding import Rulebook
from fiel.domain.document import read_document
from fiel.domain.program import Event
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.history import Clock, History, Span
from fiel.insights.simulation.outcome import Outcome
from fiel.insights.simulation.replay import Replay
from fiel.ledger.accounts import Place
from fiel.platform.database import Database
from tests.insights.simulation.lived import Lived

pytestmark = pytest.mark.anyio

CAST = ("ana", "berta", "carla")
HONOURED = (Event.BIRTHDAY, Event.ANNIVERSARY)
OPENS = datetime(2025, 1, 7, 9, tzinfo=UTC)


def replayed(lived: Lived, document: str | None = None, **behaviour: Any) -> Outcome:
    program = read_document(document).program if document else lived.program
    with columns_of_arrow(lived.tables()) as columns:
        history = History(
            columns, Span(), per_major=program.currency.minor_per_major, clock=Clock.AS_TOLD
        )
        return Replay(Rulebook.of(program), history, Behaviour(**behaviour)).run()


def of_ledger(lived: Lived, moved: dict[tuple[str, str, int, int], int]) -> dict[str, Any]:
    """What the ledger says of each member and unit, as an outcome would."""
    told: dict[str, Any] = {}
    for (name, unit, debit, credit), points in moved.items():
        sums = told.setdefault(f"{name} {unit}", dict.fromkeys(NAMES, 0))
        if debit == Place.ISSUED:
            sums["issued"] += points
        if credit == Place.ISSUED:
            sums["taken_back"] += points
        if debit == Place.UNCOLLECTED:
            sums["taken_back"] -= points
        if credit == Place.REDEEMED:
            sums["redeemed"] += points
        if debit == Place.REDEEMED:
            sums["redeemed"] -= points
        if credit == Place.EXPIRED:
            sums["expired"] += points
        if credit < 10:
            sums["outstanding"] += points
        if debit < 10:
            sums["outstanding"] -= points
    return told


NAMES = ("issued", "taken_back", "redeemed", "expired", "outstanding")


def of_replay(lived: Lived, outcome: Outcome) -> dict[str, Any]:
    told = {}
    for place, name in enumerate(lived.members):
        for unit, points in outcome.units.items():
            sums = {each: int(getattr(points, each)[place]) for each in NAMES}
            if any(sums.values()):
                told[f"{name} {unit}"] = sums
    return told


def random_program(random: Random) -> dict[str, Any]:
    """A program that uses a bit of everything."""
    pick = random.choice
    earn: list[dict[str, Any]] = [
        {"id": "base", "event": "sale",
         "give": {"points": pick([1, 2, "0.5"]), "per": pick(["1.00", "0.70"])}},
    ]  # fmt: skip
    extras: list[dict[str, Any]] = [
        {"id": "double", "event": "sale", "multiply": pick([2, "1.5", "0.5"]),
         "where": pick(['line.category == "coffee"', 'member.tier == "gold"', "sale.net > 20"])},
        {"id": "big", "event": "sale", "give": {"points": 30}, "where": "sale.net >= 40",
         "limit": {"per_member": 1, "every": pick(["week", "month"])}},
        {"id": "few", "event": "sale", "give": {"points": 25}, "budget": {"points": 120}},
        {"id": "items", "event": "sale", "give": {"points": 3, "per_item": True}},
        {"id": "review", "event": "activity", "activity": "review", "give": {"points": 15}},
        {"id": "welcome", "event": "enrolment", "give": {"points": 50}},
        {"id": "birthday", "event": "birthday", "give": {"points": 40}},
        {"id": "year", "event": "anniversary", "give": {"points": 35}},
        {"id": "regulars", "event": "sale", "give": {"points": 5}, "where": "member.visits >= 3"},
    ]  # fmt: skip
    earn += random.sample(extras, random.randint(1, 6))
    document: dict[str, Any] = {
        "program": "cafe-sol", "name": "Café Sol", "locale": "es", "currency": "EUR",
        "timezone": "Europe/Madrid",
        "units": {"points": {
            "name": {"es": "puntos"}, "value": "0.01",
            "round": pick(["floor", "half_up"]), "round_per": pick(["sale", "line"]),
            "expiry": pick([{"after": "2 months"}, {"inactivity": "45 days"}, {"after": "1 year"}]),
            "pending": pick(["0 days", "14 days"]),
            "negative": pick(["debt", "clamp", "pending_only"]),
            "returns": pick(["recompute", "proportional"]),
        }},
        "stacking": pick(["multiply", "add", "best"]),
        "earn": earn,
        "rewards": [
            {"id": "coffee", "kind": "product", "price": {"points": 40}, "cost": "0.60"},
            {"id": "cake", "kind": "product", "price": {"points": 90}, "cost": "1.50",
             "limit": {"per_member": 1, "every": "month"}},
            {"id": "mug", "kind": "product", "price": {"points": 60}, "cost": "3.00", "stock": 2},
        ],
        "pay_with_points": {"unit": "points", "min": 1, "step": 1, "max_share": 100},
    }  # fmt: skip
    if random.random() < 0.7:
        document["tiers"] = {
            "by": pick(["spend", "points", "visits"]),
            "window": pick(["3 months", "calendar_year"]),
            "levels": [
                {"id": "bronze", "from": 0},
                {"id": "silver", "from": 4, "multiply": "1.25"},
                {"id": "gold", "from": 90, "multiply": 2},
            ],
        }  # fmt: skip
        if document["tiers"]["by"] != "spend":
            document["tiers"] |= {"unit": "points"} if document["tiers"]["by"] == "points" else {}
        if random.random() < 0.6:
            document["tiers"]["downgrade"] = {
                "check": pick(["window_end", "at_once"]), "grace": "5 days",
                "one_step": random.random() < 0.5,
            }  # fmt: skip
    milestones: list[dict[str, Any]] = [
        {"id": "weeks", "of": "streak", "period": "week", "every": 2, "give": {"points": 20}},
        {"id": "tenth", "of": "visits", "every": 4, "give": {"points": 10}},
        {"id": "hundred", "of": "spend", "at": "80.00", "give": {"points": 60}},
        {"id": "cup", "of": "visits", "every": 5, "give": {"reward": "coffee"}},
    ]
    document["milestones"] = random.sample(milestones, random.randint(0, 3))
    return document


async def live(lived: Lived, random: Random) -> datetime:
    """Let half a year of random things happen; when it ends."""
    now = OPENS
    await lived.opens(now)
    for number, name in enumerate(CAST):
        birthday = date(1990, random.randint(1, 12), 1 + number)
        await lived.enrols(name, now + timedelta(minutes=number), birthday=birthday)
    honours = any(rule.event in HONOURED for rule in lived.program.earn)
    sold: list[tuple[str, int]] = []
    for _ in range(40):
        now += timedelta(hours=random.randint(1, 220), seconds=random.randint(0, 3599))
        name = random.choice(CAST)
        if honours:
            await lived.waits_until(now, OPENS)  # else what is due is booked when they come
        what = random.random()
        if what < 0.6:
            lines = [
                {
                    "quantity": random.randint(1, 3),
                    "unit_price": f"{random.randint(100, 2500) / 100:.2f}",
                    "category": random.choice(["coffee", "cake"]),
                }
                for _ in range(random.randint(1, 3))
            ]
            paid = random.choice([0, 0, 0, 20])
            number = await lived.sells(name, lines, now, paid=paid)
            if number is not None:
                sold.append((name, number))
        elif what < 0.7:
            await lived.does(name, random.choice(["review", "survey"]), now)
        elif what < 0.85:
            await lived.redeems(name, random.choice(["coffee", "cake", "mug"]), now)
        elif sold:
            buyer, sale = random.choice(sold)
            told: dict[str, Any] | None = random.choice(
                [None, {"lines": [{"line": 1, "quantity": 1}]}, {"amount": "3.30"}, {"full": True}]
            )
            await lived.takes_back(buyer, sale, told, now)
    return now


@pytest.mark.parametrize("number", range(10))
async def test_a_random_past_under_a_random_program_comes_to_what_the_ledger_says(
    database: Database, number: int
) -> None:
    random = Random(number)
    lived = Lived(database, yaml.safe_dump(random_program(random), allow_unicode=True))
    until = await live(lived, random)
    await lived.waits_until(until, OPENS)

    outcome = replayed(lived)

    assert of_replay(lived, outcome) == of_ledger(lived, await lived.moved())
    tiers = await lived.tiers()
    held = [None if place < 0 else outcome.tiers[place] for place in outcome.tier]
    assert held == [tiers[name] for name in lived.members]
    assert outcome.unmet == 0
    assert (outcome.until, len(outcome.members)) == (until, len(CAST))
