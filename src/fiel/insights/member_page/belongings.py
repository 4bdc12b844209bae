"""What a member has in hand: redemptions under way, codes to show, gift cards, coupons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fiel.domain.deciding.schedules import is_open
from fiel.domain.language import money_text, pick
from fiel.domain.program import Program
from fiel.domain.redeeming import CodeKind, Status, status_at
from fiel.insights.explanation import last_day
from fiel.insights.naming import reward_name, unit_name
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.members.records import Member
from fiel.programs.versions import Published, Versions
from fiel.programs.words.couponing import coupon_in_words
from fiel.programs.words.speaker import Speaker
from fiel.rewards.gift_cards import GiftCard
from fiel.rewards.handing_over import used_elsewhere
from fiel.rewards.owners import gift_cards_of_members
from fiel.rewards.redemptions import Redemption, redemption_by_id, redemptions_of

MOST_SHOWN = 60
OPEN = (Status.HELD, Status.CAPTURED)


@dataclass(frozen=True, slots=True)
class Had:
    """A redemption as its member sees it."""

    id: UUID
    name: str
    quantity: int
    price: str
    status: Status
    code: str
    code_kind: CodeKind | None
    shows_code: bool  # a coupon or a gift card: its code can be used without a till
    made_at: datetime
    hold_until: datetime | None
    last_day: date | None
    is_gift: bool

    @property
    def is_open(self) -> bool:
        """Whether there is something to show or to use."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Card:
    """A gift card of a member."""

    code: str
    balance: str
    issued: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class SharedCoupon:
    """A coupon for everybody that members can use today."""

    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a member has in hand, and what there was before."""

    open: tuple[Had, ...]
    past: tuple[Had, ...]
    cards: tuple[Card, ...]
    coupons: tuple[SharedCoupon, ...]


class Teller:
    """Tells what members have by the version of the program that gave it."""

    def __init__(
        self, connection: Connection, versions: Versions, published: Published, language: str
    ) -> None:
        self._connection = connection
        self._versions = versions
        self._published = published
        self._language = language

    async def had(self, row: Redemption, *, used: bool, now: datetime) -> Had:
        """A redemption as it stands at a moment; `used` where its code was used with a sale."""
        program = await self._program_of(row.version)
        status = status_at(row.status, row.due_at, now)
        if used and status is Status.CAPTURED:
            status = Status.USED
        spent = {unit: points for unit, points in row.spent.items() if points}
        speaker = Speaker(program, self._language)
        known = {unit: points for unit, points in spent.items() if unit in program.units}
        return Had(
            id=row.id,
            name=reward_name(program, row.reward, self._language)
            if row.reward
            else " · ".join(unit_name(program, unit, self._language) for unit in spent),
            quantity=row.quantity,
            price=speaker.amounts(known) if known else "",
            status=status,
            code=row.code or "",
            code_kind=row.code_kind,
            shows_code=row.kind in ("discount", "voucher", "gift_card"),
            made_at=row.made_at,
            hold_until=row.hold_until,
            last_day=last_day(row.expires_at, program) if row.expires_at else None,
            is_gift=row.milestone is not None,
        )

    async def _program_of(self, number: int) -> Program:
        known = self._published
        if number in (0, known.number):
            return known.program
        version = await self._versions.numbered(
            self._connection, known.program_id, number, known.shards, known.sandbox
        )
        return version.program


async def belongings_of_member(
    connection: Connection,
    versions: Versions,
    published: Published,
    member: Member,
    *,
    now: datetime,
    language: str,
) -> Belongings:
    """What a member has in hand now, inside the program's transaction."""
    program_id, program = published.program_id, published.program
    place = Place(program_id, member.shard)
    rows = await redemptions_of(connection, place, member.id, before=None, limit=MOST_SHOWN)
    used = await used_elsewhere(connection, program_id, rows)
    teller = Teller(connection, versions, published, language)
    had = [await teller.had(row, used=row.id in used, now=now) for row in rows]
    cards = await gift_cards_of_members(connection, program_id, [member.id])
    return Belongings(
        open=tuple(each for each in had if each.is_open and not _is_card(each)),
        past=tuple(each for each in had if not each.is_open),
        cards=tuple(
            _card(card, program, language)
            for card in cards
            if card.balance and not (card.ends_at and card.ends_at <= now)
        ),
        coupons=_coupons(program, now, language),
    )


async def redemption_of_member(
    connection: Connection,
    versions: Versions,
    published: Published,
    members: frozenset[UUID],
    redemption_id: UUID,
    *,
    now: datetime,
    language: str,
) -> Had | None:
    """A redemption of a member who is known under these ids; None where it is nobody's of them."""
    row = await redemption_by_id(connection, published.program_id, redemption_id)
    if row is None or row.member_id not in members:
        return None
    used = await used_elsewhere(connection, published.program_id, [row])
    teller = Teller(connection, versions, published, language)
    return await teller.had(row, used=row.id in used, now=now)


def _is_card(had: Had) -> bool:
    return had.code_kind is CodeKind.GIFT_CARD and had.status is not Status.HELD


def _card(card: GiftCard, program: Program, language: str) -> Card:
    return Card(
        code=card.code,
        balance=money_text(language, card.currency, card.balance),
        issued=money_text(language, card.currency, card.issued),
        last_day=last_day(card.ends_at, program) if card.ends_at else None,
    )


def _coupons(program: Program, now: datetime, language: str) -> tuple[SharedCoupon, ...]:
    speaker = Speaker(program, language)
    local = now.astimezone(program.timezone)
    return tuple(
        SharedCoupon(
            coupon.code,
            pick(coupon.name, language, program.locale) or coupon.code,
            coupon_in_words(speaker, coupon),
        )
        for coupon in program.coupons.values()
        if coupon.code and (coupon.when is None or is_open(coupon.when, local))
    )
