"""The description of `transfers`: what members may give each other."""

from __future__ import annotations

from fiel.domain.document.earning import LIMIT
from fiel.domain.document.numbers import Whole
from fiel.domain.document.shapes import Either, Fields, Record, Shape, defaulted, optional
from fiel.domain.language import N_
from fiel.domain.program import Transfers

_LEAST = defaulted("min", Whole(1), 1, 1, "How many points a transfer has at least.")
_MOST = optional("max", Whole(1), "How many points a transfer has at most.")
_LIMIT = optional("limit", LIMIT, "How often a member may give points away.")


def _transfers(fields: Fields) -> Transfers:
    least, most = fields[_LEAST], fields[_MOST]
    if most is not None and most < least:
        raise fields.place(_MOST).refuse(
            "transfer_bounds",
            N_("“max” is less than “min”."),
            N_("Write a “max” of at least {least}."),
            least=least,
        )
    return Transfers(least=least, most=most, limit=fields[_LIMIT])


_SHAPE: Shape[Transfers | None] = Either(
    "never",
    None,
    Record(
        "transfers",
        (_LEAST, _MOST, _LIMIT),
        _transfers,
        doc="What members may give each other.",
    ),
)
TRANSFERS = defaulted(
    "transfers",
    _SHAPE,
    Transfers(),
    None,
    "What members may give each other; `never`: nothing. Left out: any number of points.",
)
