"""Bodies about what moves between people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import Code, ExternalId, LongText, Points, Source


class TransferBody(Body):
    """Points that one member gives another; `unit` may be left out where there is only one."""

    external_id: ExternalId | None = None
    source: Source = ""
    from_: Annotated[Ref, Field(alias="from")]
    to: Ref
    unit: Code | None = None
    points: Points
    reason: LongText = ""


class MergeBody(Body):
    """The member who survives."""

    into: Ref


class ClaimBody(Body):
    """Whose sale it is."""

    member: Ref


class HouseholdBody(Body):
    """People who pool their points."""

    name: Annotated[LongText, Field(min_length=1)]
    members: Annotated[list[Ref], Field(min_length=1, max_length=50)]
