"""The demo's shopkeeper: sends what happens down the roads of every door, each at its own time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fiel.connect.demo.shop import Enrolment, Happening, Purchase, Redemption, Return
from fiel.connect.importing.reading import read_member, read_return, read_sale
from fiel.connect.importing.roads import enrolment, sale_ask
from fiel.domain.program import RewardKind
from fiel.domain.refusal import Refusal
from fiel.intake.asking import Outcome
from fiel.intake.calendar import Errand, run_calendar
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.enrolling_many import enrol_members
from fiel.intake.parking import return_named
from fiel.intake.recording import Lend, Recorder
from fiel.intake.redeeming import REDEMPTION, redeem
from fiel.intake.redeeming_catalogue import catalogue
from fiel.intake.redeeming_changes import Asking, use_redemption
from fiel.ledger.ids import new_id
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.references import KeyKind, MemberKey
from fiel.programs.versions import Published, Versions

_AUTHOR = "fiel demo"
_LANES = 2
# What is handed over in the shop; a discount or a gift card would need a sale to be used with.
_HANDED_OVER = (RewardKind.PRODUCT, RewardKind.SERVICE)


@dataclass(slots=True)
class Lived:
    """How much happened that had not happened before."""

    enrolled: int = 0
    sold: int = 0
    redeemed: int = 0
    returned: int = 0


@dataclass(slots=True)
class Shopkeeper:
    """Lets a shop live: whoever bought in the past, bought then."""

    lend: Lend
    versions: Versions
    published: Published
    lived: Lived = field(default_factory=Lived)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.lend, self.versions)

    @property
    def program_id(self) -> UUID:
        """The demo's program."""
        return self.published.program_id

    async def see_midnight(self, midnight: datetime) -> None:
        """Let points end and tiers fall that are due at a midnight, or were before it."""
        await run_calendar(
            Errand(
                self.lend, self.versions, self.published,
                until=midnight, since=midnight, waits=True,
            )
        )  # fmt: skip

    async def live(self, some: Sequence[Happening]) -> None:
        """Let one of `pieces` happen: who joins, then who buys, then who redeems or returns.

        Between households the order makes no difference.
        """
        await self._enrol([each for each in some if isinstance(each, Enrolment)])
        await _in_lanes([each for each in some if isinstance(each, Purchase)], self._sell)
        after = [each for each in some if isinstance(each, (Redemption, Return))]
        await _in_lanes(after, self._one_by_one)

    async def _enrol(self, told: Sequence[Enrolment]) -> None:
        program = self.published.program
        enrolments = [
            enrolment(each.content, read_member(each.content, program, each.at), each.at)
            for each in told
        ]
        for answer in await enrol_members(self.lend, self.versions, self.program_id, enrolments):
            if isinstance(answer, Refusal):
                raise answer
            self.lived.enrolled += not answer

    async def _sell(self, told: Sequence[Purchase]) -> None:
        asks = [sale_ask(read_sale(each.content), each.at) for each in told]
        for outcome in await self.recorder.record_all(self.program_id, asks):
            if not isinstance(outcome, Outcome):
                raise outcome
            self.lived.sold += not outcome.repeated

    async def _one_by_one(self, told: Sequence[Redemption | Return]) -> None:
        for each in told:
            if isinstance(each, Redemption):
                await self._redeem(each)
            else:
                await self._take_back(each)

    async def _take_back(self, told: Return) -> None:
        body = read_return(told.content)
        done = await return_named(
            self.lend, self.versions, self.program_id, body, request_id=new_id(), now=told.at
        )
        self.lived.returned += not done.repeated

    async def _redeem(self, told: Redemption) -> None:
        """Redeem the dearest that the household can have and hand it over, if there is any."""
        name = ActivityName(REDEMPTION, "", told.external_id)
        async with self.lend() as connection, program_transaction(connection, self.program_id):
            earlier = (await activities_named(connection, self.program_id, [name])).get(name)
            reward = None if earlier else await self._dearest(connection, told)
        if earlier is not None:
            # Cut off just after it, or undone by somebody since.
            with suppress(Refusal):
                await self._hand_over(earlier.id, told.at)
            return
        if reward is None:
            return
        body = RedemptionBody.model_validate(
            {
                "external_id": told.external_id,
                "member": {"external_id": str(told.household)},
                "reward": reward,
                "capture": True,
            }
        )
        done = await redeem(
            self.lend, self.versions, self.program_id, body,
            request_id=new_id(), author=_AUTHOR, now=told.at,
        )  # fmt: skip
        await self._hand_over(done.recorded.id, told.at)
        self.lived.redeemed += 1

    async def _hand_over(self, redemption_id: UUID, now: datetime) -> None:
        asking = Asking(self.program_id, redemption_id, new_id(), _AUTHOR, now)
        await use_redemption(self.lend, self.versions, asking)

    async def _dearest(self, connection: Connection, told: Redemption) -> str | None:
        ref = MemberKey(KeyKind.EXTERNAL_ID, str(told.household))
        program = self.published.program
        _, offered = await catalogue(connection, self.program_id, program, ref, now=told.at)
        possible = [
            each.reward
            for each in offered
            if each.reward.kind in _HANDED_OVER and each.found and each.found.is_eligible
        ]
        dearest = max(possible, key=lambda reward: sum(reward.price.values()), default=None)
        return None if dearest is None else dearest.id


def pieces(some: Iterable[Happening]) -> Iterator[list[Happening]]:
    """Split what happens so that `live` keeps every household's own order."""
    piece: list[Happening] = []
    done_buying: set[int] = set()
    for happening in some:
        if happening.household in done_buying:
            yield piece
            piece, done_buying = [], set()
        piece.append(happening)
        if isinstance(happening, (Redemption, Return)):
            done_buying.add(happening.household)
    if piece:
        yield piece


async def _in_lanes[T: Happening](
    told: Sequence[T], work: Callable[[Sequence[T]], Awaitable[None]]
) -> None:
    """Work on several households at once; what is told of one stays in its order."""
    lanes: list[list[T]] = [[] for _ in range(_LANES)]
    for each in told:
        lanes[each.household % _LANES].append(each)
    await asyncio.gather(*(work(lane) for lane in lanes if lane))
