"""Which milestones an activity reaches, whatever the order and the parts it comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.activity import OccasionKind
from fiel.domain.deciding import (
    Rulebook,
    TooManyPoints,
    decide,
    decision_from_record,
    decision_record,
    explain,
    limit_keys,
    of_rules,
    uncounted,
)
from fiel.domain.decision import Advance
from fiel.domain.milestones import (
    NO_PROGRESS,
    MilestoneFacts,
    badge_of,
    level_of,
    with_mark,
)
from fiel.domain.program import Event, Limit, Milestone, Schedule
from fiel.domain.time import Period
from tests.domain.programs import (
    NOON,
    action,
    ana,
    category_is,
    day,
    line,
    minor,
    occasion,
    once,
    per,
    program,
    rule,
    sale,
    sale_net_from,
)

BASE = rule("base", per())
STAMP = rule("sello", once(stamps=1))


def milestone(of: str, *, at: int | None = None, every: int | None = None, points: int = 0, **more):
    give = {"points": Fraction(points)} if points else {}
    return Milestone("m", of, at, every, give, more.pop("reward", None), **more)


def cafe(*milestones: Milestone, earn=(BASE, STAMP)):
    return Rulebook.of(replace(program(*earn), milestones=milestones))


class Ana:
    """Ana's progress, as the ledger keeps it."""

    def __init__(self, book: Rulebook, **facts) -> None:
        self.book = book
        self.facts = MilestoneFacts(**facts)
        self.spend = self.visits = 0
        self.limits: dict = {}
        self.earned: dict[str, int] = {}

    def does(self, activity):
        facts = replace(
            self.facts, issued=self.facts.issued or {}, usable=self.facts.usable or self.earned
        )
        member = replace(
            ana(spend=self.spend, visits=self.visits, limits_used=self.limits), milestones=facts
        )
        decision = decide(self.book, member, activity, budgets_left=None)
        progress = dict(self.facts.progress)
        for advance in decision.advances:
            progress[advance.counter] = advanced(
                progress.get(advance.counter, NO_PROGRESS), advance
            )
        self.facts = replace(self.facts, progress=progress)
        self.spend += decision.counted.spend
        self.visits += decision.counted.visits
        for key, used in decision.limits.items():
            self.limits[key] = self.limits.get(key, 0) + used
        for unit, points in decision.points().items():
            self.earned[unit] = self.earned.get(unit, 0) + points
        for advance in decision.advances:
            for each in self.book.program.milestones:
                if each.consume and advance.counter.startswith(each.id):
                    self.earned[each.of] -= advance.reached * each.every
        return decision

    @property
    def times(self) -> int:
        return sum(
            progress.reached
            for counter, progress in self.facts.progress.items()
            if badge_of(counter) is None
        )


def advanced(progress, advance: Advance):
    after = replace(
        progress,
        total=progress.total + advance.added,
        reached=progress.reached + advance.reached,
        kept=progress.kept + advance.kept,
    )
    return after if advance.mark is None else with_mark(after, advance.mark)


def week(number: int):
    """A sale in a week of 2026."""
    monday = datetime(2026, 1, 5, 12, tzinfo=UTC)
    return sale(line("5.00"), at=monday + timedelta(weeks=number))


def test_a_level_of_spend_is_reached_by_the_sale_that_crosses_it():
    ana_ = Ana(cafe(milestone("spend", at=minor("100.00"), points=50)))

    decisions = [ana_.does(sale(line(net))) for net in ("60.00", "40.00", "200.00")]

    assert [decision.points()["points"] for decision in decisions] == [60, 90, 200]
    assert [decision.advances for decision in decisions] == [(), (Advance("m@spend", 0, 1),), ()]


def test_one_sale_can_reach_a_level_several_times():
    decision = Ana(cafe(milestone("spend", every=minor("100.00"), points=5))).does(
        sale(line("350.00"))
    )

    assert decision.advances == (Advance("m@spend", 0, 3),)
    assert decision.points()["points"] == 350 + 15


def test_what_is_awarded_is_an_award_that_names_the_milestone_and_is_explained():
    book = cafe(milestone("visits", at=1, points=50, name={"es": "Primera visita"}), earn=())
    decision = Ana(book).does(sale(line("3.00")))

    assert decision_from_record(decision_record(decision)) == decision
    assert [award.rule for award in decision.awards] == ["m"]
    assert decision.terms["points"].starts_at == NOON
    (told,) = explain(decision, book.program, "en")
    assert (told["rule"], told["points"]) == ("m", 50)
    assert told["text"] == "50 points for reaching Primera visita"


def test_stamps_count_where_they_were_earned_before_the_milestone_was_there():
    ana_ = Ana(cafe(milestone("stamps", every=10, reward="cafe-gratis")), issued={"stamps": 8})

    assert ana_.does(sale(line("1.00"))).advances == (Advance("m@stamps", 9),)
    assert ana_.does(sale(line("1.00"))).advances == (Advance("m@stamps", 1, 1),)


