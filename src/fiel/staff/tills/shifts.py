"""Shifts: who is signed in at a till, told by a mark that only this installation can have made."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import orjson

from fiel.staff.tills.cashiers import Cashier
from fiel.staff.tills.devices import Device

LONGEST = 1_500


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
    """A cashier at a till, until a moment; name and store as they were when it started.

    What is sent again bears the same name and store then, whatever was renamed meanwhile.
    """

    purpose: Purpose
    device_id: UUID
    cashier_id: UUID
    epoch: int
    ends_at: datetime
    name: str
    store: str


class Shifts:
    """Writes and reads the marks of shifts."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"fiel.staff.tills.shifts", hashlib.sha256)

    def start(
        self, purpose: Purpose, device: Device, cashier: Cashier, *, now: datetime
    ) -> tuple[str, datetime]:
        """A mark, and when it ends."""
        ends_at = (now + LASTS[purpose]).replace(microsecond=0)
        told = [
            purpose,
            device.id.hex,
            cashier.id.hex,
            cashier.epoch,
            int(ends_at.timestamp()),
            cashier.name,
            device.store,
        ]
        content = _text(orjson.dumps(told))
        return f"{content}.{self._mark(content)}", ends_at

    def read(self, text: str, *, now: datetime) -> Shift | None:
        """The shift that a mark stands for; None where it was not made here, or is over."""
        if len(text) > LONGEST or not text.isascii():
            return None
        content, _, mark = text.rpartition(".")
        if not hmac.compare_digest(mark, self._mark(content)):
            return None
        purpose, device, cashier, epoch, ends, name, store = orjson.loads(
            base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
        )
        ends_at = datetime.fromtimestamp(ends, tz=now.tzinfo)
        if ends_at <= now:
            return None
        return Shift(Purpose(purpose), UUID(device), UUID(cashier), epoch, ends_at, name, store)

    def _mark(self, content: str) -> str:
        return _text(hmac.digest(self._secret, content.encode("ascii"), hashlib.sha256))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
