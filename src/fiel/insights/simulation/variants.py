"""Variants: the same document with other values in a few places, every combination of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from fiel.domain.document import DocumentRefused, Format, read_document
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.contents.errors import invalid

MOST_VARIANTS = 60
_FIELD = "grid"


@dataclass(frozen=True, slots=True)
class Axis:
    """One place of a document, and the values to try there."""

    path: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A program with the values that make it another; `name` says them."""

    name: str
    values: Mapping[str, object]
    program: Program


def axis_of(text: str) -> Axis:
    """Read `PATH=VALUE,VALUE`, such as `earn.base.give.points=1,2`.

    Raises:
        Invalid: it does not say both.
    """
    path, _, values = text.partition("=")
    told = [value.strip() for value in values.split(",") if value.strip()]
    if not path.strip() or not told:
        why = N_("Say PATH=VALUE,VALUE, such as earn.base.give.points=1,2.")
        raise invalid([FieldProblem(_FIELD, "invalid", why)])
    return Axis(path.strip(), tuple(_value(each) for each in dict.fromkeys(told)))


def variants_of(
    plain: Mapping[str, Any], axes: Sequence[Axis], *, today: date | None = None
) -> list[Variant]:
    """Every combination of the values, in the order of the axes.

    Raises:
        Invalid: the document has no such place, there are too many, or one cannot be published.
    """
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if count > MOST_VARIANTS:
        why = N_("These are {count} variants; at most {most} can be tried at once.")
        problem = FieldProblem(_FIELD, "too_many", why, {"count": count, "most": MOST_VARIANTS})
        raise invalid([problem])
    if not axes:
        return []
    return [
        _variant(plain, dict(zip([axis.path for axis in axes], values, strict=True)), today)
        for values in product(*(axis.values for axis in axes))
    ]


def _variant(plain: Mapping[str, Any], values: Mapping[str, object], today: date | None) -> Variant:
    changed = deepcopy(dict(plain))
    for path, value in values.items():
        _put(changed, path, value)
    name = ", ".join(f"{path}={value}" for path, value in values.items())
    try:
        document = read_document(json.dumps(changed), format=Format.JSON, today=today)
    except DocumentRefused as refused:
        first = next(iter(refused.findings))
        raise Invalid(
            N_("The variant {variant} could not be published: {path} is not valid."),
            problems=refused.problems,
            variant=name,
            path=first.path,
        ) from None
    return Variant(name, values, document.program)


def _put(document: dict[str, Any], path: str, value: object) -> None:
    """Set a place of a document; in a list an entry is named by its id, or by its number."""
    *above, last = path.split(".")
    here: Any = document
    for step in above:
        here = _within(here, step, path)
    if isinstance(here, list):
        here[_number(here, last, path)] = value
    elif isinstance(here, dict):
        here[last] = value
    else:
        raise _nowhere(path)


def _within(here: object, step: str, path: str) -> object:
    if isinstance(here, list):
        return here[_number(here, step, path)]
    if isinstance(here, dict) and step in here:
        return here[step]
    raise _nowhere(path)


def _number(entries: list[Any], step: str, path: str) -> int:
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("id") == step:
            return number
    if step.isdecimal() and int(step) < len(entries):
        return int(step)
    raise _nowhere(path)


def _nowhere(path: str) -> Invalid:
    why = N_("The document has no place {path}.")
    return invalid([FieldProblem(_FIELD, "not_found", why, {"path": path})])


def _value(text: str) -> object:
    """A value as JSON would hold it; what is no whole number, true or false stays text."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        return text
