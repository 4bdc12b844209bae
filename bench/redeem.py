"""How many rewards a second are redeemed over HTTP, beside pgbench, and how 50 share one unit.

    python -m bench.redeem [--quick]

`fiel up --workers 2`, a bearer key and a durable database of its own; each request redeems a reward
for a member of ten thousand and captures it at once, with its code. Rounds of pgbench and of
redemptions take turns. Then fifty members want the only one of a reward at the same moment, again
and again: each time one has it. Afterwards every redemption that was acknowledged is looked for in
the database, and `fiel audit` proves the ledger. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

import orjson
import psutil
import psycopg

from bench import pgbench
from bench.load import Answers, drive, post
from bench.machine import CpuMeter, family
from bench.place import BenchFailed, Place, Served, place, served
from bench.report import Row, Section, middle, table, thousands

SLUG = "cafe-canjes"
WORKERS = 2
CONNECTIONS = (32, 1)
CONTENDERS = 50
_MOST_PER_SECOND = 4_000  # requests made beforehand for each second

_HEAD = """\
program: cafe-canjes
name: Café Canjes
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 12 months}}
earn:
  - {id: bienvenida, event: enrolment, give: {points: 1000000}}
rewards:
  - {id: cafe-gratis, kind: product, sku: CAP-01, price: {points: 50}, cost: "0.80",
     valid: 30 days, where: member.joined_days >= 0}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure, and how often fifty want one."""

    members: int = 10_000
    rounds: int = 3
    seconds: float = 6.0
    units: int = 100

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(members=1_000, rounds=1, seconds=3.0, units=20)


@dataclass
class Counter:
    """Makes requests, each of another redemption, and remembers which were acknowledged."""

    served: Served
    key: str
    members: int
    random: Random = field(default_factory=lambda: Random(20260302))
    made: int = 0
    acknowledged: list[str] = field(default_factory=list)

    def request(self, member: int, reward: str) -> tuple[str, bytes]:
        """One redemption, with the name it bears."""
        self.made += 1
        name = f"C-{self.made:08d}"
        body = orjson.dumps(
            {
                "external_id": name,
                "member": {"external_id": f"socio-{member:06d}"},
                "reward": reward,
                "capture": True,
            }
        )
        return name, post(self.served.address, "/v1/redemptions", self.key, body)

    def redeems(self, *, connections: int, seconds: float) -> Answers:
        """Redeem for some seconds; every request must be answered 201."""
        made = [
            self.request(self.random.randrange(self.members), "cafe-gratis")
            for _ in range(int(seconds * _MOST_PER_SECOND))
        ]
        requests = [request for _, request in made]
        answers = drive(self.served.address, requests, connections=connections, seconds=seconds)
        answers.check(201)
        self.acknowledged += [name for name, _ in made[: answers.sent]]
        return answers

    def contend(self, number: int) -> float:
        """Let fifty want one unit at once; seconds until all had their answer."""
        members = self.random.sample(range(self.members), CONTENDERS)
        requests = [self.request(member, f"cata-{number}")[1] for member in members]
        answers = drive(self.served.address, requests, connections=CONTENDERS, seconds=60)
        if dict(answers.statuses) != {201: 1, 409: CONTENDERS - 1}:
            raise BenchFailed(f"fifty for one unit: {dict(answers.statuses)}\n{answers.sample!r}")
        return answers.seconds

    def enrols(self) -> None:
        """Enrol all members, each with points enough."""
        requests = [
            post(
                self.served.address,
                "/v1/members",
                self.key,
                orjson.dumps({"external_id": f"socio-{number:06d}", "name": f"Socio {number}"}),
            )
            for number in range(self.members)
        ]
        drive(self.served.address, requests, connections=32, seconds=600).check(201)


@dataclass
class _Rounds:
    """What the rounds came to."""

    reference: list[float] = field(default_factory=list)
    answers: dict[int, list[Answers]] = field(
        default_factory=lambda: {connections: [] for connections in CONNECTIONS}
    )
    cpu: dict[int, list[dict[str, float]]] = field(
        default_factory=lambda: {connections: [] for connections in CONNECTIONS}
    )
    contended: list[float] = field(default_factory=list)


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Run the rounds, prove what was redeemed, and tell the figures."""
    pgbench.prepare(here)
    rounds = _Rounds()
    with _open_counter(here, plan) as counter:
        counter.enrols()
        say(f"{plan.members} members enrolled")
        counter.redeems(connections=32, seconds=plan.seconds / 2)
        pgbench.tpcb(here, seconds=plan.seconds / 2)
        for number in range(plan.rounds):
            rounds.reference.append(pgbench.tpcb(here, seconds=plan.seconds).per_second)
            for connections in CONNECTIONS:
                _one_turn(here, counter, rounds, connections, plan.seconds)
            say(
                f"round {number + 1}: pgbench {rounds.reference[-1]:,.0f}, "
                + ", ".join(f"{rounds.answers[c][-1].per_second:,.0f} @{c}" for c in CONNECTIONS)
            )
        rounds.contended = sorted(counter.contend(number) for number in range(plan.units))
        _prove(here, counter, plan)
    return _section(rounds, counter, plan)


