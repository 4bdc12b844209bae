"""How long the reports of accounts take for a program of many members.

    python -m bench.accounts [--quick] [--copies N]

Every member has bought four times over half a year; points end after ninety days and are booked so,
half the members have redeemed. Each report is asked for on the command line, with the time it takes
to start, and what it says is tied to the accounts of members. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bench.filling import PATTERNS, Filling, copy_members, name_of
from bench.menu import STORES, baskets
from bench.place import BenchFailed, Place, place
from bench.report import Row, Section, table, thousands
from bench.shop import Shop, sale
from fiel.intake.adjusting import adjust_points
from fiel.intake.calendar.errand import Errand
from fiel.intake.calendar.running import run_calendar
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.redeeming import redeem
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.references import KeyKind, MemberKey
from fiel.platform.database import open_database

DATABASE = "accounts"
SALES = 4
_DAYS = 180
_SECONDS = 10.0
_DOCUMENT = """\
program: cafe-contable
name: Café Contable
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 90 days}}
earn:
  - {id: base, event: sale, give: {points: 10, per: "1.00"}}
rewards:
  - {id: cafe, kind: access, price: {points: 10}}
accounting:
  units: {points: {redeemed: 80}}
"""
_REPORTS = ("liability", "roll-forward", "journal", "gift-cards")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many times the pattern members are copied."""

    copies: int = 999

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(copies=19)


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Fill, ask for each report, and tie what they say."""
    url = here.new_database(DATABASE)
    filling = Filling(copies=plan.copies, sales=SALES)
    say(f"accounts: filling {thousands(filling.members)} members")
    asyncio.run(_live(url))
    copy_members(url, filling)
    told, seconds = {}, {}
    for name in _REPORTS:
        say(f"accounts: {name}")
        begun = time.monotonic()
        told[name] = here.fiel("report", name, url=url)
        seconds[name] = time.monotonic() - begun
    _tie(here, url, told)
    here.drop_database(DATABASE)
    size = f"{thousands(filling.members)} members, {thousands(filling.members * SALES)} sales"
    return Section(
        "Accounts",
        [
            Row(
                f"{name}: {size}", f"{seconds[name]:.1f} s", "", f"< {_SECONDS:.0f} s",
                seconds[name] < _SECONDS,
            )
            for name in _REPORTS
        ],
        ("`fiel report`, with the time it takes to start; tied to the accounts of members.",),
    )  # fmt: skip


def _tie(here: Place, url: str, told: dict[str, Any]) -> None:
    """What the reports say is what members have."""
    ((has,),) = here.ask(
        "SELECT sum(available_in - available_out + pending_in - pending_out + held_in - held_out"
        " + debt_in - debt_out)::bigint FROM account",
        url,
    )
    (rolled,) = told["roll-forward"]["roll_forward"]
    (owed,) = told["liability"]["liability"]
    if not has == rolled["closing"] == owed["outstanding"] - owed["owed"]:
        raise BenchFailed(f"{has} points, but {rolled} and {owed}")
    if {tie["difference"] for tie in told["journal"]["ties"]} != {"0.00"}:
        raise BenchFailed(f"the journal does not tie: {told['journal']['ties']}")


async def _live(url: str) -> None:
    """Let the pattern members join, buy, and half of them redeem; what ended is booked."""
    random, now = Random(20260301), datetime.now(UTC)
    joined = now - timedelta(days=_DAYS + 5)
    async with open_database(url) as database:
        shop = await Shop.opened(database, now=joined - timedelta(days=1), source=_DOCUMENT)
        for pattern in range(PATTERNS):
            await shop.enrols(name_of(pattern), now=joined)
        for number in range(SALES):
            at = joined + timedelta(days=5 + number * _DAYS / SALES)
            asks = [
                sale(
                    article, name=f"C-{number:03d}-{pattern:05d}", member=name_of(pattern),
                    store=random.choice(STORES), now=at,
                )
                for pattern, article in enumerate(baskets(random, PATTERNS))
            ]  # fmt: skip
            await shop.sells_together(asks)
            for pattern in range(number % 2, PATTERNS, 2):
                await _redeems(shop, name_of(pattern), at + timedelta(days=1))
        async with (
            database.connection() as connection,
            program_transaction(connection, shop.program_id),
        ):
            published = await shop.versions.in_force(connection, shop.program_id)
        errand = Errand(database.posting, shop.versions, published, until=now, since=joined)
        await run_calendar(errand)


async def _redeems(shop: Shop, name: str, at: datetime) -> None:
    door = shop.database.posting, shop.versions, shop.program_id
    who = MemberKey(KeyKind.EXTERNAL_ID, name)
    gift = AdjustmentBody.model_construct(
        external_id=None, source="", member=who, unit="points", points=10, reason="bench",
        author="", expires_at=None,
    )  # fmt: skip
    await adjust_points(*door, gift, request_id=new_id(), author="bench", now=at)
    body = RedemptionBody.model_construct(
        external_id=None, source="", member=who, reward="cafe", quantity=1, points_payment=None,
        capture=True, hold_minutes=None, store="",
    )  # fmt: skip
    await redeem(*door, body, request_id=new_id(), author="bench", now=at)


def main() -> None:
    """Measure by itself."""
    parser = argparse.ArgumentParser(prog="python -m bench.accounts", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--copies", type=int)
    told = parser.parse_args()
    plan = Plan.quick() if told.quick else Plan()
    if told.copies is not None:
        plan = Plan(told.copies)
    with place() as here:
        print(table([measure(here, plan)]))


if __name__ == "__main__":
    main()
