"""The plan of a launch comes of the program, and is ticked by what happens."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fiel.domain.document import read_program
from fiel.domain.refusal import Invalid, NotFound
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.launching.facts import what_happened
from fiel.programs.launching.keeping import LAUNCH as LAUNCH_DAY
from fiel.programs.launching.keeping import (
    LaunchPlan,
    add_step,
    change_step,
    drop_step,
    launch_plan,
    tick_by_facts,
    tick_step,
)
from fiel.programs.launching.planning import BY_FACTS, launch_day, steps_of
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio

LAUNCH = date(2026, 3, 16)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BARE = """\
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units: {points: {name: puntos}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
"""


def test_a_plan_has_what_the_program_promises():
    bare = {step.code for step in steps_of(read_program(BARE))}
    more = BARE + (
        "rewards:\n  - {id: coffee, kind: product, price: {points: 50}}\n"
        "  - {id: tasting, kind: event, price: {points: 300}, stock: 12}\n"
        "referral: {referrer: {points: 200}, friend: {points: 100}}\n"
    )
    promised = {step.code for step in steps_of(read_program(more))}
    assert promised - bare == {"stock", "events", "referral"}
    assert set(BY_FACTS) <= bare


def test_steps_stand_in_the_order_of_their_days():
    days = [step.due(LAUNCH) for step in steps_of(read_program(CAFE_SOL))]
    assert days == sorted(days)
    assert days[0] == date(2026, 3, 2)  # two weeks before


def codes(plan: LaunchPlan) -> set[str]:
    return {step.code for step in plan.steps}


@pytest.mark.parametrize(
    ("begins", "launch"),
    [(None, date(2026, 3, 16)), (date(2026, 3, 2), date(2026, 3, 9)),
     (date(2026, 4, 1), date(2026, 4, 1))],
    ids=["not yet", "at once", "in a month"],
)  # fmt: skip
def test_a_launch_leaves_a_week_to_get_ready(begins: date | None, launch: date):
    assert launch_day(NOW.date(), begins=begins) == launch


def test_a_launch_that_comes_soon_spreads_what_comes_before_it():
    since, launch = date(2026, 3, 2), date(2026, 3, 9)
    days = {step.code: step.due(launch, since) for step in steps_of(read_program(BARE))}
    assert days["review"] == since + timedelta(days=1)  # not on the very day it was begun
    assert days["till"] == date(2026, 3, 6)  # half of seven days before
    assert days["materials"] == date(2026, 3, 7)
    assert days["training"] == date(2026, 3, 8)
    assert days["announcement"] == launch
    assert min(days.values()) > since


async def test_whoever_chooses_another_day_moves_the_steps_but_those_with_a_day_of_their_own(
    database: Database,
):
    till = Till(database)
    await till.publishes(BARE, now=NOW)
    program_id, program = till.program_id, read_program(BARE)
    chosen = date(2026, 3, 30)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await change_step(connection, program_id, "training", owner="", due=NOW.date())
        await change_step(connection, program_id, LAUNCH_DAY, owner="", due=chosen)
        plan = await launch_plan(connection, program_id, program, launch=LAUNCH)
    days = {step.code: step.due for step in plan.steps}
    assert (plan.launch, days["announcement"]) == (chosen, chosen)
    assert days["till"] == chosen - timedelta(days=7)
    assert days["training"] == NOW.date()
    assert LAUNCH_DAY not in days


async def test_people_say_who_does_what_until_when(database: Database):
    till = Till(database)
    await till.publishes(BARE, now=NOW)
    program_id, program = till.program_id, read_program(BARE)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await change_step(connection, program_id, "training", owner=" Berta ", due=LAUNCH)
        own = await add_step(
            connection, program_id, title="Order cups", owner="Ana", due=LAUNCH - timedelta(days=9)
        )
        await tick_step(connection, program_id, "training", done=True, by="Berta", now=NOW)
        plan = {
            each.code: each
            for each in (await launch_plan(connection, program_id, program, launch=LAUNCH)).steps
        }
    assert (plan["training"].owner, plan["training"].due) == ("Berta", LAUNCH)
    assert (plan["training"].done_at, plan["training"].done_by) == (NOW, "Berta")
    assert (plan[own].title, plan[own].owner, plan[own].is_own) == ("Order cups", "Ana", True)
    assert plan[own].is_late(LAUNCH)
    assert not plan["training"].is_late(LAUNCH + timedelta(days=1))


async def test_an_own_step_can_be_taken_away_and_others_not(database: Database):
    till = Till(database)
    await till.publishes(BARE, now=NOW)
    program_id, program = till.program_id, read_program(BARE)
    async with database.connection() as connection, program_transaction(connection, program_id):
        own = await add_step(connection, program_id, title="Order cups", owner="", due=LAUNCH)
        before = await launch_plan(connection, program_id, program, launch=LAUNCH)
        await drop_step(connection, program_id, own)
        after = await launch_plan(connection, program_id, program, launch=LAUNCH)
        with pytest.raises(NotFound):
            await drop_step(connection, program_id, "training")
        with pytest.raises(Invalid):
            await add_step(connection, program_id, title=" ", owner="", due=LAUNCH)
    assert codes(before) - codes(after) == {own}


async def test_what_happens_ticks_its_step_and_nobody_else_can(database: Database):
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    program_id, program = till.program_id, read_program(CAFE_SOL)

    async def done() -> set[str]:
        async with database.connection() as connection, program_transaction(connection, program_id):
            happened = await what_happened(connection, program_id)
            await tick_by_facts(connection, program_id, happened.steps)
            plan = await launch_plan(connection, program_id, program, launch=LAUNCH)
        return {each.code for each in plan.steps if each.done_at}

    assert await done() == {"published"}
    await till.enrols("ana", now=NOW + timedelta(hours=1))
    assert await done() == {"published", "first-member"}
    await till.sells("50.00", to="ana", now=NOW + timedelta(hours=2))
    assert await done() == {"published", "first-member", "first-sale"}
    async with database.connection() as connection, program_transaction(connection, program_id):
        with pytest.raises(Invalid):
            await tick_step(connection, program_id, "first-redemption", done=True, by="Ana",
                            now=NOW)  # fmt: skip
