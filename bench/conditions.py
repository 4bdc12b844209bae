"""How long one condition takes, beside the CEL runtime on the same condition and values.

    python -m bench.conditions [--json]

Both have everything prepared: the function is generated, the expression compiled, and CEL's
values are laid out for it. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

from tests.domain.conditions.cast import ANA, CAPPUCCINOS, TICKET, of_sale
from tests.domain.conditions.oracle import ENVIRONMENT, values_for_cel

CONDITIONS = (
    'line.category != "tabaco"',
    "sale.net >= 50.0",
    "line.unit_price > 3.0",
    'member.tier in ["plata", "oro"]',
    'line.category == "cafe" && sale.net >= 5.0 && member.visits > 10',
    'member.attributes.favourite == "latte"',
    "member.attributes.children >= 2",
    'has(member.attributes.allergy) && member.attributes.allergy == "nuts"',
    'member.attributes.allergy == "nuts" || member.attributes.favourite == "latte"',
    '"vip" in member.segments',
    'member.segments.exists(s, s.startsWith("vip"))',
    'line.sku.matches("^CAP-[0-9]+$")',
    "line.margin > line.net * 0.5",
    "line.margin / line.net > 0.5",
    "line.quantity * line.unit_price > 5.0",
)


@dataclass(frozen=True)
class Result:
    """Microseconds of one evaluation."""

    condition: str
    fiel: float
    cel: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    results = [measured(text) for text in CONDITIONS]
    if as_json:
        print(json.dumps([vars(result) for result in results]))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(f"{'Fiel':>10} {'CEL':>10} {'ratio':>6}")
    for result in results:
        ratio = result.cel / result.fiel
        print(f"{result.fiel:>7.3f} µs {result.cel:>7.2f} µs {ratio:>5.0f}×  {result.condition}")


def measured(text: str) -> Result:
    """Time both on the same values, after checking that they agree."""
    matches = of_sale(text).matches
    expression = ENVIRONMENT.compile(text)
    values = values_for_cel(CAPPUCCINOS, TICKET, ANA)

    def ours() -> bool:
        return matches(CAPPUCCINOS, TICKET, ANA, None)

    def theirs() -> bool:
        return expression.eval(data=values).value() is True

    if ours() != theirs():
        raise SystemExit(f"the two do not agree on {text}")
    return Result(text, microseconds(ours), microseconds(theirs))


def microseconds(once: Callable[[], object], *, seconds: float = 0.5) -> float:
    """The best of several rounds, in processor time: what others do beside it counts little."""
    for _ in range(20):
        once()
    started = process_time()
    for _ in range(100):
        once()
    count = max(1, int(seconds / 5 / max(process_time() - started, 1e-7) * 100))
    best = float("inf")
    for _ in range(5):
        started = process_time()
        for _ in range(count):
            once()
        best = min(best, (process_time() - started) / count)
    return best * 1e6


if __name__ == "__main__":
    main()
