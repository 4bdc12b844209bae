"""Every refusal has a status, and the reference tells of every code."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from fiel.api.app import OFFERS
from fiel.api.problems import KINDS
from fiel.domain.refusal import Refusal
from fiel.intake.contents.errors import TEXTS

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")

# The contract's codes, which no version may rename or answer with another status.
CONTRACT = {
    "member_exists": 409,
    "insufficient_points": 409,
    "out_of_stock": 409,
    "limit_reached": 409,
    "budget_exhausted": 409,
    "not_eligible": 409,
    "already_captured": 409,
    "already_cancelled": 409,
    "over_returned": 422,
    "coupon_reserved": 409,
    "coupon_used": 409,
    "coupon_expired": 409,
    "not_found": 404,
    "invalid": 422,
    "unauthorized": 401,
    "forbidden": 403,
    "rate_limited": 429,
    "idempotency_key_reused": 422,
    "external_id_reused": 409,
}


# The rooms that a request can reach; the others refuse on the command line.
ROOMS = ("domain", "ledger", "members", "programs", "rewards", "staff", "intake", "api")


def all_refusals() -> set[type[Refusal]]:
    for room in ROOMS:
        package = importlib.import_module(f"fiel.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"fiel.{room}."):
            if ".migrations" not in module.name and not module.name.endswith(".models"):
                importlib.import_module(module.name)
    found, waiting = set(), [Refusal]
    while waiting:
        refusal = waiting.pop()
        found.add(refusal)
        waiting += refusal.__subclasses__()
    return {refusal for refusal in found if refusal.__module__.split(".")[1] in ROOMS}


def test_every_refusal_has_a_status():
    assert {refusal.code for refusal in all_refusals()} - KINDS.keys() == set()


def test_the_contracts_codes_keep_their_statuses():
    assert {code: KINDS[code].status for code in CONTRACT} == CONTRACT


def test_the_reference_tells_of_every_code_with_its_status():
    missing = [
        code for code, kind in KINDS.items() if f"| `{code}` | {kind.status} |" not in REFERENCE
    ]

    assert missing == []


def test_the_reference_tells_of_every_operation_with_its_scope():
    missing = [
        f"{offer.method} {offer.path}"
        for offer in OFFERS
        if f"| `{offer.method} {offer.path}` | `{offer.manner.scope}` | {offer.summary}"
        not in REFERENCE
    ]

    assert missing == []


def test_the_reference_tells_of_every_code_of_a_field():
    fields = REFERENCE.partition("### Fields")[2]
    written = re.compile(r'FieldProblem\(\s*"[^"]*",\s*"([a-z_]+)"')
    told = {code for code, _ in TEXTS.values()}
    for part in ("api", "domain", "intake"):
        for file in (ROOT / "src" / "fiel" / part).rglob("*.py"):
            told.update(written.findall(file.read_text(encoding="utf-8")))

    assert {code for code in told if f"`{code}`" not in fields} == set()
