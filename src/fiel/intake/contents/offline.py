"""The mark of a till that had no network."""

from __future__ import annotations

from fiel.intake.contents.base import Body
from fiel.intake.contents.fields import ShortText, Time


class OfflineBody(Body):
    """What a till adds to what it did without a network.

    `sent_at` is what its clock shows while it sends: it tells how far that clock is off.
    """

    till: ShortText = ""
    sent_at: Time | None = None
