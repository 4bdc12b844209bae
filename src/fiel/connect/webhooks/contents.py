"""The bodies by which webhook endpoints are made, changed and told again."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from fiel.connect.webhooks.addresses import LONGEST_URL, read_url
from fiel.connect.webhooks.endpoints import Changes
from fiel.domain.language import N_
from fiel.intake.contents.base import Body
from fiel.intake.contents.fields import LongText, refuse

MOST_TYPES = 50
LONGEST_TYPE = 100
LONGEST_CURSOR = 500

_TYPE = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)*(\.\*)?")


def _read_type(value: str) -> str:
    if not _TYPE.fullmatch(value):
        refuse("format", N_("It must be the type of an event, or a group such as “sale.*”."))
    return value


Url = Annotated[
    str,
    Field(max_length=LONGEST_URL),
    AfterValidator(read_url),
    WithJsonSchema({"type": "string", "format": "uri", "maxLength": LONGEST_URL}),
]
EventType = Annotated[
    str,
    Field(max_length=LONGEST_TYPE),
    AfterValidator(_read_type),
    WithJsonSchema({"type": "string", "pattern": f"^{_TYPE.pattern}$", "maxLength": LONGEST_TYPE}),
]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=MOST_TYPES)]


class EndpointBody(Body):
    """Where to tell what happens; without `types`, all of it."""

    url: Url
    types: EventTypes | None = None
    description: LongText = ""


class EndpointPatch(Body):
    """What is to be changed; what is left out stays, and null for `types` means all."""

    url: Url | None = None
    types: EventTypes | None = None
    description: LongText | None = None
    enabled: bool | None = None


class ReplayBody(Body):
    """Where to begin again: after a cursor of `GET /events` or a `sequence`; null: all."""

    after: Annotated[str, Field(max_length=LONGEST_CURSOR)] | None


def changes_of(body: EndpointPatch) -> Changes:
    """What a patch changes: null for anything but `types` changes nothing."""
    changes = Changes()
    if body.url is not None:
        changes["url"] = body.url
    if "types" in body.model_fields_set:
        changes["types"] = body.types
    if body.description is not None:
        changes["description"] = body.description
    if body.enabled is not None:
        changes["enabled"] = body.enabled
    return changes
