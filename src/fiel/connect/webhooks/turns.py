"""One endpoint's turn: what it is told, and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from fiel.connect.announcing import told_event
from fiel.connect.webhooks.addresses import Reach
from fiel.connect.webhooks.attempts import Attempt, Outcome, attempt
from fiel.connect.webhooks.claims import FAILURES_TO_PAUSE, Claim
from fiel.connect.webhooks.endpoints import Endpoint
from fiel.connect.webhooks.schedule import LONGEST_ASKED, next_attempt
from fiel.connect.webhooks.sending import Answer, Sender
from fiel.connect.webhooks.signing import message_id, signed_headers
from fiel.domain.program import Program
from fiel.ledger.queries import Event

SECONDS_FOR_A_TURN = 10.0  # after which no further message is begun


@dataclass(frozen=True, slots=True)
class Due:
    """An event to be told. `number` counts its attempts, the first of which was at `first_at`."""

    event: Event
    number: int
    first_at: datetime
    is_retry: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What a turn has to do: first what is tried again, then the news that the receiver wants.

    `passed` is the sequence up to which there is nothing else that it wants.
    """

    claim: Claim
    endpoint: Endpoint
    program: Program
    reach: Reach
    again: list[Due]
    lost: list[int]
    news: list[Due]
    passed: int


@dataclass(slots=True)
class Turn:
    """How a turn went so far: what is to be kept when it is over."""

    work: Work
    reached: int
    failures: int
    failing_since: datetime | None
    delivered_at: datetime | None
    not_before: datetime | None = None
    ended: Outcome | None = None
    attempts: list[Attempt] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    failed: list[tuple[Due, datetime | None]] = field(default_factory=list)

    @classmethod
    def of(cls, work: Work) -> Turn:
        """The beginning of a turn."""
        endpoint = work.endpoint
        return cls(
            work, endpoint.reached, endpoint.failures, endpoint.failing_since, endpoint.delivered_at
        )

    @property
    def has_recovered(self) -> bool:
        """Whether a receiver that took nothing has taken something."""
        before = self.work.endpoint
        return before.failures >= FAILURES_TO_PAUSE and self.delivered_at != before.delivered_at

    @property
    def has_got_on(self) -> bool:
        """Whether anything was told or passed."""
        return bool(self.attempts) or self.reached != self.work.endpoint.reached

    @property
    def is_over(self) -> bool:
        """Whether the receiver is to be left alone."""
        return self.ended is not None or self.not_before is not None

    def keep(self, due: Due, answer: Answer, *, at: datetime, now: datetime) -> None:
        """Remember what came of an attempt."""
        outcome, next_at = Outcome.DELIVERED, None
        if answer.is_delivered:
            self._was_delivered(due, now)
        elif answer.is_gone:
            outcome = self.ended = Outcome.GONE
        else:
            outcome, next_at = self._failed(due, answer, now)
        if not (due.is_retry or answer.is_gone):
            self.reached = due.event.sequence
        self.attempts.append(
            attempt(
                message_id(self.work.claim.endpoint_id, due.event.sequence), due.event.type,
                due.event.sequence, answer, number=due.number, at=at, outcome=outcome,
                next_at=next_at,
            )
        )  # fmt: skip

    def _was_delivered(self, due: Due, now: datetime) -> None:
        self.delivered_at = now
        self.failures, self.failing_since = 0, None
        if due.is_retry:
            self.delivered.append(due.event.sequence)

    def _failed(self, due: Due, answer: Answer, now: datetime) -> tuple[Outcome, datetime | None]:
        asked = answer.retry_after
        if asked is not None:
            self.not_before = now + min(asked, LONGEST_ASKED)
        if not due.is_retry:
            self.failures += 1
        self.failing_since = self.failing_since or now
        next_at = next_attempt(due.number, first_at=due.first_at, now=now, asked=asked)
        self.failed.append((due, next_at))
        if next_at is not None:
            return Outcome.FAILED, next_at
        # Who took something else meanwhile has a quarrel with this event alone.
        if self.delivered_at is None or self.delivered_at < due.first_at:
            self.ended = Outcome.GIVEN_UP
        return Outcome.GIVEN_UP, None


async def tell(turn: Turn, sender: Sender, clock: Callable[[], datetime]) -> None:
    """Tell the receiver what is due, one thing after the other, for as long as a turn lasts."""
    work, end = turn.work, time.monotonic() + SECONDS_FOR_A_TURN
    for due in work.again:
        if turn.is_over or time.monotonic() > end:
            return
        await _tell_one(turn, due, sender, clock)
    # A receiver that took nothing lately is tried with one piece of news.
    most = 1 if turn.failures >= FAILURES_TO_PAUSE else len(work.news)
    for due in work.news[:most]:
        if turn.is_over or time.monotonic() > end:
            return
        await _tell_one(turn, due, sender, clock)
        if turn.failures >= FAILURES_TO_PAUSE:
            return
    if len(work.news) <= most and not turn.is_over:
        turn.reached = max(turn.reached, work.passed)


async def _tell_one(turn: Turn, due: Due, sender: Sender, clock: Callable[[], datetime]) -> None:
    work, at = turn.work, clock()
    endpoint = work.endpoint
    body = body_of(told_event(due.event, work.program))
    message = message_id(endpoint.id, due.event.sequence)
    headers = signed_headers(endpoint.secrets_at(at), message, body, now=at)
    answer = await sender.send(endpoint.url, headers, body, work.reach)
    turn.keep(due, answer, at=at, now=clock())


def body_of(told: object) -> bytes:
    """A message as it is signed and sent."""
    return orjson.dumps(told, option=orjson.OPT_UTC_Z)
