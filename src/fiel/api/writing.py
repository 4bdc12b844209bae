"""JSON out: exact decimals, times in UTC."""

from __future__ import annotations

import json
from decimal import Decimal

import orjson


def json_bytes(value: object) -> bytes:
    """Write a value as JSON; a decimal keeps its digits, a time in UTC ends in Z."""
    return orjson.dumps(value, default=_written, option=orjson.OPT_UTC_Z)


def canonical_bytes(value: object) -> bytes:
    """Write a value so that the same content always gives the same bytes."""
    try:
        return orjson.dumps(value, default=_written, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
    except TypeError:  # a number beyond 64 bits, which whoever reads the body will refuse
        return json.dumps(value, default=str, sort_keys=True).encode("utf-8", "surrogatepass")


def _written(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
