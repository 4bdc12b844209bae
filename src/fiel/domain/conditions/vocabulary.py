"""The names that conditions know: what may be read where, and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

# Longest list from a member's attributes or an activity's properties that a condition walks.
LARGEST_LIST = 1_000
# Longest text that a regular expression is tried on.
LONGEST_MATCHED_TEXT = 1_000


class Scope(StrEnum):
    """What a condition is asked about, which says what it may read."""

    SALE = "sale"
    ACTIVITY = "activity"
    MEMBER = "member"
    SEGMENT = "segment"  # a member at the end of a day, apart from any sale

    @property
    def roots(self) -> tuple[str, ...]:
        """The names that a condition of this scope may read."""
        return _ROOTS[self]

    def fields(self, root: str) -> Mapping[str, Type]:
        """What a condition of this scope may read of a name."""
        if self is Scope.SEGMENT and root == "member":
            return FIELDS_OF_SEGMENTS
        return FIELDS[root]


_ROOTS: Mapping[Scope, tuple[str, ...]] = {
    Scope.SALE: ("line", "sale", "member"),
    Scope.ACTIVITY: ("activity", "member"),
    Scope.MEMBER: ("member",),
    Scope.SEGMENT: ("member",),
}


class Kind(StrEnum):
    """What a value is. Amounts are counted in minor units of the program's currency."""

    BOOLEAN = "boolean"
    TEXT = "text"
    INTEGER = "integer"  # 64 bits, as in CEL
    NUMBER = "number"  # exact, with decimals
    AMOUNT = "amount"
    LIST = "list"
    MAP = "map"
    NULL = "null"
    ANY = "any"  # known when the condition is evaluated


@dataclass(frozen=True, slots=True)
class Type:
    """A kind and, of a list, the type of its elements."""

    kind: Kind
    element: Type | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether arithmetic can be done with it, as far as is known before evaluation."""
        return self.kind in _NUMERIC


_NUMERIC = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.AMOUNT, Kind.ANY})

BOOLEAN = Type(Kind.BOOLEAN)
TEXT = Type(Kind.TEXT)
INTEGER = Type(Kind.INTEGER)
NUMBER = Type(Kind.NUMBER)
AMOUNT = Type(Kind.AMOUNT)
MAP = Type(Kind.MAP)
NULL = Type(Kind.NULL)
ANY = Type(Kind.ANY)


def list_of(element: Type) -> Type:
    """The type of lists of `element`."""
    return Type(Kind.LIST, element)


# `line.unit_price` is a number, not an amount: it is kept in major units, with any decimals.
FIELDS: Mapping[str, Mapping[str, Type]] = {
    "line": {
        "sku": TEXT,
        "name": TEXT,
        "category": TEXT,
        "quantity": NUMBER,
        "unit_price": NUMBER,
        "net": AMOUNT,
        "gross": AMOUNT,
        "margin": AMOUNT,
    },
    "sale": {"net": AMOUNT, "gross": AMOUNT, "store": TEXT, "channel": TEXT, "items": NUMBER},
    "member": {
        "tier": TEXT,
        "joined_days": INTEGER,
        "birthday_month": INTEGER,
        "segments": list_of(TEXT),
        "attributes": MAP,
        "spend": AMOUNT,
        "visits": INTEGER,
    },
    "activity": {"type": TEXT, "properties": MAP},
}

# What the `where` of a segment may read of a member: all but the segments, and what was bought.
FIELDS_OF_SEGMENTS: Mapping[str, Type] = {
    **{name: kind for name, kind in FIELDS["member"].items() if name != "segments"},
    "recency_days": INTEGER,
    "frequency": INTEGER,
    "spend_365": AMOUNT,
    "average_spend": AMOUNT,
    "rfm": TEXT,
    "answers": MAP,
}

METHODS = ("startsWith", "endsWith", "contains", "matches", "size")
MACROS = ("all", "exists", "exists_one", "map", "filter")
FUNCTIONS = ("has", "size", "int", "double", "string")


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is probably a misspelling of."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
