"""How many sales a second are earned over HTTP, beside pgbench on the same server.

    python -m bench.earn [--quick] [--seconds N] [--rounds N] [--profile]

`fiel up --workers 2` with ten rules, a bearer key, and a durable database of its own; each request
is a new sale of one line. Rounds of pgbench and of sales take turns, and medians are told, for
others use the machine too. Afterwards every sale that was acknowledged is looked for in the
database, and `fiel audit` proves the ledger. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import orjson
import psutil
import psycopg

from bench import pgbench
from bench.load import Answers, drive, post
from bench.machine import CpuMeter, family
from bench.menu import STORES, baskets
from bench.place import BenchFailed, Place, Served, place, served
from bench.program import DOCUMENT, RULES, SLUG
from bench.report import Row, Section, middle, table, thousands
from bench.statements import counted_statements, forget_statements

WORKERS = 2
CONNECTIONS = (128, 32, 1)
_MOST_PER_SECOND = 15_000  # requests made beforehand for each second


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure."""

    members: int = 10_000
    rounds: int = 3
    seconds: float = 6.0
    warm_up: float = 6.0
    profile: bool = False

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(members=2_000, rounds=1, seconds=4.0, warm_up=3.0)


@dataclass
class Till:
    """Makes requests, each of another sale, and remembers which were acknowledged."""

    served: Served
    key: str
    members: int
    random: Random = field(default_factory=lambda: Random(20260301))
    made: int = 0
    acknowledged: list[str] = field(default_factory=list)

    def sales(self, count: int) -> tuple[list[str], list[bytes]]:
        """So many sales of one line, with the names they bear."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        names, requests = [], []
        for article in baskets(self.random, count):
            self.made += 1
            name = f"T-{self.made:08d}"
            member = f"socio-{self.random.randrange(self.members):06d}"
            body = (
                f'{{"external_id":"{name}","member":{{"external_id":"{member}"}},'
                f'"occurred_at":"{now}","store":"{self.random.choice(STORES)}","channel":"pos",'
                f'"lines":[{{"sku":"{article.sku}","name":"{article.name}",'
                f'"category":"{article.category}","quantity":1,"unit_price":"{article.price}",'
                f'"discount":"0.00","tax":"{article.tax}","cost":"{article.cost}"}}]}}'
            ).encode()
            names.append(name)
            requests.append(post(self.served.address, "/v1/sales", self.key, body))
        return names, requests

    def sells(self, *, connections: int, seconds: float, meter: CpuMeter | None = None) -> Answers:
        """Send sales for some seconds; every one must be answered 201."""
        names, requests = self.sales(int(seconds * _MOST_PER_SECOND))
        if meter is not None:
            meter.start()
        answers = drive(self.served.address, requests, connections=connections, seconds=seconds)
        answers.check(201)
        self.acknowledged += names[: answers.sent]
        return answers

    def enrols(self) -> Answers:
        """Enrol all members."""
        requests = [
            post(
                self.served.address,
                "/v1/members",
                self.key,
                orjson.dumps({"external_id": f"socio-{number:06d}", "name": f"Socio {number}"}),
            )
            for number in range(self.members)
        ]
        answers = drive(self.served.address, requests, connections=32, seconds=600)
        answers.check(201)
        return answers


@dataclass
class _Rounds:
    """What the rounds came to: rates, latencies, and processor time for each request."""

    reference: list[pgbench.Round] = field(default_factory=list)
    answers: dict[int, list[Answers]] = field(
        default_factory=lambda: {connections: [] for connections in CONNECTIONS}
    )
    cpu: dict[int, list[dict[str, float]]] = field(
        default_factory=lambda: {connections: [] for connections in CONNECTIONS}
    )

    def rate(self, connections: int) -> float:
        """Sales a second."""
        return middle([answers.per_second for answers in self.answers[connections]])

    def milliseconds(self, connections: int, share: float) -> float:
        """Within how long this share of the sales was answered."""
        return middle([answers.percentile_ms(share) for answers in self.answers[connections]])

    def tpcb(self) -> float:
        """The reference: transactions a second."""
        return middle([turn.per_second for turn in self.reference])

    def microseconds(self, connections: int) -> dict[str, float]:
        """Processor time of each part for one sale."""
        turns = self.cpu[connections]
        return {name: middle([turn[name] for turn in turns]) for name in turns[0]}

    def reference_microseconds(self) -> float:
        """Processor time of one transaction of the reference, client included."""
        return middle(
            [sum(turn.cpu_seconds.values()) / turn.transactions * 1e6 for turn in self.reference]
        )


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Run the rounds, prove what was recorded, and tell the figures."""
    pgbench.prepare(here)
    with _open_shop(here, plan) as till:
        enrolled = till.enrols()
        say(f"{plan.members} members enrolled, {enrolled.per_second:,.0f} a second")
        till.sells(connections=32, seconds=plan.warm_up)
        pgbench.tpcb(here, seconds=plan.warm_up)
        rounds = _Rounds()
        for number in range(plan.rounds):
            rounds.reference.append(pgbench.tpcb(here, seconds=plan.seconds))
            for connections in CONNECTIONS:
                if plan.profile:
                    forget_statements(here)
                _one_turn(here, till, rounds, connections, plan.seconds)
            say(
                f"round {number + 1}: pgbench {rounds.reference[-1].per_second:,.0f}, "
                + ", ".join(f"{rounds.answers[c][-1].per_second:,.0f} @{c}" for c in CONNECTIONS)
            )
            if plan.profile:
                _one_turn(here, till, rounds, 32, plan.seconds)
                say(counted_statements(here, len(rounds.answers[32][-1].latencies)))
        _prove(here, till)
    return _section(rounds, till, plan)


