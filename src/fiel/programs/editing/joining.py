"""Another model in a program that has one: its units, rules and rewards join those there."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.programs.editing.forms import free_id
from fiel.programs.editing.parts.basics import BASICS
from fiel.programs.editing.parts.units import UNITS
from fiel.programs.editing.said import Said, found_at
from fiel.programs.editing.written import Written

# In this order, so that what is named stands before what names it.
_LISTS = ("badges", "rewards", "segments", "coupons", "earn", "milestones", "goals")
_BLOCKS = ("tiers", "referral", "pay_with_points", "transfers")
_ONCE = ("enrolment", "birthday", "anniversary")


@dataclass(frozen=True)
class Joined:
    """The document with a model in it; what came in, and what was left out as it is there."""

    written: Written
    added: tuple[tuple[str, str], ...]  # the key of the document, and the id or the key again
    kept: tuple[tuple[str, str], ...]


def joined(written: Written, model: Written) -> Joined:
    """Put a model into a document.

    What has the same id and says the same is there already. A second rule that gives the same unit
    for the same spending, or for the same birthday, would give twice: the one that is there stays.
    """
    added: list[tuple[str, str]] = []
    kept: list[tuple[str, str]] = []
    for unit, said in _block(model.at(("units",))).items():
        block = _block(said)
        if written.at(("units", unit)) is None:
            written = written.put(("units", unit), block, order=BASICS.order)
            added.append(("units", unit))
            continue
        kept.append(("units", unit))
        # What pays needs a worth; the model knows one, where nothing was said so far.
        if "value" in block and written.at(("units", unit, "value")) is None:
            written = written.put(("units", unit, "value"), block["value"], order=UNITS.order)
    renamed: dict[tuple[str, str], str] = {}
    for key in _LISTS:
        entries = model.at((key,))
        for entry in entries if isinstance(entries, list) else ():
            block = _renamed(_block(entry), renamed)
            identifier = str(block.get("id", key))
            if _is_there(written, key, block):
                kept.append((key, identifier))
                continue
            there = written.at((key,))
            taken = [found_at(each, ("id",)) for each in (there if isinstance(there, list) else ())]
            free = free_id(identifier, [each for each in taken if isinstance(each, str)])
            if free != identifier:
                renamed[key, identifier] = free
            written = written.add((key,), {**block, "id": free}, order=BASICS.order)
            added.append((key, free))
    for key in _BLOCKS:
        value = model.at((key,))
        if value is None:
            continue
        if written.at((key,)) is None:
            written = written.put((key,), value, order=BASICS.order)
            added.append((key, key))
        else:
            kept.append((key, key))
    return Joined(written, tuple(added), tuple(kept))


def _is_there(written: Written, key: str, block: dict[str, Said]) -> bool:
    entries = written.at((key,))
    there = [each for each in (entries if isinstance(entries, list) else ())
             if isinstance(each, dict)]  # fmt: skip
    if block in there:
        return True
    return key == "earn" and any(_gives_twice(block, each) for each in there)


def _gives_twice(one: dict[str, Said], other: dict[str, Said]) -> bool:
    """Whether two rules would both give the same for the same."""
    if one.get("event") != other.get("event") or one.get("where") != other.get("where"):
        return False
    mine, theirs = _block(one.get("give")), _block(other.get("give"))
    if one.get("event") not in _ONCE and ("per" not in mine or "per" not in theirs):
        return False
    units = mine.keys() & theirs.keys() - {"per", "per_item"}
    return bool(units)


def _renamed(block: dict[str, Said], renamed: dict[tuple[str, str], str]) -> dict[str, Said]:
    """An entry that names what came in under another id."""
    give = _block(block.get("give"))
    for key, kind in (("reward", "rewards"), ("badge", "badges")):
        told = give.get(key)
        if isinstance(told, str) and (kind, told) in renamed:
            block = {**block, "give": {**give, key: renamed[kind, told]}}
    rules = block.get("rules")
    if isinstance(rules, list):
        named = [renamed.get(("earn", each), each) if isinstance(each, str) else each
                 for each in rules]  # fmt: skip
        block = {**block, "rules": [*named]}
    return block


def _block(said: Said) -> dict[str, Said]:
    return said if isinstance(said, dict) else {}
