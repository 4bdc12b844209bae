"""The body that sets a clock."""

from __future__ import annotations

from fiel.intake.contents.base import Body
from fiel.intake.contents.fields import Time


class ClockBody(Body):
    """The moment at which a sandbox lives from now on."""

    now: Time