@contextmanager
def _open_counter(here: Place, plan: Plan) -> Iterator[Counter]:
    tastings = "".join(
        f"  - {{id: cata-{number}, kind: event, price: {{points: 10}}, stock: 1}}\n"
        for number in range(plan.units)
    )
    document = here.folder / "rewards.yaml"
    document.write_text(_HEAD + tastings, encoding="utf-8")
    here.fiel("program", "apply", document, "--yes")
    key = here.fiel("key", "create", "--program", SLUG, "--scopes", "read,till,manage")["key"]
    with served(workers=WORKERS) as running:
        yield Counter(running, key, plan.members)


def _one_turn(
    here: Place, counter: Counter, rounds: _Rounds, connections: int, seconds: float
) -> None:
    meter = CpuMeter(
        {
            "PostgreSQL": here.server_processes,
            "workers": lambda: family(counter.served.process),
            "client": lambda: [psutil.Process()],
        }
    )
    meter.start()
    answers = counter.redeems(connections=connections, seconds=seconds)
    used = meter.seconds()
    count = len(answers.latencies)
    rounds.cpu[connections].append({name: spent / count * 1e6 for name, spent in used.items()})
    rounds.answers[connections].append(answers)


def _prove(here: Place, counter: Counter, plan: Plan) -> None:
    """Every acknowledged redemption is there once, each tasting once, and the ledger adds up."""
    with psycopg.connect(here.url) as owner:
        owner.execute("SET fiel.every_program = 'on'")
        owner.execute("CREATE TEMPORARY TABLE acknowledged (external_id text)")
        with owner.cursor().copy("COPY acknowledged FROM STDIN") as copy:
            for name in counter.acknowledged:
                copy.write_row([name])
        wrong = owner.execute(
            "SELECT external_id, count(*) FROM ("
            " SELECT external_id FROM acknowledged UNION ALL"
            " SELECT external_id FROM redemption WHERE reward = 'cafe-gratis') AS told"
            " GROUP BY external_id HAVING count(*) <> 2 LIMIT 5"
        ).fetchall()
        tastings = owner.execute(
            "SELECT count(*), count(DISTINCT reward) FROM redemption WHERE reward LIKE 'cata-%'"
        ).fetchone()
    if wrong:
        raise BenchFailed(f"redemptions are not there exactly once: {wrong}")
    if tastings != (plan.units, plan.units):
        raise BenchFailed(f"of {plan.units} units, each the only one, there went {tastings}")
    here.prove()


def _section(rounds: _Rounds, counter: Counter, plan: Plan) -> Section:
    tpcb = middle(rounds.reference)
    rows = [Row("pgbench TPC-B, prepared, 32 clients", f"{thousands(tpcb)} a second")]
    for connections in CONNECTIONS:
        turns, used = rounds.answers[connections], rounds.cpu[connections]
        spent = {name: middle([turn[name] for turn in used]) for name in used[0]}
        rate = middle([turn.per_second for turn in turns])
        rows.append(
            Row(
                f"redemptions over HTTP, {connections} connections",
                f"{thousands(rate)} a second, "
                f"p50 {middle([turn.percentile_ms(0.5) for turn in turns]):.1f} ms, "
                f"p99 {middle([turn.percentile_ms(0.99) for turn in turns]):.1f} ms",
                f"{sum(spent.values()):.0f} µs of processor each: "
                + ", ".join(f"{name} {value:.0f}" for name, value in spent.items()),
            )
        )
    some = middle([turn.per_second for turn in rounds.answers[32]]) / tpcb
    contended = [seconds * 1e3 for seconds in rounds.contended]
    rows += [
        Row("redemptions at 32 connections ÷ pgbench", f"{some:.2f}"),
        Row(
            f"{CONTENDERS} contenders for one unit, until all are answered",
            f"median {middle(contended):.0f} ms, slowest {contended[-1]:.0f} ms",
            f"{plan.units} units, each to exactly one",
        ),
    ]
    conditions = (
        f"{plan.members:,} members, {WORKERS} workers, one reward with a condition, captured at "
        f"once with its code; median of {plan.rounds} rounds of {plan.seconds:.0f} s, taking turns "
        f"with pgbench at scale {pgbench.SCALE}; the load client shares the machine."
    )
    proof = (
        f"All {len(counter.acknowledged):,} acknowledged redemptions were found exactly once, "
        "and the audit was clean."
    )
    return Section("Redeem over HTTP", rows, (conditions, proof))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    with place() as here:
        print(table([measure(here, Plan.quick() if told.quick else Plan())]))


if __name__ == "__main__":
    main()
