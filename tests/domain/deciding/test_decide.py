"""What earns, and what does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fiel.domain.activity import LineKind, OccasionKind
from fiel.domain.deciding import Rulebook, TooManyPoints, decide, limit_keys
from fiel.domain.decision import Skipped, Term, TierChange
from fiel.domain.member import Qualifying
from fiel.domain.money import Currency
from fiel.domain.program import (
    Basis,
    Event,
    ExpiresAfter,
    Extra,
    Limit,
    Rounding,
    RoundPer,
    TierBy,
)
from fiel.domain.time import Duration, DurationUnit, Period
from tests.domain.programs import (
    NOON,
    TWELVE_MONTHS,
    action,
    ana,
    category_is,
    category_is_not,
    day,
    each_item,
    likes,
    line,
    occasion,
    once,
    per,
    program,
    rule,
    sale,
    sale_net_from,
    sku_is,
    tier_ladder,
    times,
    unit,
)


def decided(shop, activity, *, member=None, budgets_left=None):
    return decide(Rulebook.of(shop), member or ana(), activity, budgets_left=budgets_left)


def points(*rules, activity, units=None):
    return decided(program(*rules, units=units), activity).points()


# --- by value -----------------------------------------------------------------------------------


# Goods for 100.00 less 10.00, 21 % of tax, 5.00 of shipping and a gift card for 50.00.
INVOICE = sale(
    line("90.00", number=1, category="ropa", gross="108.90", margin="40.00"),
    line("50.00", number=2, category="tarjetas", kind=LineKind.GIFT_CARD),
    shipping="5.00",
)


@pytest.mark.parametrize(
    ("basis", "earned"), [(Basis.NET, 90), (Basis.GROSS, 108), (Basis.MARGIN, 40)]
)
def test_goods_earn_before_tax_after_it_or_on_margin(basis, earned):
    assert points(rule("base", per("1.00"), of=basis), activity=INVOICE) == {"points": earned}


def test_gift_cards_earn_where_the_rule_includes_them():
    base = rule("base", per("1.00"), include=[Extra.GIFT_CARDS])

    assert points(base, activity=INVOICE) == {"points": 140}


def test_shipping_earns_where_the_rule_includes_it():
    base = rule("base", per("1.00"), include=[Extra.SHIPPING])

    assert points(base, activity=INVOICE) == {"points": 95}


def test_gift_cards_earn_where_the_condition_names_their_category():
    cards = rule("tarjetas", per("1.00"), where=category_is("tarjetas"))

    assert points(cards, activity=INVOICE) == {"points": 50}


def test_a_condition_that_lets_gift_cards_through_without_naming_them_does_not_let_them_earn():
    base = rule("base", per("1.00"), where=category_is_not("tabaco"))

    assert points(base, activity=INVOICE) == {"points": 90}


def test_a_gift_card_without_a_category_is_never_named():
    nameless = sale(line("50.00", kind=LineKind.GIFT_CARD))

    assert points(rule("x", per("1.00"), where=category_is("")), activity=nameless) == {}


def test_shipping_meets_conditions_as_a_line_of_its_own():
    include = [Extra.SHIPPING]
    not_tobacco = rule("base", per("1.00"), where=category_is_not("tabaco"), include=include)
    only_clothes = rule("ropa", per("1.00"), where=category_is("ropa"), include=include)

    assert points(not_tobacco, activity=INVOICE) == {"points": 95}
    assert points(only_clothes, activity=INVOICE) == {"points": 90}


def test_an_excluded_category_earns_nothing():
    basket = sale(line("6.00", category="cafe"), line("5.00", category="tabaco"))

    earned = points(rule("base", per(), where=category_is_not("tabaco")), activity=basket)

    assert earned == {"points": 6}


def test_a_line_sold_below_cost_earns_nothing_and_takes_nothing():
    basket = sale(line("20.00", margin="8.00"), line("10.00", margin="-3.00"))

    assert points(rule("base", per("1.00"), of=Basis.MARGIN), activity=basket) == {"points": 8}


def test_a_sale_of_nothing_earns_nothing_by_value():
    assert decided(program(rule("base", per())), sale(line("0.00"))).awards == ()


# --- rounding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("round_per", "earned"), [(RoundPer.LINE, {}), (RoundPer.SALE, 1)])
def test_three_lines_of_half_a_point(round_per, earned):
    basket = sale(line("0.50"), line("0.50"), line("0.50"))

    found = points(rule("base", per()), activity=basket, units=[unit(round_per=round_per)])

    assert found == ({"points": earned} if earned else {})


@pytest.mark.parametrize(
    ("rounding", "earned"),
    [(Rounding.FLOOR, [1, 1, 2]), (Rounding.HALF_UP, [1, 2, 2]), (Rounding.CEIL, [2, 2, 2])],
)
def test_a_fraction_of_a_point_is_rounded_as_the_unit_says(rounding, earned):
    shop = program(rule("base", per("1.00")), units=[unit(rounding=rounding)])

    found = [decided(shop, sale(line(net))).points()["points"] for net in ("1.49", "1.50", "2.00")]

    assert found == earned


def test_a_currency_without_cents_rounds_nothing_away():
    clp = Currency("CLP", 0)
    shop = program(rule("base", per("1000", currency=clp)), currency=clp)

    assert decided(shop, sale(line("1000", currency=clp), currency=clp)).points() == {"points": 1}
    assert decided(shop, sale(line("1990", currency=clp), currency=clp)).points() == {"points": 1}


# --- items, tickets, several units --------------------------------------------------------------


def test_items_earn_by_quantity():
    stamp = rule("sello", each_item(stamps=1), where=sku_is("CAP-01"))
    basket = sale(line("9.30", sku="CAP-01", quantity=3), line("2.00", sku="PAN", quantity=5))

    assert points(stamp, activity=basket) == {"stamps": 3}


def test_part_of_an_item_is_none():
    stamp = rule("sello", each_item(stamps=1))
    kilos = sale(line("5.00", quantity=Decimal("1.275")), line("5.00", quantity=Decimal("0.5")))

    assert decided(program(stamp), kilos).points() == {"stamps": 1}
    assert decided(program(stamp), sale(line("5.00", quantity=Decimal("0.999")))).awards == ()


def test_a_ticket_of_exactly_the_threshold_gets_its_bonus():
    bonus = rule("ticket-50", once(50), where=sale_net_from("50.00"))

    assert points(bonus, activity=sale(line("50.00"))) == {"points": 50}
    assert points(bonus, activity=sale(line("49.99"))) == {}


def test_what_is_given_once_is_given_once_however_many_lines_match():
    welcome = rule("cafe", once(5), where=category_is("cafe"))
    basket = sale(line("3.00", category="cafe"), line("3.00", category="cafe"))

    assert points(welcome, activity=basket) == {"points": 5}


def test_goods_for_nothing_still_count_as_a_visit():
    assert points(rule("visita", once(1)), activity=sale(line("0.00"))) == {"points": 1}


def test_a_sale_of_a_gift_card_only_is_no_visit():
    card = sale(line("50.00", kind=LineKind.GIFT_CARD), shipping="5.00")

    assert points(rule("visita", once(1)), activity=card) == {}
    assert points(rule("visita", once(1), include=[Extra.GIFT_CARDS]), activity=card) == {
        "points": 1
    }


def test_a_rule_may_give_several_units():
    both = rule("base", per("1.00", "1", stamps="0.1"))

    assert points(both, activity=sale(line("25.00"))) == {"points": 25, "stamps": 2}


# --- conditions that cannot be evaluated --------------------------------------------------------


def test_a_condition_that_cannot_be_evaluated_does_not_match_and_is_reported():
    shop = program(rule("base", per()), rule("latte", once(5), where=likes("latte")))

    decision = decided(shop, sale(line("6.20")))

    assert decision.points() == {"points": 6}
    assert decision.skipped == (Skipped("latte", "condition"),)


def test_a_multiplier_whose_condition_fails_is_reported_once():
    shop = program(
        rule("base", per()), rule("otra", per()), rule("doble", times("2"), where=likes("latte"))
    )

    decision = decided(shop, sale(line("1.00"), line("2.00")))

    assert decision.points() == {"points": 6}
    assert decision.skipped == (Skipped("doble", "condition"),)


# --- activities and occasions -------------------------------------------------------------------


def test_a_review_earns_what_its_rule_gives():
    shop = program(
        rule("resena", once(20), event=Event.ACTIVITY, activity="review"),
        rule("visita", once(1), event=Event.ACTIVITY, activity="check_in"),
        rule("lo-que-sea", once(2), event=Event.ACTIVITY),
        rule("base", per()),
    )

    assert decided(shop, action("review")).points() == {"points": 22}


def test_a_week_of_double_points_for_reviews():
    shop = program(
        rule("resena", once(20), event=Event.ACTIVITY, activity="review"),
        rule("doble", times("2", "resena"), event=Event.ACTIVITY, where=likes("latte")),
    )

    latte = ana(attributes={"favourite": "latte"})
    assert decided(shop, action("review"), member=latte).points() == {"points": 40}
    mocha = ana(attributes={"favourite": "mocha"})
    assert decided(shop, action("review"), member=mocha).points() == {"points": 20}


def test_joining_a_birthday_and_an_anniversary_each_have_their_rules():
    shop = program(
        rule("bienvenida", once(10), event=Event.ENROLMENT),
        rule("cumple", once(100), event=Event.BIRTHDAY),
        rule("aniversario", once(50), event=Event.ANNIVERSARY),
    )

    earned = {kind: decided(shop, occasion(kind)).points()["points"] for kind in OccasionKind}

    assert earned == {
        OccasionKind.ENROLMENT: 10,
        OccasionKind.BIRTHDAY: 100,
        OccasionKind.ANNIVERSARY: 50,
    }


def test_a_birthday_is_honoured_once_a_year_though_its_date_is_changed():
    shop = program(rule("cumple", once(100), event=Event.BIRTHDAY))
    birthday = occasion(OccasionKind.BIRTHDAY)
    [key] = limit_keys(Rulebook.of(shop), birthday)

    first = decided(shop, birthday)
    again = decided(shop, birthday, member=ana(limits_used=first.limits))

    assert key == ("cumple", day("2026-01-01"))
    assert first.limits == {key: 1}
    assert again.awards == ()
    assert again.skipped == (Skipped("cumple", "limit"),)


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "start"),
    [
        (Period.DAY, "2026-03-01"),
        (Period.WEEK, "2026-02-23"),
        (Period.MONTH, "2026-03-01"),
        (Period.YEAR, "2026-01-01"),
        (Period.PROGRAM, "0001-01-01"),
    ],
)
def test_a_limit_counts_per_member_and_period(every, start):
    shop = program(rule("visita", once(5), limit=Limit(2, every)))
    key = ("visita", day(start))
    assert limit_keys(Rulebook.of(shop), sale(line("1.00"))) == (key,)

    second = decided(shop, sale(line("1.00")), member=ana(limits_used={key: 1}))
    third = decided(shop, sale(line("1.00")), member=ana(limits_used={key: 2}))

    assert second.points() == {"points": 5}
    assert second.limits == {key: 1}
    assert third.awards == ()
    assert third.skipped == (Skipped("visita", "limit"),)


def test_a_limit_of_ana_does_not_bind_berta():
    shop = program(rule("visita", once(5), limit=Limit(1, Period.PROGRAM)))
    used = {("visita", day("0001-01-01")): 1}

    assert decided(shop, sale(line("1.00")), member=ana(limits_used=used)).awards == ()
    assert decided(shop, sale(line("1.00")), member=ana()).points() == {"points": 5}


def test_a_period_is_of_the_programs_zone():
    shop = program(rule("visita", once(5), limit=Limit(1, Period.DAY)))
    late = sale(line("1.00"), at=NOON.replace(hour=23, minute=30))  # 00:30 on Monday in Madrid

    assert limit_keys(Rulebook.of(shop), late) == (("visita", day("2026-03-02")),)


def test_a_limit_that_a_rule_did_not_match_is_not_used():
    shop = program(rule("cara", once(5), where=sale_net_from("50.00"), limit=Limit(1, Period.DAY)))

    decision = decided(shop, sale(line("1.00")))

    assert decision.limits == {}
    assert decision.skipped == ()


def test_a_multiplier_may_have_a_limit_of_its_own():
    shop = program(
        rule("base", per()),
        rule("otra", per()),
        rule("doble", times("2"), limit=Limit(1, Period.DAY)),
    )
    key = ("doble", day("2026-03-01"))

    first = decided(shop, sale(line("10.00")))
    second = decided(shop, sale(line("10.00")), member=ana(limits_used={key: 1}))

    assert first.points() == {"points": 40}
    assert first.limits == {key: 1}
    assert second.points() == {"points": 20}
    assert second.skipped == (Skipped("doble", "limit"),)


def test_only_the_limits_of_an_activity_need_be_known():
    shop = program(
        rule("base", per(), limit=Limit(1, Period.DAY)),
        rule(
            "resena", once(1), event=Event.ACTIVITY, activity="review", limit=Limit(1, Period.DAY)
        ),
        rule("foto", once(1), event=Event.ACTIVITY, activity="photo", limit=Limit(1, Period.DAY)),
    )
    book = Rulebook.of(shop)

    assert limit_keys(book, action("review")) == (("resena", day("2026-03-01")),)
    assert book.limited_rules == {"base", "resena", "foto"}


# --- budgets ------------------------------------------------------------------------------------


def test_an_award_that_does_not_fit_its_budget_whole_is_not_made():
    shop = program(rule("ticket", once(50), budget={"points": 1000}))

    fits = decided(shop, sale(line("1.00")), budgets_left={("ticket", "points"): 50})
    short = decided(shop, sale(line("1.00")), budgets_left={("ticket", "points"): 49})

    assert fits.points() == {"points": 50}
    assert fits.budgets == {("ticket", "points"): 50}
    assert short.awards == ()
    assert short.skipped == (Skipped("ticket", "budget"),)


def test_of_several_units_all_fit_or_none_is_given():
    shop = program(rule("ticket", once(50, stamps=1), budget={"points": 100, "stamps": 10}))

    left = {("ticket", "points"): 100, ("ticket", "stamps"): 0}

    assert decided(shop, sale(line("1.00")), budgets_left=left).awards == ()


def test_a_unit_without_a_budget_is_not_held_back():
    shop = program(rule("ticket", once(50, stamps=1), budget={"points": 100}))

    decision = decided(shop, sale(line("1.00")), budgets_left={("ticket", "points"): 50})

    assert decision.points() == {"points": 50, "stamps": 1}
    assert decision.budgets == {("ticket", "points"): 50}


def test_a_budget_nobody_has_touched_is_whole():
    shop = program(rule("ticket", once(50), budget={"points": 50}))

    assert decided(shop, sale(line("1.00")), budgets_left={}).points() == {"points": 50}
    assert Rulebook.of(shop).budgeted_rules == {"ticket"}


def test_what_a_limit_refuses_takes_nothing_from_a_budget():
    limit = Limit(1, Period.DAY)
    shop = program(rule("ticket", once(50), limit=limit, budget={"points": 1000}))
    used = ana(limits_used={("ticket", day("2026-03-01")): 1})

    decision = decided(shop, sale(line("1.00")), member=used, budgets_left={})

    assert decision.budgets == {}
    assert decision.skipped == (Skipped("ticket", "limit"),)


# --- terms, tiers, what is kept -----------------------------------------------------------------


def test_each_unit_awarded_has_its_term():
    year = Duration(12, DurationUnit.MONTHS)
    fortnight = Duration(14, DurationUnit.DAYS)
    shop = program(
        rule("base", per("1.00", "1", stamps="1")),
        units=[unit("points", expiry=ExpiresAfter(year)), unit("stamps", pending=fortnight)],
    )

    decision = decided(shop, sale(line("6.20")))

    assert decision.terms == {
        "points": Term(NOON, NOON.replace(year=2027, hour=23)),
        "stamps": Term(NOON.replace(day=15, hour=23), None),
    }


def test_points_start_when_they_were_earned_at_each_sale_of_a_day():
    book = Rulebook.of(program(rule("base", per())))
    later = NOON.replace(hour=15)

    starts = [
        decide(book, ana(), sale(line("1.00"), at=at), budgets_left=None).terms["points"].starts_at
        for at in (NOON, later)
    ]

    assert starts == [NOON, later]


def test_a_member_climbs_at_exactly_the_threshold():
    shop = program(tiers=tier_ladder(("bronce", 0, "1"), ("plata", 50000, "1.5")))
    held = ana(tier="bronce", window=Qualifying(spend=49000))

    assert decided(shop, sale(line("9.99")), member=held).tier is None
    assert decided(shop, sale(line("10.00")), member=held).tier == TierChange("bronce", "plata")


def test_the_multiplier_is_that_of_the_tier_held_before_the_sale():
    shop = program(
        rule("base", per()), tiers=tier_ladder(("bronce", 0, "1"), ("plata", 10000, "2"))
    )

    decision = decided(shop, sale(line("100.00")), member=ana(tier="bronce"))

    assert decision.points() == {"points": 100}
    assert decision.tier == TierChange("bronce", "plata")


def test_a_new_member_gets_the_first_tier():
    shop = program(tiers=tier_ladder(("bronce", 0, "1"), ("plata", 10000, "2")))

    assert decided(shop, occasion(OccasionKind.ENROLMENT)).tier == TierChange(None, "bronce")


def test_deciding_never_lowers_a_tier():
    shop = program(tiers=tier_ladder(("bronce", 0, "1"), ("plata", 10000, "2")))

    assert decided(shop, sale(line("1.00")), member=ana(tier="plata")).tier is None


def test_tiers_by_points_count_the_points_of_their_unit():
    tiers = tier_ladder(("bronce", 0, "1"), ("plata", 100, "1"), by=TierBy.POINTS, unit="points")
    shop = program(rule("base", per()), rule("sello", each_item(stamps=500)), tiers=tiers)

    decision = decided(
        shop, sale(line("40.00")), member=ana(tier="bronce", window=Qualifying(points=60))
    )

    assert decision.counted == Qualifying(spend=4000, points=40, visits=1)
    assert decision.tier == TierChange("bronce", "plata")


def test_tiers_by_visits_count_sales_and_no_activities():
    tiers = tier_ladder(
        ("bronce", 0, "1"), ("plata", 2, "1"), by=TierBy.VISITS, window=TWELVE_MONTHS
    )
    shop = program(rule("resena", once(5), event=Event.ACTIVITY), tiers=tiers)
    held = ana(tier="bronce", window=Qualifying(visits=1))

    assert decided(shop, action("review"), member=held).tier is None
    assert decided(shop, sale(line("1.00")), member=held).tier == TierChange("bronce", "plata")


def test_gift_cards_and_shipping_are_no_spend():
    assert decided(program(rule("base", per())), INVOICE).counted == Qualifying(
        spend=9000, points=90, visits=1
    )


def test_the_facts_that_the_rules_asked_for_are_kept():
    shop = program(
        rule("latte", once(5), where=likes("latte")),
        rule("cumple", once(5), event=Event.BIRTHDAY),
    )
    member = ana(tier="plata", attributes={"favourite": "mocha", "size": "big"}, spend=100)

    assert decided(shop, sale(line("1.00")), member=member).pinned == {
        "attributes.favourite": "mocha"
    }
    assert decided(shop, occasion(OccasionKind.BIRTHDAY), member=member).pinned == {}
    assert Rulebook.of(shop).reads_member == {"attributes"}


def test_the_tier_is_kept_where_it_multiplies():
    shop = program(rule("base", per()), tiers=tier_ladder(("bronce", 0, "1"), ("plata", 1, "2")))

    assert decided(shop, sale(line("1.00")), member=ana(tier="plata")).pinned == {"tier": "plata"}


def test_more_points_than_can_be_counted_are_refused():
    shop = program(rule("base", per("0.01", "1000000000000000")))

    with pytest.raises(TooManyPoints) as refused:
        decided(shop, sale(line("0.02")))

    assert refused.value.code == "invalid"
    assert refused.value.parameters == {"rule": "base"}
