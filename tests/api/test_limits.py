"""A key may make so many requests in a window, and no key spends another's."""

from __future__ import annotations

from uuid import UUID

from fiel.api.limits import Limiter, RateLimit

ANA, RIVAL = UUID(int=1), UUID(int=2)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_request_beyond_the_limit_is_refused_until_the_bucket_fills():
    clock = Clock()
    limiter = Limiter(RateLimit(requests=3, window_seconds=60), clock)

    left = [limiter.take(ANA).remaining for _ in range(3)]
    refused = limiter.take(ANA)
    clock.now = 20  # a third of the window is one request
    again = limiter.take(ANA)

    assert left == [2, 1, 0]
    assert (refused.refused, refused.reset_seconds) == (True, 20)
    assert not again.refused


def test_a_rivals_requests_cost_nobody_else():
    limiter = Limiter(RateLimit(requests=1, window_seconds=60), Clock())

    limiter.take(RIVAL)

    assert limiter.take(RIVAL).refused
    assert not limiter.take(ANA).refused
