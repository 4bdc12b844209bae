"""The check of segments that conditions name: one that nobody can be in is doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from fiel.domain.conditions import Condition
from fiel.domain.conditions.tree import Field, Literal, Node, Within, nodes_of
from fiel.domain.document.nodes import Listing
from fiel.domain.document.reading import Cursor, node_at, suggestion
from fiel.domain.document.segmenting import RFM_GROUPS
from fiel.domain.language import N_
from fiel.domain.program import Program

_WHERE = "where"


def check_segments(program: Program, root: Cursor) -> None:
    """Note where a condition asks for a segment that is neither the program's nor a group."""
    known = {*program.segments, *RFM_GROUPS}
    for key, index, condition in _conditions(program):
        for name in segments_named(condition):
            if name not in known:
                found = suggestion(name, known)
                remedy = found.pop("remedy", N_("Add it under “segments”."))
                _at(root, key, index).warn(
                    "unknown_segment",
                    N_("There is no segment “{name}”: nobody can be in it."),
                    remedy,
                    name=name[:80],
                    **found,
                )


def segments_named(condition: Condition) -> list[str]:
    """The segments that a condition looks for by `in`, each once."""
    tree: Node | None = condition.tree
    found = [
        node.item.value
        for node in (nodes_of(tree) if tree is not None else ())
        if isinstance(node, Within)
        and isinstance(node.item, Literal)
        and isinstance(node.item.value, str)
        and isinstance(node.container, Field)
        and (node.container.root, node.container.name) == ("member", "segments")
    ]
    return list(dict.fromkeys(found))


def _conditions(program: Program) -> Iterator[tuple[str, int, Condition]]:
    told = {
        "earn": [rule.where for rule in program.earn],
        "milestones": [milestone.where for milestone in program.milestones],
        "rewards": [reward.where for reward in program.rewards.values()],
        "coupons": [coupon.where for coupon in program.coupons.values()],
    }
    for key, conditions in told.items():
        for index, condition in enumerate(conditions):
            if condition is not None:
                yield key, index, condition


def _at(root: Cursor, key: str, index: int) -> Cursor:
    listing = node_at(root.node, key)
    if not isinstance(listing, Listing):
        return root
    item = root.child(key, listing).item(index, listing.items[index])
    where = node_at(item.node, _WHERE)
    return item.child(_WHERE, where) if where is not None else item
