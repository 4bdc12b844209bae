"""What a member's pass says, whichever wallet it is in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256

import orjson


@dataclass(frozen=True, slots=True)
class PassContent:
    """A member's pass: whose it is, what the till reads, and what stands on it."""

    slug: str
    program_name: str
    color: str  # "#rrggbb"
    on_color: str
    member_id: str
    member_name: str
    barcode: str
    balance_label: str
    balance: str
    tier_label: str
    tier: str
    next_label: str
    next_text: str
    url: str  # of the member's page
    language: str

    def digest(self) -> bytes:
        """A digest that is another whenever the pass says something else."""
        return sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).digest()
