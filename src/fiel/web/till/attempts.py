"""How often one address may try, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Attempts:
    """At most so many tries of one address within a window."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _tried: dict[str, list[float]] = field(default_factory=dict)

    def may(self, address: str) -> bool:
        """Count a try; whether it was within bounds."""
        now = self.clock()
        if len(self._tried) >= MOST_REMEMBERED:
            self._tried.clear()
        tried = [at for at in self._tried.get(address, ()) if at > now - self.seconds]
        tried.append(now)
        self._tried[address] = tried[-self.most - 1 :]
        return len(tried) <= self.most
