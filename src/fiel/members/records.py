"""Members as plain values, and how a row becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self, cast
from uuid import UUID

from fiel.members.plain import read_text
from fiel.members.references import KeyKind, MemberKey


@dataclass(frozen=True, slots=True)
class Person:
    """What is told about a member; identities are in their normal form."""

    external_id: str | None = None
    name: str = ""
    email: str | None = None
    phone: str | None = None
    card: str | None = None
    birthday: date | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)
    attributes: Mapping[str, object] = field(default_factory=dict)

    def keys(self) -> list[MemberKey]:
        """What nobody else may have, in the order in which it is claimed."""
        named = (
            (KeyKind.CARD, self.card),
            (KeyKind.EMAIL, self.email),
            (KeyKind.EXTERNAL_ID, self.external_id),
            (KeyKind.PHONE, self.phone),
        )
        return [MemberKey(kind, value) for kind, value in named if value is not None]


@dataclass(frozen=True, slots=True)
class Member:
    """An enrolled member, as kept."""

    id: UUID
    shard: int
    status: str
    person: Person
    referral_code: str | None
    referred_by: UUID | None
    joined_at: datetime

    COLUMNS = (
        "id, shard, status, external_id, name, email, phone, card, birthday, "
        "consents::text, attributes::text, referral_code, referred_by, joined_at"
    )

    @classmethod
    def of_row(cls, row: tuple[object, ...]) -> Self:
        """Read a row of the columns `COLUMNS`."""
        return cls(
            id=cast(UUID, row[0]),
            shard=cast(int, row[1]),
            status=cast(str, row[2]),
            person=Person(
                external_id=cast("str | None", row[3]),
                name=cast(str, row[4]),
                email=cast("str | None", row[5]),
                phone=cast("str | None", row[6]),
                card=cast("str | None", row[7]),
                birthday=cast("date | None", row[8]),
                consents=cast("Mapping[str, bool]", read_text(cast(str, row[9]))),
                attributes=read_text(cast(str, row[10])),
            ),
            referral_code=cast("str | None", row[11]),
            referred_by=cast("UUID | None", row[12]),
            joined_at=cast(datetime, row[13]),
        )
