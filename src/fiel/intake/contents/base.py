"""What all bodies share."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from typing import Annotated
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema

from fiel.domain.language import N_
from fiel.intake.contents.fields import is_text, read_uuid, refuse
from fiel.members.identity import sought_key
from fiel.members.references import KeyKind, MemberRef

# By what a member may be named in a body or a query.
NAMED_BY = (KeyKind.EXTERNAL_ID, KeyKind.PHONE, KeyKind.EMAIL, KeyKind.CARD)
LONGEST_NAME = 320


class Body(BaseModel):
    """A body that knows all its fields: a misspelt one is refused, not forgotten."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def fingerprint_of(body: Body) -> bytes:
    """What tells a repeat of a body from another content: the same however it was written."""
    told = orjson.dumps(
        body.model_dump(warnings=False), default=_plain, option=orjson.OPT_SORT_KEYS
    )
    return blake2b(told, digest_size=16).digest()


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def read_member_ref(value: object) -> MemberRef:
    """Read a member's id, or an object of exactly one of the other names.

    A phone number is left as it came: its normal form depends on the program's country.
    """
    if type(value) is str:
        member_id = read_uuid(value)
        if member_id is None:
            refuse(
                "format", N_("A member is named by id, or by external_id, phone, email or card.")
            )
        return member_id
    if type(value) is not dict or len(value) != 1:
        refuse("type", N_("A member is named by id, or by external_id, phone, email or card."))
    (name, named) = next(iter(value.items()))
    if name == "id":
        return read_member_ref(named) if type(named) is str else refuse_ref()
    if name not in NAMED_BY or not is_text(named, longest=LONGEST_NAME):
        refuse_ref()
    return sought_key(KeyKind(name), named)


def refuse_ref() -> UUID:
    """Refuse a member's name."""
    refuse("type", N_("A member is named by id, or by external_id, phone, email or card."))


_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
MEMBER_REF_SCHEMA = {
    "oneOf": [
        {"type": "string", "format": "uuid"},
        *(
            {
                "type": "object",
                "properties": {str(kind): _TEXT},
                "required": [str(kind)],
                "additionalProperties": False,
            }
            for kind in NAMED_BY
        ),
    ],
    "description": "A member's id, or one of external_id, phone, email, card.",
}
Ref = Annotated[MemberRef, PlainValidator(read_member_ref), WithJsonSchema(MEMBER_REF_SCHEMA)]