def test_what_milestones_give_does_not_count_towards_milestones():
    ana_ = Ana(cafe(milestone("points", every=10, points=10)))

    assert [ana_.does(sale(line("5.00"))).points()["points"] for _ in range(4)] == [5, 15, 5, 15]


def test_only_what_matches_counts():
    coffee = milestone("spend", at=minor("10.00"), points=5, where=category_is("cafe"))
    ana_ = Ana(cafe(coffee))

    first = ana_.does(sale(line("6.00", category="cafe"), line("50.00", category="pan", number=2)))
    second = ana_.does(sale(line("4.00", category="cafe")))

    assert first.advances == (Advance("m@spend", 600),)
    assert second.advances == (Advance("m@spend", 400, 1),)


def test_a_condition_about_the_whole_sale_counts_all_of_it():
    ana_ = Ana(cafe(milestone("spend", at=minor("40.00"), points=5, where=sale_net_from("20.00"))))

    assert [len(ana_.does(sale(line(net))).advances) for net in ("19.00", "20.00", "21.00")] == [
        0, 1, 1,
    ]  # fmt: skip
    assert ana_.times == 1


def test_a_challenge_counts_only_between_its_dates():
    march = Schedule(first=day("2026-03-01"), last=day("2026-03-31"))
    ana_ = Ana(cafe(milestone("visits", at=2, points=5, when=march)))

    for when in ("2026-02-28T12:00Z", "2026-03-01T12:00Z", "2026-04-01T12:00Z"):
        ana_.does(sale(line("5.00"), at=datetime.fromisoformat(when)))
    assert ana_.times == 0
    ana_.does(sale(line("5.00"), at=datetime(2026, 3, 31, 12, tzinfo=UTC)))
    assert ana_.times == 1


def test_activities_of_a_type_count():
    reviews = milestone("activities", every=2, points=5, activity="review")
    ana_ = Ana(cafe(reviews))

    for kind in ("review", "visit", "review", "review"):
        ana_.does(action(kind))
    ana_.does(sale(line("5.00")))

    assert ana_.facts.progress["m@activities"].total == 3
    assert ana_.times == 1


def test_a_count_that_begins_anew_each_month():
    ana_ = Ana(cafe(milestone("visits", at=2, points=5, restart=Period.MONTH)))

    for when in ("2026-03-30", "2026-04-01", "2026-03-31", "2026-04-30", "2026-04-30"):
        ana_.does(sale(line("5.00"), at=datetime.fromisoformat(f"{when}T12:00Z")))

    assert ana_.times == 2
    assert ana_.facts.progress["m@visits@2026-03-01"].total == 2
    assert ana_.facts.progress["m@visits@2026-04-01"].total == 3


def test_four_weeks_in_a_row_and_a_late_sale_that_fills_the_gap():
    ana_ = Ana(cafe(milestone("streak", every=4, points=20, period=Period.WEEK)))

    for number in (0, 1, 3):
        assert ana_.does(week(number)).points()["points"] == 5
    assert ana_.times == 0
    assert ana_.does(week(2)).points()["points"] == 25
    assert ana_.does(week(2)).points()["points"] == 5
    assert ana_.times == 1


def test_a_streak_of_activities():
    checks = milestone("streak", at=2, points=9, period=Period.DAY, activity="check_in")
    ana_ = Ana(cafe(checks))

    ana_.does(action("check_in", at=NOON))
    ana_.does(sale(line("1.00"), at=NOON + timedelta(days=1)))
    assert ana_.times == 0
    ana_.does(action("check_in", at=NOON + timedelta(days=1)))
    assert ana_.times == 1


def test_a_streak_is_counted_in_the_days_of_the_zone():
    ana_ = Ana(cafe(milestone("streak", at=2, points=9, period=Period.DAY)))

    ana_.does(sale(line("1.00"), at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC)))  # 23:30 in Madrid
    ana_.does(sale(line("1.00"), at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC)))  # the 2nd there

    assert ana_.times == 1


def test_a_badge_is_counted_with_the_milestone_that_gives_it():
    decision = Ana(cafe(milestone("visits", at=1, badge="madrugador"))).does(sale(line("1.00")))

    assert decision.advances == (Advance("m@visits", 0, 1), Advance("badge:madrugador", 0, 1))


def test_a_limit_holds_for_each_member_and_period():
    often = milestone("visits", every=1, points=5, limit=Limit(2, Period.MONTH))
    ana_ = Ana(cafe(often))

    given_ = [ana_.does(sale(line("1.00"))).points()["points"] - 1 for _ in range(3)]

    assert given_ == [5, 5, 0]
    key = ("milestone:m", day("2026-03-01"))
    assert limit_keys(ana_.book, sale(line("1.00"))) == (key,)
    assert ana_.limits == {key: 2}


