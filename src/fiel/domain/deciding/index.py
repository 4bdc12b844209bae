"""An index of rules by the texts without which their conditions cannot hold.

A chain has hundreds of promotions for a category, an article or a shop, and a basket meets a few
of them: the others need not be asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from fiel.domain.activity import Line, Sale
from fiel.domain.conditions import Condition
from fiel.domain.conditions.tree import (
    Compare,
    Comparison,
    Elements,
    Every,
    Field,
    Literal,
    Node,
    Within,
)
from fiel.domain.deciding.prepared import Spoken

# Looking rules up is worth its while when it saves asking more than these.
_FEW = 8

type Needed = tuple[str, frozenset[str]]  # a field, dotted, and the texts that it must be one of

_FIELDS = ("line.category", "line.sku", "sale.store", "sale.channel")


class Index[Rule: Spoken]:
    """Rules in the order of the document, findable by the texts that they need."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._all = tuple(rules)
        self._always: list[int] = []
        by_field: dict[str, dict[str, list[int]]] = {field: {} for field in _FIELDS}
        for place, rule in enumerate(rules):
            needed = needed_texts(rule.where)
            if needed is None:
                self._always.append(place)
                continue
            field, texts = needed
            for text in texts:
                by_field[field].setdefault(text, []).append(place)
        self._by_category, self._by_sku, self._by_store, self._by_channel = by_field.values()
        self._is_worth_asking = len(self._all) - len(self._always) > _FEW

    def candidates(self, sale: Sale | None, lines: Sequence[Line]) -> Sequence[Rule]:
        """The rules whose conditions may hold, in their order; all the others cannot."""
        if sale is None or not self._is_worth_asking:
            return self._all
        places = {*self._by_store.get(sale.store, ()), *self._by_channel.get(sale.channel, ())}
        for line in lines:
            if line.category in self._by_category:
                places.update(self._by_category[line.category])
            if line.sku in self._by_sku:
                places.update(self._by_sku[line.sku])
        places.update(self._always)
        rules = self._all
        return [rules[place] for place in sorted(places)]


def needed_texts(condition: Condition | None) -> Needed | None:
    """A field that must have one of some texts for a condition to hold, where there is one."""
    if condition is None or condition.tree is None:
        return None
    return _needed(condition.tree)


def _needed(node: Node) -> Needed | None:
    match node:
        case Compare(Comparison.EQUAL, Field() as field, Literal(str() as text)) | Compare(
            Comparison.EQUAL, Literal(str() as text), Field() as field
        ):
            return _by_field(field, frozenset({text}))
        case Within(Field() as field, Elements(items)):
            texts = [item.value for item in items if isinstance(item, Literal)]
            if len(texts) == len(items):
                return _by_field(field, frozenset(text for text in texts if isinstance(text, str)))
        case Every(parts):
            # False in one part is false in all, even beside a part that cannot be evaluated.
            return next((found for part in parts if (found := _needed(part))), None)
        case _:
            pass
    return None


def _by_field(field: Field, texts: frozenset[str]) -> Needed | None:
    name = f"{field.root}.{field.name}"
    return (name, texts) if name in _FIELDS else None
