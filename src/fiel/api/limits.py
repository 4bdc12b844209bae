"""How many requests a key may make: a bucket of tokens per key, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from uuid import UUID

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many requests within a window; a pause fills the bucket again."""

    requests: int = 600_000
    window_seconds: int = 60


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(slots=True)
class Allowance:
    """What a key has left after a request; `refused` says that the request was one too many."""

    refused: bool
    remaining: int
    reset_seconds: int


@dataclass(slots=True)
class Limiter:
    """Counts requests of keys, each on its own."""

    limit: RateLimit
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[UUID, _Bucket] = field(default_factory=dict)

    def take(self, key_id: UUID) -> Allowance:
        """Count one request of a key."""
        now = self.clock()
        most = self.limit.requests
        per_second = most / self.limit.window_seconds
        bucket = self._buckets.get(key_id)
        if bucket is None:
            if len(self._buckets) >= MOST_BUCKETS:
                self._buckets.clear()
            bucket = self._buckets[key_id] = _Bucket(most, now)
        else:
            bucket.tokens = min(most, bucket.tokens + (now - bucket.filled_at) * per_second)
            bucket.filled_at = now
        if bucket.tokens < 1:
            return Allowance(True, 0, ceil((1 - bucket.tokens) / per_second))
        bucket.tokens -= 1
        return Allowance(False, int(bucket.tokens), ceil((most - bucket.tokens) / per_second))

    def policy(self) -> bytes:
        """The `RateLimit-Policy` header."""
        return b'"key";q=%d;w=%d' % (self.limit.requests, self.limit.window_seconds)