def test_a_full_card_is_handed_in():
    card = milestone("stamps", every=3, reward="cafe-gratis", consume=True)
    ana_ = Ana(cafe(card))

    assert [len(ana_.does(sale(line("1.00"))).advances) for _ in range(7)] == [0, 0, 1, 0, 0, 1, 0]
    assert ana_.earned["stamps"] == 1


def test_a_card_that_is_owed_for_is_not_full():
    card = milestone("stamps", every=3, reward="cafe-gratis", consume=True)

    assert not Ana(cafe(card), usable={"stamps": 1}).does(sale(line("1.00"))).advances
    assert not Ana(cafe(card), usable={"stamps": -1}).does(sale(line("1.00"))).advances
    assert Ana(cafe(card), usable={"stamps": 2}).does(sale(line("1.00"))).advances


def test_levels_that_were_lost_and_could_not_be_taken_back_give_nothing_again():
    ana_ = Ana(
        cafe(milestone("stamps", every=2, points=5)),
        progress={"m@stamps": replace(NO_PROGRESS, total=1, reached=1, kept=1)},
    )

    assert ana_.does(sale(line("1.00"))).advances == (Advance("m@stamps", 1, 0, -1),)
    ana_.does(sale(line("1.00")))
    assert ana_.does(sale(line("1.00"))).advances == (Advance("m@stamps", 1, 1),)


def test_an_absurd_gift_is_refused():
    huge = Milestone("m", "visits", 1, None, {"points": Fraction(10**16)}, None)

    with pytest.raises(TooManyPoints):
        Ana(cafe(huge)).does(sale(line("1.00")))


def test_joining_and_birthdays_can_fill_a_card():
    gift = rule("bienvenida", once(stamps=2), event=Event.ENROLMENT)
    ana_ = Ana(cafe(milestone("stamps", at=2, points=7), earn=(gift,)))

    assert ana_.does(occasion(OccasionKind.ENROLMENT)).points() == {"stamps": 2, "points": 7}


def test_without_milestones_nothing_is_advanced():
    assert Ana(cafe()).does(sale(line("500.00"))).advances == ()


amounts = st.lists(st.integers(1, 5_000), min_size=1, max_size=8)


@given(amounts, st.integers(400, 4_000), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_order_and_split_of_sales_reaches_as_many(cents, every, random):
    shop = cafe(
        milestone("spend", every=every, points=1, limit=None),
        replace(milestone("points", every=7, points=3), id="p"),
    )
    together, apart = Ana(shop), Ana(shop)
    shuffled = cents[:]
    random.shuffle(shuffled)

    together.does(sale(line("0.00"), *(_cents(each) for each in cents)))
    for each in shuffled:
        apart.does(sale(_cents(each)))

    for ana_ in (together, apart):
        assert ana_.facts.progress.get("m@spend", NO_PROGRESS).reached == sum(cents) // every


@given(st.lists(st.integers(0, 14), min_size=1, max_size=12), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_weeks_make_a_streak_in_whichever_order_they_are_told(weeks, count):
    shop = cafe(milestone("streak", every=count, points=1, period=Period.WEEK))
    told, sorted_ = Ana(shop), Ana(shop)

    for number in weeks:
        told.does(week(number))
    for number in sorted(set(weeks)):
        sorted_.does(week(number))

    assert (
        told.times
        == sorted_.times
        == level_of(shop.program.milestones[0], told.facts.progress["m@week"])
    )


def _cents(cents: int):
    return line(f"{cents // 100}.{cents % 100:02d}")


def test_what_comes_back_counts_no_more():
    book = cafe(
        milestone("spend", at=1_000, points=5, where=category_is("cafe")),
        replace(milestone("stamps", every=2, points=5), id="s"),
        replace(milestone("streak", at=2, points=5, period=Period.WEEK), id="r"),
    )
    whole = sale(line("6.00", category="cafe"), line("4.00", number=2))
    decision = Ana(book).does(whole)
    held = {"points": 10, "stamps": 1}

    part = uncounted(
        book, decision, before=whole, after=sale(line("2.00", category="cafe")),
        held_before=held, held_after={"points": 2, "stamps": 1},
    )  # fmt: skip
    rest = uncounted(book, decision, before=whole, after=sale(), held_before=held, held_after={})

    assert [(each.counter, each.added) for each in part] == [("m@spend", -400)]
    assert [(each.counter, each.added) for each in rest] == [
        ("m@spend", -600), ("s@stamps", -1), ("r@week", -1),
    ]  # fmt: skip


def test_what_a_sale_earned_by_its_rules_leaves_out_what_milestones_gave():
    book = cafe(milestone("visits", at=1, points=50, limit=Limit(1, Period.PROGRAM)))
    decision = Ana(book).does(sale(line("5.00")))

    alone = of_rules(decision, book.tier_unit)

    assert (decision.points()["points"], decision.counted.points) == (55, 55)
    assert (alone.points()["points"], alone.counted.points, alone.limits) == (5, 5, {})
