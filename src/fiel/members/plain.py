"""Free values of a member as JSON text, with exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal

import orjson


def json_text(value: object) -> str:
    """Write a value as JSON; a decimal keeps its digits."""
    return orjson.dumps(value, default=_exact).decode()


def read_text(text: str) -> dict[str, object]:
    """Read an object back; numbers with a point are exact decimals."""
    value: dict[str, object] = json.loads(text, parse_float=Decimal)
    return value


def _exact(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
