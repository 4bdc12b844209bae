"""How long a return takes of a sale of 200 lines, beside recording that sale.

    python -m bench.returning [--quick]

`fiel up` with one worker over a durable database of its own. Each round records a sale of 200
lines, gives one line of it back, then an amount, then all that is left; and records another of
which every line comes back by itself, to see that the last return is no slower than the first.
What the member has afterwards must be nothing, and `fiel audit` proves the ledger. Run from the
root of the repository.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from bench.menu import baskets
from bench.place import BenchFailed, Place, place, served
from bench.program import DOCUMENT, SLUG
from bench.report import Row, Section, middle, table

LINES = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to measure."""

    rounds: int = 20

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(rounds=3)


@dataclass
class Till:
    """Sells and takes back, one request after the other, and keeps how long each took."""

    http: httpx.Client
    random: Random = field(default_factory=lambda: Random(20260303))
    made: int = 0
    milliseconds: dict[str, list[float]] = field(default_factory=dict)

    def post(self, what: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a request that must be answered 201."""
        begun = time.perf_counter()
        answer = self.http.post(path, json=body)
        self.milliseconds.setdefault(what, []).append((time.perf_counter() - begun) * 1e3)
        if answer.status_code != 201:
            raise BenchFailed(f"{path}: {answer.status_code} {answer.text}")
        told: dict[str, Any] = answer.json()
        return told

    def sells(self) -> str:
        """A sale of 200 lines; its id."""
        self.made += 1
        lines = [
            {
                "sku": article.sku, "name": article.name, "category": article.category,
                "quantity": 1, "unit_price": article.price, "tax": article.tax,
                "cost": article.cost,
            }
            for article in baskets(self.random, LINES)
        ]  # fmt: skip
        body = {"external_id": f"T-{self.made}", "member": {"external_id": "ana"}, "lines": lines}
        sale: str = self.post("sale", "/sales", body)["id"]
        return sale

    def returns(self, what: str, sale: str, body: dict[str, Any]) -> None:
        """Take goods back."""
        self.post(what, f"/sales/{sale}/returns", body)


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Run the rounds, prove that nothing is left, and tell the figures."""
    with _open_till(here) as till:
        till.post("enrolment", "/members", {"external_id": "ana", "name": "Ana"})
        till.milliseconds.clear()
        for _ in range(plan.rounds):
            sale = till.sells()
            till.returns("one line", sale, {"lines": [{"line": 1, "quantity": 1}]})
            till.returns("an amount", sale, {"amount": "20.00"})
            till.returns("all that is left", sale, {"full": True})
        say(f"{plan.rounds} sales given back")
        one_by_one = till.sells()
        for line in range(1, LINES + 1):
            till.returns("by itself", one_by_one, {"lines": [{"line": line, "quantity": 1}]})
        _prove(here, till)
    return _section(till, plan)


@contextmanager
def _open_till(here: Place) -> Iterator[Till]:
    document = here.folder / "returns.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    here.fiel("program", "apply", document, "--yes")
    key = here.fiel("key", "create", "--program", SLUG, "--scopes", "read,till,manage")["key"]
    told = {"authorization": f"Bearer {key}"}
    with served(workers=1) as running:
        host, port = running.address
        with httpx.Client(base_url=f"http://{host}:{port}/v1", headers=told, timeout=60) as http:
            yield Till(http)


def _prove(here: Place, till: Till) -> None:
    """Nothing is left of what was sold and given back, and the ledger adds up."""
    member = till.http.get("/members", params={"external_id": "ana"}).json()["data"][0]
    for unit, balance in member["balances"].items():
        if balance["pending"] or balance["debt"]:
            raise BenchFailed(f"{unit} after everything came back: {balance}")
    here.prove()


def _section(till: Till, plan: Plan) -> Section:
    taken = {what: middle(times) for what, times in till.milliseconds.items()}
    rows = [Row(f"a sale of {LINES} lines", f"{taken['sale']:.1f} ms")]
    for what in ("one line", "an amount", "all that is left"):
        beside = f"{taken[what] / taken['sale']:.2f} × the sale"
        rows.append(Row(f"a return of it: {what}", f"{taken[what]:.1f} ms", beside))
    alone = till.milliseconds["by itself"]
    first, last = middle(alone[:20]), middle(alone[-20:])
    rows.append(
        Row(
            f"{LINES} returns of one line: the last 20 ÷ the first 20",
            f"{last / first:.2f}",
            f"{first:.1f} ms and {last:.1f} ms",
        )
    )
    note = f"Ten rules, one worker, one request at a time; median of {plan.rounds} rounds."
    proof = "Nothing pended or was owed once all had come back, and the audit was clean."
    return Section(f"Returns of a sale of {LINES} lines", rows, (note, proof))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    with place() as here:
        print(table([measure(here, Plan.quick() if told.quick else Plan())]))


if __name__ == "__main__":
    main()
