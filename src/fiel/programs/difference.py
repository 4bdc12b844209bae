"""What changed between two documents: what `plan` shows and what each version keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fiel.domain.document.comparing import Part, is_same, parts
from fiel.domain.document.shapes import Plain


class ChangeKind(StrEnum):
    """What happened to a part of a document."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `path` leads to it by keys and ids: "earn.base.give".

    `part` is the kind of thing it is about ("earn", "units", "tiers.levels", …), `id` which of
    them, `key` what of it; both are None where the change is of the whole.
    """

    kind: ChangeKind
    path: str
    part: str
    id: str | None
    key: str | None
    before: Plain
    after: Plain


def differences(before: Mapping[str, Plain], after: Mapping[str, Plain]) -> list[Change]:
    """What changed from one canonical document to another, in the order of the reference.

    What is left out counts as its default; `before` is empty where there was nothing.
    """
    old, new = parts(before), parts(after)
    whole = {way for way in old.keys() ^ new.keys() if (old.get(way) or new[way]).is_whole}
    changes = [
        change
        for way in _ways(old, new)
        if not _is_inside(way, whole) and (change := _change(old.get(way), new.get(way)))
    ]
    return [*changes, *_reordered(old, new)]


def difference_record(
    before: Mapping[str, Plain], after: Mapping[str, Plain]
) -> list[dict[str, Any]]:
    """What changed, as plain data that a version keeps and an answer carries."""
    return [asdict(change) for change in differences(before, after)]


def _ways(
    old: Mapping[tuple[str, ...], Part], new: Mapping[tuple[str, ...], Part]
) -> list[tuple[str, ...]]:
    """All ways: those of the new document in its order, what is gone after what it stood beside."""
    ways = list(new)
    removed = [way for way in old if way not in new]
    for way in removed:
        beside = [index for index, other in enumerate(ways) if other[:1] == way[:1]]
        ways.insert(beside[-1] + 1 if beside else len(ways), way)
    return ways


def _change(old: Part | None, new: Part | None) -> Change | None:
    here = new or old
    assert here is not None, "a way comes from one of the documents"
    kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED
    if old and new:
        if here.is_whole or is_same(old.plain, new.plain):
            return None  # what changed of a thing with an id is told by its keys
        kind = ChangeKind.CHANGED
    owner = here.named
    return Change(
        kind,
        path=".".join(here.way),
        part=".".join(here.way[: owner - 1]) if owner else here.way[0],
        id=here.way[owner - 1] if owner else None,
        key=".".join(here.way[owner or 1 :]) or None,
        before=old.plain if old else None,
        after=new.plain if new else None,
    )


def _is_inside(way: tuple[str, ...], whole: set[tuple[str, ...]]) -> bool:
    """Whether a way leads into something that came or went as a whole."""
    return any(way[:length] in whole for length in range(1, len(way)))


def _reordered(
    old: Mapping[tuple[str, ...], Part], new: Mapping[tuple[str, ...], Part]
) -> list[Change]:
    """Rules take from budgets in their order: that it changed has to be told."""
    before, after = _rules(old), _rules(new)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before == kept_after:
        return []
    return [Change(ChangeKind.REORDERED, "earn", "earn", None, None, [*before], [*after])]


def _rules(found: Mapping[tuple[str, ...], Part]) -> list[str]:
    return [way[1] for way, part in found.items() if way[0] == "earn" and part.is_whole]
