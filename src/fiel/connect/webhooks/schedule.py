"""When a message that was not taken is sent again, and when it is given up."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=5)
FACTOR = 3
LONGEST_WAIT = timedelta(hours=12)
GIVEN_UP_AFTER = timedelta(hours=72)
LONGEST_ASKED = timedelta(hours=24)  # that a receiver can ask to be left alone

# A wait is up to a fifth shorter or longer, so that what failed together does not return together.
_STEPS = 10_000
_SPREAD = 2_000


def next_attempt(
    number: int, *, first_at: datetime, now: datetime, asked: timedelta | None
) -> datetime | None:
    """When to try again after attempt `number` failed; None when it is given up.

    `asked` is how long the receiver wants to be left alone.
    """
    if now - first_at >= GIVEN_UP_AFTER:
        return None
    wait: timedelta = min(FIRST_WAIT * FACTOR ** min(number - 1, 20), LONGEST_WAIT)
    wait = wait * (_STEPS - _SPREAD + secrets.randbelow(2 * _SPREAD + 1)) / _STEPS
    if asked is not None:
        wait = max(wait, min(asked, LONGEST_ASKED))
    return now + wait
