"""One shard's group: open the books, decide one activity after the other, write them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fiel.domain.activity import Activity
from fiel.domain.deciding import counters_of, decide, event_of, limit_keys
from fiel.domain.decision import Decision
from fiel.domain.language import N_
from fiel.domain.member import MemberFacts, MemberState
from fiel.domain.refusal import FieldProblem, NotFound, Refusal
from fiel.domain.tiers import counts_at, window_of
from fiel.intake.asking import Ask, Outcome
from fiel.intake.granting import grant_reached
from fiel.intake.judging import Window, budgets_of, facts_of, judge
from fiel.intake.paying import Payment
from fiel.intake.redeeming_payment import Holds
from fiel.intake.resolving import LED_ON, MovedAway
from fiel.intake.sale_coupons import SaleClaim, SaleCoupons
from fiel.intake.sales import Understood
from fiel.ledger.accounts import Place as Where
from fiel.ledger.books import Book, Standing
from fiel.ledger.budgets import budgets_left, lock_budgets
from fiel.ledger.moving import advance, take
from fiel.ledger.opening import ALWAYS, Asked, AskedBooks, Place, Span, ask_books, read_lots
from fiel.ledger.posting import Posting, Record, Recorded, Told, Version
from fiel.ledger.progress import consumes
from fiel.ledger.recorded import ActivityName, AskedNames, activities, ask_names
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write
from fiel.members.facts import AskedPeople, PersonFacts, ask_people
from fiel.programs.versions import Published, Versions
from fiel.rewards.handing_over import Write

_ABOUT_PEOPLE = frozenset({"birthday_month", "attributes"})


class ExternalIdReused(Refusal):
    """The external id belongs to something else that was recorded."""

    code = "external_id_reused"


@dataclass(frozen=True, slots=True)
class Item:
    """An activity of a group whose member was found, or has just been made (`joins`)."""

    ask: Ask
    understood: Understood
    member_id: UUID
    joins: Standing | None = None

    @property
    def name(self) -> ActivityName | None:
        """What makes it one and the same, however often it is sent."""
        if self.ask.external_id is None:
            return None
        return ActivityName(self.ask.kind, self.ask.source, self.ask.external_id)


@dataclass(frozen=True, slots=True)
class _Questions:
    """What a group asks of the database in one go."""

    books: AskedBooks | None
    names: AskedNames | None
    people: AskedPeople | None


class Group:
    """Activities of one program and shard that are decided and written together."""

    def __init__(
        self,
        published: Published,
        shard: int,
        items: Sequence[Item],
        *,
        again: bool = False,
        versions: Versions | None = None,
    ) -> None:
        self._published = published
        self._place = Place(published.program_id, shard)
        self._coupons = SaleCoupons(published, self._place, versions)
        self._items = items
        self._holds = Holds(self._place)
        self._grants: list[Write] = []
        self._is_real = True  # nothing is granted for what is only foreseen
        self._posting = Posting(Version(published.number, published.program))
        self._windows: dict[date, Window] = {}
        self._again = again
        self._asked: dict[UUID, Recorded] = {}
        self._named: dict[ActivityName, Recorded] = {}
        self._books: dict[UUID, Book] = {}
        self._people: Mapping[UUID, PersonFacts] = {}
        self._budgets: dict[tuple[str, str], int] = {}

    async def record(self, connection: Connection) -> list[Outcome | Exception]:
        """Decide and write, inside the program's transaction.

        Raises:
            psycopg.errors.UniqueViolation: a name was taken meanwhile; record the group anew.
            MovedAway: a member was merged meanwhile; place the group anew.
        """
        there = Trip(connection)
        asked = self.ask(connection, there)
        await there.go()
        outcomes = await self.decide(connection, asked)
        back = Trip(connection)
        self.write(back)
        await back.go()
        return outcomes

    async def foresee(self, connection: Connection) -> list[Outcome | Exception]:
        """Decide as `record` would now; nothing is locked and nothing written.

        Raises:
            MovedAway: a member was merged meanwhile; place the activity anew.
        """
        self._is_real = False
        trip = Trip(connection)
        asked = self.ask(connection, trip, lock=False)
        await trip.go()
        await self._read(connection, asked)
        self._budgets = await budgets_left(
            connection, self._published.program_id, budgets_of(self._published.program)
        )
        await self._coupons.open(connection, self._items, lock=False)
        return [await self._outcome(connection, item) for item in self._items]

    def ask(self, connection: Connection, trip: Trip, *, lock: bool = True) -> _Questions:
        """Lock the members and ask for all that deciding needs."""
        rulebook, place = self._published.rulebook, self._place
        members = [item.member_id for item in self._items if item.joins is None]
        asked = Asked(
            members=list(dict.fromkeys(members)),
            now=max(item.ask.now for item in self._items),
            limits=frozenset(
                key
                for item in self._items
                for key in limit_keys(rulebook, item.understood.activity)
            ),
            counters=frozenset(
                counter
                for item in self._items
                for counter in counters_of(rulebook, item.understood.activity, item.ask.now)
            ),
            spans=self._spans(),
        )
        names = [item.name for item in self._items if item.name is not None]
        about_people = members and (
            rulebook.reads_member & _ABOUT_PEOPLE
            or any(item.understood.coupons for item in self._items)
        )
        return _Questions(
            books=ask_books(connection, trip, place, asked, lock=lock) if members else None,
            names=ask_names(connection, trip, place.program_id, names) if names else None,
            people=ask_people(trip, place.program_id, place.shard, asked.members)
            if about_people
            else None,
        )

    async def decide(self, connection: Connection, asked: _Questions) -> list[Outcome | Exception]:
        """Read the answers and decide one activity after the other; nothing is written yet."""
        await self._read(connection, asked)
        self._budgets = await self._take_budgets(connection)
        await self._coupons.open(connection, self._items)
        return [await self._outcome(connection, item) for item in self._items]

    def write(self, trip: Trip) -> None:
        """Write what was decided."""
        write(trip, self._place, self._posting)
        self._coupons.write(trip)
        for write_more in self._grants:
            write_more(trip)

    async def _read(self, connection: Connection, asked: _Questions) -> None:
        if asked.books is not None:
            self._books = await asked.books.read()
        for item in self._items:
            if item.joins is not None:
                self._books[item.member_id] = Book(
                    item.member_id, item.joins, lots_read=True, known_from=ALWAYS
                )
        if asked.names is not None:
            self._named = await asked.names.read()
        if asked.people is not None:
            self._people = asked.people.read()
        if self._again:
            await self._read_asked(connection)

    async def _read_asked(self, connection: Connection) -> None:
        """Find which of these very requests were recorded before.

        A group is made anew when a name is taken, or an id: then whoever asked did not hear the
        answer.
        """
        for recorded in await activities(
            connection,
            self._place.program_id,
            self._place.shard,
            [item.member_id for item in self._items],
            [item.ask.id for item in self._items],
        ):
            self._asked[recorded.id] = recorded

    async def _outcome(self, connection: Connection, item: Item) -> Outcome | Exception:
        try:
            return await self._decided(connection, item)
        except Refusal as refusal:
            return refusal

    async def _decided(self, connection: Connection, item: Item) -> Outcome:
        earlier = self._asked.get(item.ask.id)
        if earlier is None and item.name is not None:
            earlier = self._named.get(item.name)
        if earlier is not None:
            return Outcome(repeated(item, earlier), repeated=True, published=self._published)
        book = self._books.get(item.member_id)
        if book is not None and book.standing.status in LED_ON:
            raise MovedAway
        if book is None or book.standing.status not in ("active", "nameless"):
            raise unknown_member()
        ask, understood = item.ask, item.understood
        if book.is_due(ask.now):
            if not book.lots_read:
                await read_lots(connection, self._place, [book])
            self._posting.settle(book, ask.now)
        counted = counts_at(self._published.program, understood.activity)
        window = self._window(understood.activity)
        decision = self._decide(book, item, window)
        told = Told(
            id=ask.id,
            kind=ask.kind,
            source=ask.source,
            external_id=ask.external_id,
            occurred_at=understood.activity.occurred_at,
            fingerprint=understood.fingerprint,
            facts=understood.facts,
            store=understood.store,
            channel=understood.channel,
            net=understood.net,
            gross=understood.gross,
            about=ask.about,
            counts_at=None if counted == understood.activity.occurred_at else counted,
        )
        claimed = self._claim(book, item)
        extra: Record = {}
        if understood.mark is not None:
            extra["offline"] = understood.mark
        if understood.payment is not None:
            lends = understood.mark is not None
            extra |= await self._pay(
                connection, book, told, understood.payment, ask.now, lends=lends
            )
        if consumes(self._published.program, decision.advances) and not book.lots_read:
            await read_lots(connection, self._place, [book])
        extra |= self._coupons.keep(self._posting, book, told, claimed, ask.now)
        recorded = self._posting.post(book, told, decision, now=ask.now, window=window, extra=extra)
        for budget, points in decision.budgets.items():
            self._budgets[budget] -= points
        self._grant(recorded, decision, ask.now)
        if item.name is not None:
            self._named[item.name] = recorded
        return Outcome(recorded, repeated=False, published=self._published)

    def _grant(self, recorded: Recorded, decision: Decision, now: datetime) -> None:
        """Give the rewards of milestones that were reached."""
        if decision.advances and self._is_real:
            self._grants += grant_reached(self._published, self._place, recorded, decision, now=now)

    def _claim(self, book: Book, item: Item) -> SaleClaim | None:
        """The coupons that a sale brings, all of them; a refusal of one is one of the sale."""
        told = item.understood.coupons
        if told is None:
            return None
        return self._coupons.claim(
            item.ask, told, book, self._facts(book, item.understood.activity)
        )

    async def _pay(
        self,
        connection: Connection,
        book: Book,
        told: Told,
        payment: Payment,
        now: datetime,
        *,
        lends: bool,
    ) -> Record:
        """Take what pays out of what the member has had until now, not of what this earns.

        Where it `lends`, what is missing is owed, as far as tills may grant it offline.

        Raises:
            InsufficientPoints: the member has less; nothing was changed.
        """
        paid = {"unit": payment.unit, "points": payment.points, "worth": payment.worth}
        if payment.redemption is not None:
            held = await self._holds.capture(
                connection, self._posting, book, told, payment, now=now
            )
            self._grants.append(held.write)
            return {"paid": paid | {"transfer": str(held.transfer_id)}}
        if not book.lots_read:
            await read_lots(connection, self._place, [book])
        program, account = self._published.program, book.account(payment.unit)
        missing = max(0, payment.points - account.available)
        most = program.offline.overdraw.get(payment.unit, 0) if lends else 0
        overspent: Record = {}
        if missing and account.debt + missing <= most:
            advance(self._posting, book, told, program.units[payment.unit], missing, now=now)
            overspent = {"overspent": {payment.unit: missing}}
        taken = take(
            self._posting, book, told, payment.unit, payment.points, to=Where.REDEEMED, now=now
        )
        return {"paid": paid | {"transfer": str(taken.transfer_id)}} | overspent

    def _decide(self, book: Book, item: Item, window: Window | None) -> Decision:
        payment = item.understood.payment
        return judge(
            self._published.rulebook,
            book,
            item.understood.activity,
            person=self._people.get(book.member_id),
            window=window,
            budgets_left=self._budgets,
            now=item.ask.now,
            paying={payment.unit: payment.points} if payment else None,
        )

    def _facts(self, book: Book, activity: Activity) -> MemberFacts:
        person = self._people.get(book.member_id)
        return facts_of(self._published.rulebook, book, activity, person)

    def _window(self, activity: Activity) -> Window | None:
        program = self._published.program
        if program.tiers is None:
            return None
        counted = counts_at(program, activity)
        day = counted.astimezone(program.timezone).date()
        window = self._windows.get(day)
        if window is None:
            window = window_of(program.tiers, counted, program.timezone)
            self._windows[day] = window
        return window

    def _spans(self) -> dict[UUID, Span]:
        spans: dict[UUID, Span] = {}
        for item in self._items:
            window = self._window(item.understood.activity)
            if window is None or item.joins is not None:
                continue
            since, at = window[0], counts_at(self._published.program, item.understood.activity)
            known = spans.get(item.member_id)
            spans[item.member_id] = (
                Span(at, since, since)
                if known is None
                else Span(
                    min(known.first_at, at),
                    min(known.first_start, since),
                    max(known.last_start, since),
                )
            )
        return spans

    async def _take_budgets(self, connection: Connection) -> dict[tuple[str, str], int]:
        """Lock the budgets if anybody may take from them.

        They are shared by all, so they are locked as seldom and as late as can be.
        """
        limits = budgets_of(self._published.program)
        if not limits:
            return limits
        events = {rule.event for rule in self._published.program.earn if rule.budget}
        items = [item for item in self._items if event_of(item.understood.activity) in events]
        comes = Counter(item.member_id for item in self._items)
        if not any(self._may_spend_budget(item, comes[item.member_id]) for item in items):
            return limits
        return await lock_budgets(connection, self._published.program_id, limits)

    def _may_spend_budget(self, item: Item, comes: int) -> bool:
        book = self._books.get(item.member_id)
        if book is None:
            return False
        # What an earlier activity of this group changes about the member can make a rule match
        # that does not yet: whoever comes twice is taken to spend.
        if comes > 1:
            return True
        rulebook = self._published.rulebook
        state = MemberState(
            book.standing.joined_at,
            self._facts(book, item.understood.activity),
            limits_used=book.limits,
            held_out=rulebook.holdouts.of_member(book.member_id),
        )
        try:
            decision = decide(rulebook, state, item.understood.activity, budgets_left=None)
        except Refusal:
            return False
        return bool(decision.budgets)


def repeated(item: Item, earlier: Recorded) -> Recorded:
    """What was recorded before under the same name, if it was told alike.

    Raises:
        ExternalIdReused: it was told otherwise.
    """
    return repeated_as(earlier, item.understood.fingerprint, external_id=item.ask.external_id)


def repeated_as(
    earlier: Recorded, fingerprint: bytes, *, external_id: str | None, made: UUID | None = None
) -> Recorded:
    """What was recorded before, if what is told now is the same.

    A refusal tells the id of what the external id stands for: what was `made`, or the activity.

    Raises:
        ExternalIdReused: it was told otherwise.
    """
    if earlier.fingerprint == fingerprint:
        return earlier
    text = N_("Send the same content again, or another external_id.")
    raise ExternalIdReused(
        N_("“{external_id}” was recorded before with other content."),
        facts={"id": str(made or earlier.id)},
        problems=[FieldProblem("external_id", "reused", text)],
        external_id=external_id,
    )


def unknown_member(field: str = "member") -> NotFound:
    """The refusal of an activity whose member is not there."""
    return NotFound(
        N_("There is no such member in this program."),
        problems=[FieldProblem(field, "not_found", N_("There is no such member."))],
    )
