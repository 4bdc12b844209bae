"""Who is kept out of a program or a promotion: by lot, for good, and told by nothing but ids."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.holdout import Holdouts, held_out
from tests.domain.programs import per, program, rule

MEMBERS = [UUID(int=number) for number in range(2_000)]


def sol(share: str | None = None, promotion: str | None = None, slug: str = "cafe-sol"):
    promo = replace(rule("promo", per()), holdout=promotion and Decimal(promotion))
    return replace(program(promo), slug=slug, holdout=share and Decimal(share))


def kept_out(shop, of: str = "") -> set[UUID]:
    return {member for member in MEMBERS if of in held_out(shop, member)}


def test_without_a_holdout_nobody_is_kept_out():
    assert {held_out(sol(), member) for member in MEMBERS} == {frozenset()}


def test_who_is_kept_out_never_changes():
    # Made once and written down: another answer would move members from one group to the other.
    assert [member.int for member in MEMBERS[:40] if held_out(sol("10"), member)] == PINNED


PINNED = [3, 6, 10, 21, 35]


def test_so_many_of_a_hundred_are_kept_out():
    # 2,000 draws with a chance of one in ten: 200, give or take four times 13.4.
    assert 147 <= len(kept_out(sol("10"))) <= 253


@given(st.decimals("0.1", 90, places=1), st.decimals("0.1", 90, places=1))
def test_a_greater_share_adds_members_and_loses_none(one, other):
    less, more = sorted((one, other))

    assert kept_out(sol(str(less))) <= kept_out(sol(str(more)))


def test_promotions_and_programs_draw_each_their_own():
    both = sol("50", "50")
    out, out_of_promotion = kept_out(both), kept_out(both, "promo")

    # Each draws half: a quarter is in both, give or take four times 19.4 of 2,000.
    assert 422 <= len(out & out_of_promotion) <= 578
    assert out != kept_out(sol("50", slug="rival"))


def test_one_answer_names_all_that_a_member_is_kept_out_of():
    shop = sol("90", "90")
    member = next(each for each in MEMBERS if len(held_out(shop, each)) == 2)

    assert held_out(shop, member) == Holdouts.of(shop).of_member(member) == {"", "promo"}
