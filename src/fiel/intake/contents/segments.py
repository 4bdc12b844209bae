"""The body that asks about a segment which is only thought of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fiel.domain.conditions import LONGEST_TEXT
from fiel.intake.contents.base import Body


class PreviewBody(Body):
    """The condition of the segment, as in `segments` of a program."""

    where: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
