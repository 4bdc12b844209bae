"""What callers send and ask about alerts."""

from __future__ import annotations

from typing import Literal

from fiel.api.bodies.queries import Page
from fiel.intake.contents.base import Body
from fiel.intake.contents.fields import LongText


class Alerts(Page):
    """Which alerts: those in a state; without one, those that nobody has closed."""

    state: Literal["open", "seen", "closed"] | None = None


class Closing(Body):
    """Why an alert is closed."""

    note: LongText = ""
