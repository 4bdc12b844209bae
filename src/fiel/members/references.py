"""How a caller names a member: by id, or by something that only that member has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class KeyKind(StrEnum):
    """What is unique to a member within a program, beside the id."""

    EXTERNAL_ID = "external_id"
    PHONE = "phone"
    EMAIL = "email"
    CARD = "card"
    REFERRAL_CODE = "referral_code"


@dataclass(frozen=True, slots=True)
class MemberKey:
    """A member named by something unique; the value is in its normal form (see `identity`)."""

    kind: KeyKind
    value: str


# A member is named by id or by key.
type MemberRef = UUID | MemberKey
