"""Matching: on which lines of an activity a rule holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from fiel.domain.activity import Action, Line, LineKind, Sale
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.deciding.prepared import Giver, Multiplier, Spoken
from fiel.domain.deciding.rulebook import EventRules, Rulebook
from fiel.domain.deciding.schedules import is_open
from fiel.domain.decision import Skipped
from fiel.domain.member import LimitKey, MemberFacts
from fiel.domain.money import Currency
from fiel.domain.program import Limit
from fiel.domain.time import period_start

_NOWHERE: tuple[int, ...] = ()
_ONLY = (0,)
NOT_ONE = (False,)


class Matching:
    """One activity, its lines numbered from 0, and the rules that speak about it.

    An activity that is no sale has one place and no line.
    """

    __slots__ = (
        "_action",
        "_applied",
        "_day",
        "_facts",
        "_goods",
        "_kind",
        "_limits_used",
        "_lines",
        "_local",
        "_multipliers",
        "_rulebook",
        "_rules",
        "_sale",
        "skipped",
    )

    def __init__(
        self,
        rulebook: Rulebook,
        rules: EventRules,
        facts: MemberFacts,
        activity: Sale | Action | None,
        local: datetime,
        limits_used: Mapping[LimitKey, int],
    ) -> None:
        self._rulebook = rulebook
        self._rules = rules
        self._facts = facts
        self._local = local
        self._day = local.date()
        self._limits_used = limits_used
        self._multipliers: Sequence[Multiplier] | None = None
        self._applied: dict[int, Collection[int]] = {}
        self.skipped: list[Skipped] = []
        self._sale: Sale | None = None
        self._action: Action | None = None
        self._kind: str | None = None
        self._lines: Sequence[Line] = ()
        self._goods: Sequence[int] = _ONLY
        if isinstance(activity, Sale):
            self._sale = activity
            self._lay_out(activity)
        elif activity is not None:
            self._action = activity
            self._kind = activity.type

    def _lay_out(self, sale: Sale) -> None:
        """Find the goods; shipping is the last line where a rule counts it."""
        lines = self._lines = sale.lines
        if len(lines) != 1 or lines[0].kind is LineKind.GIFT_CARD:
            self._goods = [
                place for place, line in enumerate(lines) if line.kind is not LineKind.GIFT_CARD
            ]
        if self._rules.any_shipping and sale.shipping > 0:
            self._lines = (*lines, _shipping_line(sale, self._rulebook.program.currency))

    def _earning(self, giver: Giver) -> Sequence[int]:
        """The lines that may earn: goods, and what the rule names besides."""
        places = self._goods
        if self._sale is None:
            return places
        lines = self._sale.lines
        if len(places) < len(lines):
            if giver.gift_cards:
                places = range(len(lines))
            elif giver.named:
                goods, named = set(places), giver.named - {""}
                places = [
                    place
                    for place, line in enumerate(lines)
                    if place in goods or line.category in named
                ]
        if giver.shipping and len(self._lines) > len(lines):
            return [*places, len(lines)]
        return places

    def _matching(self, rule: Spoken, places: Sequence[int]) -> Sequence[int]:
        """Those of the places where a rule's condition holds; what fails does not match."""
        test, sale = rule.test, self._sale
        if test is None or not places:
            return places
        facts, action = self._facts, self._action
        if sale is None or not rule.by_line:
            try:
                return places if test(None, sale, facts, action) else _NOWHERE
            except CannotEvaluate:
                self.skipped.append(Skipped(rule.id, "condition"))
                return _NOWHERE
        lines = self._lines
        matching = []
        failed = False
        for place in places:
            try:
                if test(lines[place], sale, facts, action):
                    matching.append(place)
            except CannotEvaluate:
                failed = True
        if failed:
            self.skipped.append(Skipped(rule.id, "condition"))
        return matching

    def goods_where(self, rule: Spoken) -> Sequence[int]:
        """The goods on which a rule's condition holds; of an activity without lines its place."""
        return self._matching(rule, self._goods)

    def _candidates(self) -> Sequence[Multiplier]:
        """The multipliers that speak now and may hold on some line."""
        if self._multipliers is None:
            self._multipliers = [
                each
                for each in self._rules.multipliers.candidates(self._sale, self._lines)
                if (each.activity is None or each.activity == self._kind)
                and (each.schedule is None or is_open(each.schedule, self._local))
            ]
        return self._multipliers

    def _touched(
        self, giver: Giver, multiplier: Multiplier, places: Sequence[int]
    ) -> Sequence[bool] | None:
        """Which amounts of a giving rule a multiplier acts on; None for all of them."""
        if multiplier.test is None and multiplier.limit is None:
            return None
        found = self._applied.get(multiplier.position)
        if found is None:
            found = self._matching(multiplier, range(len(self._lines) or 1))
            self._applied[multiplier.position] = found
        if not found:
            return NOT_ONE
        touched = [place in found for place in places]
        if not any(touched):
            return NOT_ONE
        if multiplier.limit is not None and self._is_used_up(multiplier.id, multiplier.limit):
            self.skipped.append(Skipped(multiplier.id, "limit"))
            self._applied[multiplier.position] = _NOWHERE
            return NOT_ONE
        # What is given once is multiplied once, wherever the multiplier holds.
        return None if all(touched) or not (giver.by_value or giver.by_item) else touched

    def _is_used_up(self, rule: str, limit: Limit) -> bool:
        used = self._limits_used.get(self._limit_key(rule, limit), 0)
        return used >= limit.per_member

    def _limit_key(self, rule: str, limit: Limit) -> LimitKey:
        return rule, period_start(limit.every, self._day)


def _shipping_line(sale: Sale, currency: Currency) -> Line:
    """Shipping as conditions and rules see it: a line of its own, of which no cost is known."""
    return Line(
        number=0,
        sku="",
        name="",
        category="shipping",
        kind=LineKind.GOODS,
        quantity=1,
        unit_price=Decimal(currency.decimal(sale.shipping)),
        net=sale.shipping,
        gross=sale.shipping,
        margin=sale.shipping,
    )
