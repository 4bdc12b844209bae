"""How long deciding takes, and how much faster it is than taking the document at its word.

    python -m bench.decide [--json]

Programs are read from documents with real conditions. Beside each time stands that of a plain
interpreter which goes through every rule with exact fractions: what the preparation of a rulebook
is worth. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import process_time

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.deciding import Rulebook, decide
from fiel.domain.document import read_program
from fiel.domain.member import MemberFacts, MemberState, Qualifying
from fiel.domain.program import Program
from tests.domain.deciding.reference import decide_plainly

FRAME = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 12 months}}
  stamps: {name: {es: sellos, en: stamps}, expiry: never}
tiers:
  by: spend
  window: 12 months
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 300, multiply: 1.5}
    - {id: oro, from: 1000, multiply: 2}
earn:
"""

TEN_RULES = """
  - {id: base, event: sale, give: {points: 1, per: "1.00"}, where: line.category != "tabaco"}
  - {id: cafe-doble, event: sale, multiply: 2, where: 'line.category == "cafe"',
     when: {days: [mon, tue, wed, thu, fri], hours: "08:00-20:00"}}
  - {id: verano, event: sale, multiply: 3, when: {from: 2026-07-01, to: 2026-08-31}}
  - {id: ticket-50, event: sale, give: {points: 50}, where: sale.net >= 50.0}
  - {id: sello, event: sale, give: {stamps: 1, per_item: true}, where: 'line.sku == "CAP-01"'}
  - {id: online, event: sale, give: {points: 5}, where: sale.channel == "web"}
  - {id: diaria, event: sale, give: {points: 2}, limit: {per_member: 1, every: day}}
  - {id: resena, event: activity, activity: review, give: {points: 20}}
  - {id: cumple, event: birthday, give: {points: 100}}
  - {id: bienvenida, event: enrolment, give: {points: 10}}
"""

# What a chain with many brands' promotions has besides: each looks at the lines.
ONE_MORE = (
    (
        '  - {{id: cat-{n}, event: sale, give: {{points: 1, per: "2.00"}},'
        " where: 'line.category == \"cat-{n}\"'}}\n"
    ),
    (
        "  - {{id: doble-{n}, event: sale, multiply: 2, where: 'line.category == \"cat-{n}\"',"
        ' when: {{days: [mon, wed], hours: "09:00-14:00"}}}}\n'
    ),
    (
        "  - {{id: art-{n}, event: sale, give: {{points: 10, per_item: true}},"
        " where: 'line.sku == \"SKU-{n}\"'}}\n"
    ),
    (
        '  - {{id: marca-{n}, event: sale, give: {{points: 1, per: "1.00"}},'
        " where: 'line.category == \"cat-{n}\" && line.net >= 5.0'}}\n"
    ),
    (
        "  - {{id: ticket-{n}, event: sale, give: {{points: 5}},"
        " where: 'sale.net >= 40.0 && sale.store == \"tienda-{n}\"'}}\n"
    ),
)

CATEGORIES = ("cafe", "cat-2", "pan", "fruta", "prensa")

MONDAY_MORNING = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """Microseconds of one decision."""

    name: str
    rules: int
    lines: int
    decide: float
    plain: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    results = [
        measured(rules, lines) for rules, lines in ((10, 1), (10, 5), (50, 5), (200, 5), (200, 1))
    ]
    if as_json:
        print(json.dumps([vars(result) for result in results]))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(f"{'rules':>6} {'lines':>6} {'decide':>10} {'plain':>10} {'ratio':>7}")
    for result in results:
        print(
            f"{result.rules:>6} {result.lines:>6} {result.decide:>7.1f} µs {result.plain:>7.0f} µs"
            f" {result.plain / result.decide:>6.0f}×"
        )


def measured(rules: int, lines: int) -> Result:
    """Time both ways of deciding on the same sale, after checking that they agree."""
    program = program_of(rules)
    rulebook = Rulebook.of(program)
    basket = basket_of(lines)
    member = MemberState(
        joined_at=MONDAY_MORNING - timedelta(days=400),
        facts=MemberFacts(tier="plata", joined_days=400, spend=41250, visits=61),
        window=Qualifying(spend=41250, points=412, visits=61),
    )

    def prepared() -> object:
        return decide(rulebook, member, basket, budgets_left={})

    def plain() -> object:
        return decide_plainly(program, member, basket, {})

    awards = decide(rulebook, member, basket, budgets_left={}).awards
    expected = decide_plainly(program, member, basket, {}).awards
    if [(award.rule, award.unit, award.points) for award in awards] != expected:
        raise SystemExit("the two ways of deciding do not agree")
    return Result(
        name=f"{rules} rules, {lines} lines",
        rules=len(program.earn),
        lines=lines,
        decide=microseconds(prepared, seconds=1.0),
        plain=microseconds(plain, seconds=0.5),
    )


def program_of(rules: int) -> Program:
    """A program of so many rules: ten usual ones, and promotions by category, article and shop."""
    more = (ONE_MORE[n % len(ONE_MORE)].format(n=n // len(ONE_MORE)) for n in range(rules - 10))
    return read_program(FRAME + TEN_RULES + "".join(more))


def basket_of(lines: int) -> Sale:
    """A basket in which the first line is a cappuccino."""
    bought = tuple(
        line_of(
            number,
            "CAP-01" if number == 1 else f"SKU-{number if number == 2 else -number}",
            310 * number,
        )
        for number in range(1, lines + 1)
    )
    return Sale(
        occurred_at=MONDAY_MORNING,
        store="centro",
        channel="pos",
        lines=bought,
        shipping=0,
        net=sum(line.net for line in bought),
        gross=sum(line.gross for line in bought),
        items=sum(int(line.quantity) for line in bought),
    )


def line_of(number: int, sku: str, net: int) -> Line:
    """One line of a basket; the second is of a category and an article with promotions."""
    return Line(
        number=number,
        sku=sku,
        name=sku,
        category=CATEGORIES[number - 1],
        kind=LineKind.GOODS,
        quantity=2,
        unit_price=Decimal(net) / 200,
        net=net,
        gross=net * 121 // 100,
        margin=net // 2,
    )


def microseconds(once: Callable[[], object], *, seconds: float) -> float:
    """Processor time, the best of several rounds: others may be at work on the machine."""
    count = 20
    while (taken := _time_of(once, count)) < seconds / 50:
        count *= 2
    count = max(1, int(count * seconds / 20 / taken))
    return min(_time_of(once, count) for _ in range(20)) / count * 1e6


def _time_of(once: Callable[[], object], count: int) -> float:
    started = process_time()
    for _ in range(count):
        once()
    return process_time() - started


if __name__ == "__main__":
    main()
