"""Conditions in words: the forms that merchants use are told, any other is shown as it is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from babel.dates import get_month_names

from fiel.domain.conditions import Condition
from fiel.domain.conditions.tree import (
    Compare,
    Comparison,
    Convert,
    Elements,
    Every,
    Field,
    Item,
    Literal,
    Node,
    Not,
    Some,
    Within,
)
from fiel.domain.conditions.vocabulary import Kind
from fiel.domain.language import N_
from fiel.programs.words.speaker import Speaker

# What a text must be, one of several; what it must not be, one of several.
_TEXTS = {
    ("line", "category"): (
        N_("Only on items of the category {value}."),
        N_("Only on items of the categories {value}."),
        N_("Not on items of the category {value}."),
        N_("Not on items of the categories {value}."),
    ),
    ("line", "sku"): (
        N_("Only on the item {value}."),
        N_("Only on the items {value}."),
        N_("Not on the item {value}."),
        N_("Not on the items {value}."),
    ),
    ("line", "name"): (
        N_("Only on the item {value}."),
        N_("Only on the items {value}."),
        N_("Not on the item {value}."),
        N_("Not on the items {value}."),
    ),
    ("sale", "store"): (
        N_("Only at the store {value}."),
        N_("Only at the stores {value}."),
        N_("Not at the store {value}."),
        N_("Not at the stores {value}."),
    ),
    ("sale", "channel"): (
        N_("Only through the channel {value}."),
        N_("Only through the channels {value}."),
        N_("Not through the channel {value}."),
        N_("Not through the channels {value}."),
    ),
    ("member", "tier"): (
        N_("Only if your tier is {value}."),
        N_("Only if your tier is {value}."),
        N_("Not if your tier is {value}."),
        N_("Not if your tier is {value}."),
    ),
    ("activity", "type"): (
        N_("Only for the activity {value}."),
        N_("Only for the activities {value}."),
        N_("Not for the activity {value}."),
        N_("Not for the activities {value}."),
    ),
}
_NUMBERS = {
    ("sale", "net"): N_("Only on purchases of {amount}, before tax."),
    ("sale", "gross"): N_("Only on purchases of {amount}, tax included."),
    ("sale", "items"): N_("Only on purchases of {amount} items."),
    ("line", "net"): N_("Only on items that add up to {amount}, before tax."),
    ("line", "gross"): N_("Only on items that add up to {amount}, tax included."),
    ("line", "unit_price"): N_("Only on items with a price of {amount}, before tax."),
    ("line", "quantity"): N_("Only on items of which you buy {amount}."),
    ("member", "joined_days"): N_("Only if you have been a member for {amount} days."),
    ("member", "visits"): N_("Only if you have made {amount} purchases so far."),
    ("member", "spend"): N_("Only if you have spent {amount} so far."),
}
_AMOUNTS = {
    Comparison.AT_LEAST: N_("{amount} or more"),
    Comparison.MORE: N_("more than {amount}"),
    Comparison.AT_MOST: N_("{amount} or less"),
    Comparison.LESS: N_("less than {amount}"),
    Comparison.EQUAL: N_("exactly {amount}"),
}
_TURNED = {
    Comparison.AT_LEAST: Comparison.AT_MOST,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.LESS: Comparison.MORE,
}
_OPPOSITE = {
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.MORE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.MORE,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.EQUAL: Comparison.DIFFERENT,
    Comparison.DIFFERENT: Comparison.EQUAL,
}


class _Untold(Exception):
    """No words are known for this form of condition."""


def condition_sentences(speaker: Speaker, condition: Condition | None) -> list[str]:
    """A condition as sentences about you; the condition itself where no words are known."""
    if condition is None:
        return []
    try:
        if condition.tree is None:
            raise _Untold
        return _Teller(speaker).sentences(condition.tree)
    except _Untold:
        return [speaker.say(N_("Condition: {condition}"), condition=f"`{condition.text}`")]


class _Teller:
    """Tells the tree of one condition."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    def sentences(self, node: Node) -> list[str]:
        match node:
            case Every(parts):
                return [sentence for part in parts for sentence in self.sentences(part)]
            case Some(parts):
                return [self._one_is_enough(parts)]
            case Not(Not(part)):
                return self.sentences(part)
            case Not(Compare(comparison, left, right)) if comparison in _OPPOSITE:
                return [self._comparison(_OPPOSITE[comparison], left, right)]
            case Not(Within(item, container)):
                return [self._within(item, container, is_in=False)]
            case Compare(comparison, left, right):
                return [self._comparison(comparison, left, right)]
            case Within(item, container):
                return [self._within(item, container, is_in=True)]
            case _:
                raise _Untold

    def _one_is_enough(self, parts: Sequence[Node]) -> str:
        values = [self._equal_texts(part) for part in parts]
        fields = {value[0] for value in values if value}
        if len(fields) == 1 and all(values):
            texts = [text for value in values if value for text in value[1]]
            return self._texts(fields.pop(), texts, is_in=True)
        told = [self.sentences(part) for part in parts]
        if any(len(sentences) != 1 for sentences in told):
            raise _Untold
        alternatives = [sentences[0].rstrip(".") for sentences in told]
        return self.speaker.say(
            N_("One of these is enough: {alternatives}."),
            alternatives="; ".join(text[:1].lower() + text[1:] for text in alternatives),
        )

    def _equal_texts(self, node: Node) -> tuple[tuple[str, str], list[str]] | None:
        match node:
            case Compare(Comparison.EQUAL, Field(root, name), Literal(str() as text)):
                return (root, name), [text]
            case Within(Field(root, name), Elements(items)):
                return (root, name), _texts_of(items)
            case _:
                return None

    def _comparison(self, comparison: Comparison, left: Node, right: Node) -> str:
        if isinstance(_plain(left), Literal):
            left, right, comparison = right, left, _TURNED.get(comparison, comparison)
        literal = _plain(right)
        if not isinstance(literal, Literal):
            raise _Untold
        match _plain(left):
            case Field(root, name) as field:
                return self._field(field, comparison, literal, (root, name))
            case Item(Field(root, _), Literal(str() as key)):
                return self._property(root, key, comparison, literal)
            case _:
                raise _Untold

    def _field(
        self, field: Field, comparison: Comparison, literal: Literal, name: tuple[str, str]
    ) -> str:
        if isinstance(literal.value, str):
            if comparison not in (Comparison.EQUAL, Comparison.DIFFERENT):
                raise _Untold
            return self._texts(name, [literal.value], is_in=comparison is Comparison.EQUAL)
        if name == ("member", "birthday_month") and comparison is Comparison.EQUAL:
            return self._birthday([literal])
        if name not in _NUMBERS or comparison not in _AMOUNTS:
            raise _Untold
        amount = self.speaker.say(_AMOUNTS[comparison], amount=self._amount(field, literal))
        return self.speaker.say(_NUMBERS[name], amount=amount)

    def _amount(self, field: Field, literal: Literal) -> str:
        value = literal.value
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise _Untold
        number = Fraction(value)
        if (field.root, field.name) == ("line", "unit_price"):
            number *= self.speaker.program.currency.minor_per_major
        elif field.type.kind is not Kind.AMOUNT:
            return self.speaker.number(number)
        if number.denominator != 1:
            raise _Untold
        return self.speaker.money(int(number))

    def _property(self, root: str, key: str, comparison: Comparison, literal: Literal) -> str:
        if comparison not in (Comparison.EQUAL, Comparison.DIFFERENT):
            raise _Untold
        value = literal.value
        if isinstance(value, str):
            said = self.speaker.quoted(value)
        elif isinstance(value, int | Fraction) and not isinstance(value, bool):
            said = self.speaker.number(value)
        else:
            raise _Untold
        is_same = comparison is Comparison.EQUAL
        if root == "member":
            msgid = (
                N_("Only if your {key} is {value}.")
                if is_same
                else N_("Not if your {key} is {value}.")
            )
        else:
            msgid = N_("Only if {key} is {value}.") if is_same else N_("Not if {key} is {value}.")
        return self.speaker.say(msgid, key=self.speaker.quoted(key), value=said)

    def _within(self, item: Node, container: Node, *, is_in: bool) -> str:
        match item, container:
            case Field("member", "birthday_month"), Elements(items) if is_in:
                return self._birthday(items)
            case Field(root, name), Elements(items):
                return self._texts((root, name), _texts_of(items), is_in=is_in)
            case Literal(str() as segment), Field("member", "segments"):
                msgid = (
                    N_("Only if you are in the group {value}.")
                    if is_in
                    else N_("Not if you are in the group {value}.")
                )
                return self.speaker.say(msgid, value=self.speaker.segment(segment))
            case _:
                raise _Untold

    def _texts(self, name: tuple[str, str], texts: Sequence[str], *, is_in: bool) -> str:
        if name not in _TEXTS or not texts or "" in texts:
            raise _Untold
        says_tiers = name == ("member", "tier")
        quoted = [
            self.speaker.tier(text) if says_tiers else self.speaker.quoted(text) for text in texts
        ]
        one, many, not_one, not_many = _TEXTS[name]
        if is_in:
            msgid = one if len(texts) == 1 else many
        else:
            msgid = not_one if len(texts) == 1 else not_many
        return self.speaker.say(msgid, value=self.speaker.any_of(quoted))

    def _birthday(self, literals: Sequence[Node]) -> str:
        months = [
            node.value
            for node in literals
            if isinstance(node, Literal) and isinstance(node.value, int)
        ]
        if len(months) != len(literals) or not all(1 <= month <= 12 for month in months):
            raise _Untold
        names = _month_names(self.speaker.language)
        return self.speaker.say(
            N_("Only if your birthday is in {months}."),
            months=self.speaker.any_of([names[month] for month in months]),
        )


@cache
def _month_names(language: str) -> dict[int, str]:
    return {month: str(name) for month, name in get_month_names("wide", locale=language).items()}


def _plain(node: Node) -> Node:
    """A value without the conversion that only compares it."""
    return _plain(node.value) if isinstance(node, Convert) and node.factor == 1 else node


def _texts_of(items: Sequence[Node]) -> list[str]:
    texts = [
        item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str)
    ]
    if len(texts) != len(items):
        raise _Untold
    return texts
