"""Shifts: who is signed in at a till, told by a mark that only this installation can have made."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LONGEST = 300


class Purpose(StrEnum):
    """What a mark is for.

    SHIFT: works until the shift ends. KEPT: sends what was done without a network, later.
    APPROVAL: lets another go beyond a limit, for a few minutes.
    """

    SHIFT = "s"
    KEPT = "k"
    APPROVAL = "a"


LASTS = {
    Purpose.SHIFT: timedelta(hours=14),
    Purpose.KEPT: timedelta(days=90),
    Purpose.APPROVAL: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Shift:
    """A cashier at a till, until a moment."""

    purpose: Purpose
    device_id: UUID
    cashier_id: UUID
    epoch: int
    ends_at: datetime


class Shifts:
    """Writes and reads the marks of shifts."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"fiel.staff.tills.shifts", hashlib.sha256)

    def start(
        self, purpose: Purpose, device_id: UUID, cashier_id: UUID, epoch: int, *, now: datetime
    ) -> tuple[str, datetime]:
        """A mark, and when it ends."""
        ends_at = (now + LASTS[purpose]).replace(microsecond=0)
        content = f"{purpose}.{device_id.hex}.{cashier_id.hex}.{epoch}.{int(ends_at.timestamp())}"
        return f"{content}.{self._mark(content)}", ends_at

    def read(self, text: str, *, now: datetime) -> Shift | None:
        """The shift that a mark stands for; None where it was not made here, or is over."""
        if len(text) > LONGEST or not text.isascii():
            return None
        content, _, mark = text.rpartition(".")
        if not hmac.compare_digest(mark, self._mark(content)):
            return None
        purpose, device, cashier, epoch, ends = content.split(".")
        ends_at = datetime.fromtimestamp(int(ends), tz=now.tzinfo)
        if ends_at <= now:
            return None
        return Shift(Purpose(purpose), UUID(device), UUID(cashier), int(epoch), ends_at)

    def _mark(self, content: str) -> str:
        digest = hmac.digest(self._secret, content.encode("ascii"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