@contextmanager
def _open_shop(here: Place, plan: Plan) -> Iterator[Till]:
    document = here.folder / "program.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    here.fiel("program", "apply", document, "--yes")
    key = here.fiel("key", "create", "--program", SLUG, "--scopes", "read,till,manage")["key"]
    with served(workers=WORKERS) as running:
        yield Till(running, key, plan.members)


def _one_turn(here: Place, till: Till, rounds: _Rounds, connections: int, seconds: float) -> None:
    meter = CpuMeter(
        {
            "PostgreSQL": here.server_processes,
            "workers": lambda: family(till.served.process),
            "client": lambda: [psutil.Process()],
        }
    )
    answers = till.sells(connections=connections, seconds=seconds, meter=meter)
    used = meter.seconds()
    count = len(answers.latencies)
    rounds.cpu[connections].append({name: spent / count * 1e6 for name, spent in used.items()})
    rounds.answers[connections].append(answers)


def _prove(here: Place, till: Till) -> None:
    """Every acknowledged sale is there once, nothing else is, and the ledger adds up."""
    with psycopg.connect(here.url) as owner:
        owner.execute("SET fiel.every_program = 'on'")
        owner.execute("CREATE TEMPORARY TABLE acknowledged (external_id text)")
        with owner.cursor().copy("COPY acknowledged FROM STDIN") as copy:
            for name in till.acknowledged:
                copy.write_row([name])
        wrong = owner.execute(
            "SELECT external_id, count(*) FROM ("
            " SELECT external_id FROM acknowledged UNION ALL"
            " SELECT external_id FROM activity WHERE kind = 'sale' UNION ALL"
            " SELECT external_id FROM activity_key WHERE kind = 'sale') AS told"
            " GROUP BY external_id HAVING count(*) <> 3 LIMIT 5"
        ).fetchall()
    if wrong:
        raise BenchFailed(f"sales are not there exactly once: {wrong}")
    here.prove()


def _section(rounds: _Rounds, till: Till, plan: Plan) -> Section:
    tpcb = rounds.tpcb()
    rows = [
        Row(
            "pgbench TPC-B, prepared, 32 clients",
            f"{thousands(tpcb)} a second",
            f"{rounds.reference_microseconds():.0f} µs of processor each",
        )
    ]
    for connections in CONNECTIONS:
        used = rounds.microseconds(connections)
        rows.append(
            Row(
                f"sales over HTTP, {connections} connections",
                f"{thousands(rounds.rate(connections))} a second, "
                f"p50 {rounds.milliseconds(connections, 0.5):.1f} ms, "
                f"p99 {rounds.milliseconds(connections, 0.99):.1f} ms",
                f"{sum(used.values()):.0f} µs of processor each: "
                + ", ".join(f"{name} {value:.0f}" for name, value in used.items()),
            )
        )
    many, some = rounds.rate(128) / tpcb, rounds.rate(32) / tpcb
    latency = rounds.milliseconds(32, 0.99)
    rows += [
        Row("sales at 128 connections ÷ pgbench", f"{many:.2f}", "", "≥ 1", many >= 1),
        Row("sales at 32 connections ÷ pgbench", f"{some:.2f}", "", "≥ 0.6", some >= 0.6),
        Row("p99 at 32 connections", f"{latency:.1f} ms", "", "< 25 ms", latency < 25),
    ]
    conditions = (
        f"{RULES} rules, {plan.members:,} members, {WORKERS} workers, one-line sales; "
        f"median of {plan.rounds} rounds of {plan.seconds:.0f} s, taking turns with pgbench "
        f"at scale {pgbench.SCALE}; the load client shares the machine."
    )
    proof = (
        f"All {len(till.acknowledged):,} acknowledged sales were found exactly once, "
        "and the audit was clean."
    )
    return Section("Earn over HTTP", rows, (conditions, proof))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rounds", type=int)
    parser.add_argument(
        "--profile", action="store_true", help="tell what each statement costs the database"
    )
    told = parser.parse_args()
    base = Plan.quick() if told.quick else Plan()
    plan = Plan(
        members=base.members,
        rounds=told.rounds or base.rounds,
        seconds=told.seconds or base.seconds,
        warm_up=base.warm_up,
        profile=told.profile,
    )
    with place(statements=plan.profile) as here:
        print(table([measure(here, plan)]))


if __name__ == "__main__":
    main()
