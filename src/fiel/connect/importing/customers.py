"""The customers of a sales file: enrolled before their sales, so that these find them.

A shop that begins has sales with the numbers of its customers, and no members yet. Nobody gets a
consent by this, nor anything else that a member did not tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import batched

from pydantic_core import PydanticCustomError

from fiel.connect.importing.bringing import Bench, road_of
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record, records
from fiel.connect.importing.known_by_number import bought_first
from fiel.connect.importing.mapping import Reading
from fiel.connect.importing.run import BATCH, Verdict
from fiel.intake.contents.fields import read_time

_NAMES = ("external_id", "phone", "email", "card")


async def enrol_customers(
    bench: Bench, reading: Reading, *, tell: Callable[[float], None] = lambda _: None
) -> int:
    """Enrol whoever the sales of a file name and nobody knows, since the first of them.

    How many were enrolled; `tell` hears how much of it is done.
    """
    found = await asyncio.to_thread(_customers, reading)
    road, enrolled = road_of(Kind.MEMBERS, bench), 0
    contents = [bought_first(*name, first_at) for name, first_at in found.items()]
    for done, batch in enumerate(batched(contents, BATCH), start=1):
        verdicts = await road.take([Record(0, 1, content) for content in batch])
        enrolled += sum(verdict is Verdict.ACCEPTED for verdict in verdicts)
        tell(min(1.0, done * BATCH / len(contents)))
    return enrolled


def _customers(reading: Reading) -> Mapping[tuple[str, str], datetime]:
    """Who bought, by the first name that a row gives of them, and when they first did."""
    found: dict[tuple[str, str], datetime] = {}
    for record in records(reading):
        for name, occurred_at in _bought(record):
            if name not in found or occurred_at < found[name]:
                found[name] = occurred_at
    return found


def _bought(record: Record) -> Iterator[tuple[tuple[str, str], datetime]]:
    member = record.content.get("member")
    if record.problems or not isinstance(member, dict):
        return
    kind = next((kind for kind in _NAMES if member.get(kind)), None)
    if kind is None:
        return
    try:
        occurred_at = read_time(record.content.get("occurred_at"))
    except PydanticCustomError:
        return  # the sale itself will be refused for it
    yield (kind, str(member[kind])), occurred_at
