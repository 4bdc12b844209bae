"""Amounts of units, targets and conditions in fields of a form."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import override

from fiel.domain.conditions import Scope
from fiel.domain.conditions.rows import Group, Joined, Operator, Row, Value, rows_of, text_of
from fiel.programs.editing import kinds
from fiel.programs.editing.kinds import Fields, Kind, Numeric, first, number_meant
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Said


@dataclass(frozen=True)
class UnitAmounts(Numeric):
    """So much of each unit; other keys of the block stay as they are."""

    beside: tuple[str, ...] = ()

    widget = "unit_amounts"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        block = said if isinstance(said, dict) else {}
        return {key: [kinds.text_of(each)] for key, each in block.items() if key not in self.beside}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        block = was if isinstance(was, dict) else {}
        amounts: dict[str, Said] = {}
        for unit in {**dict.fromkeys(key for key in block if key not in self.beside),
                     **dict.fromkeys(key for key in fields if key)}:  # fmt: skip
            value = number_meant(first(fields, unit), block.get(unit))
            if value is not None:
                amounts[unit] = value
        return {**amounts, **{k: v for k, v in block.items() if k in self.beside}} or None

    @override
    def can_show(self, said: Said) -> bool:
        return said is None or isinstance(said, dict)

    def rows(self, said: Said, known: Known) -> Sequence[tuple[str, str]]:
        """The units to ask for, each with its name: those there are and those that stand here."""
        standing = [key for key in said if key not in self.beside] if isinstance(said, dict) else []
        named = dict(known.named("units"))
        return [*named.items(), *((unit, unit) for unit in standing if unit not in named)]


DEEPEST_SENT = 8
_TARGET = re.compile(r"([-+]?)([0-9]{1,15}(?:\.[0-9]{1,6})?)(%?)")


@dataclass(frozen=True)
class Target(Numeric):
    """A change in percent, or a figure."""

    widget = "target"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        text = kinds.text_of(said).replace(" ", "")
        found = _TARGET.fullmatch(text)
        if found is None:
            return {"how": ["figure"] if text else [], "number": [text]}
        sign, digits, percent = found.groups()
        if percent and sign:
            return {"how": ["more" if sign == "+" else "less"], "number": [digits]}
        return {"how": ["percent" if percent else "figure"], "number": [sign + digits]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        digits = kinds.digits_of(first(fields, "number"))
        if not digits:
            return None
        match first(fields, "how"):
            case "more":
                return f"+{digits}%"
            case "less":
                return f"-{digits}%"
            case "percent":
                return f"{digits}%"
            case _:
                return number_meant(digits, was)


@dataclass(frozen=True)
class Condition(Kind):
    """A condition, as rows or as a text."""

    scope: Scope | None = None  # None: what the event of the rule says, or what a milestone counts

    widget = "condition"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"mode": ["text"], "text": [kinds.text_of(said)], "rows": [""]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        if first(fields, "mode") != "rows":
            return first(fields, "text").replace("\r\n", "\n").strip() or None
        return text_of(rows_typed(first(fields, "rows"))) or None

    @override
    def is_same(self, fields: Fields, was: Said, known: Known) -> bool:
        text = kinds.text_of(was)
        if first(fields, "mode") != "rows":
            return first(fields, "text").replace("\r\n", "\n").strip() == text.strip()
        typed = rows_typed(first(fields, "rows"))
        return any(rows_of(text, scope) == typed for scope in Scope)

    def is_unfinished(self, fields: Fields) -> bool:
        """Whether a row that was sent says nothing yet, so that it would be left out."""
        return first(fields, "mode") == "rows" and has_unfinished(first(fields, "rows"))


def rows_typed(told: str) -> Group:
    """The rows that a form sent as JSON; what is no row is left out, and rows without a value."""
    try:
        group = json.loads(told or "{}")
    except ValueError:
        return Group(Joined.ALL, ())
    return _group(group) if isinstance(group, dict) else Group(Joined.ALL, ())


def has_unfinished(told: str) -> bool:
    """Whether a row that a form sent as JSON has no value, or one that is none."""
    try:
        group = json.loads(told or "{}")
    except ValueError:
        return True
    return not isinstance(group, dict) or _is_unfinished({"parts": [], **group})


def rows_sent(told: str) -> dict[str, object]:
    """Rows as a form sent them, unfinished ones too, for the same form again."""
    try:
        group = json.loads(told or "{}")
    except ValueError:
        group = {}
    return _sent({"parts": [], **group} if isinstance(group, dict) else {"parts": []})


def rows_told(group: Group) -> dict[str, object]:
    """Rows as JSON for a form."""
    return {
        "join": str(group.joined),
        "parts": [
            rows_told(part) if isinstance(part, Group) else _row_told(part) for part in group.parts
        ],
    }


def _row_told(row: Row) -> dict[str, object]:
    return {
        "attribute": row.attribute,
        "key": row.key,
        "operator": str(row.operator),
        "values": [_value_told(value) for value in row.values],
    }


def _value_told(value: Value) -> dict[str, str]:
    if isinstance(value, bool):
        return {"kind": "flag", "text": "true" if value else "false"}
    if isinstance(value, str):
        return {"kind": "text", "text": value}
    if isinstance(value, int):
        return {"kind": "number", "text": str(value)}
    return {"kind": "number", "text": _digits(value)}


def _digits(number: Fraction) -> str:
    return text_of(Group(Joined.ALL, (Row("line.net", Operator.IS, (number,)),))).split()[-1]


def _group(told: dict[str, object], depth: int = 0) -> Group:
    joined = Joined.ANY if told.get("join") == "any" else Joined.ALL
    listed = told.get("parts")
    parts: list[Row | Group] = []
    for part in listed if isinstance(listed, list) and depth < DEEPEST_SENT else ():
        if not isinstance(part, dict):
            continue
        if "parts" in part:
            inner = _group(part, depth + 1)
            if inner.joined is joined or len(inner.parts) < 2:
                parts += inner.parts
            else:
                parts.append(inner)
        elif row := _row(part):
            parts.append(row)
    return Group(joined, tuple(parts))


def _is_unfinished(told: dict[str, object], depth: int = 0) -> bool:
    if "parts" in told:
        listed = told["parts"]
        return not isinstance(listed, list) or any(
            depth >= DEEPEST_SENT or not isinstance(part, dict) or _is_unfinished(part, depth + 1)
            for part in listed
        )
    row, values = _row(told), told.get("values")
    if row is None or told.get("key") == "":
        return True
    return bool(row.values) and isinstance(values, list) and None in map(_value, values)


def _sent(told: dict[str, object], depth: int = 0) -> dict[str, object]:
    listed = told.get("parts" if "parts" in told else "values")
    inner = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    if "parts" in told:
        parts = [_sent(part, depth + 1) for part in inner] if depth < DEEPEST_SENT else []
        return {"join": "any" if told.get("join") == "any" else "all", "parts": parts}
    key = told.get("key")
    return {
        "attribute": str(told.get("attribute", "")),
        "key": key if isinstance(key, str) else None,
        "operator": str(told.get("operator", "")),
        "values": [{name: str(each.get(name, "")) for name in ("kind", "text")} for each in inner],
    }


_NAME = re.compile(r"[a-z]+\.[a-z_0-9]+")


def _row(told: dict[str, object]) -> Row | None:
    attribute, key, listed = told.get("attribute"), told.get("key"), told.get("values")
    if not isinstance(attribute, str) or not _NAME.fullmatch(attribute):
        return None
    try:
        operator = Operator(str(told.get("operator")))
    except ValueError:
        return None
    found = [_value(each) for each in listed] if isinstance(listed, list) else []
    values = tuple(value for value in found if value is not None)
    named = key if isinstance(key, str) and key else None
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        return Row(attribute, operator, (), named) if named else None
    if not values:
        return None
    if operator not in (Operator.ONE_OF, Operator.NONE_OF):
        values = values[:1]
    return Row(attribute, operator, values, named)


def _value(told: object) -> Value | None:
    if not isinstance(told, dict):
        return None
    text = str(told.get("text", ""))
    match told.get("kind"):
        case "flag":
            return text == "true"
        case "number":
            digits = kinds.digits_of(text)
            if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", digits):
                return None
            return Fraction(digits) if "." in digits else int(digits)
        case _:
            return text or None
