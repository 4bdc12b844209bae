"""Members who are kept out of a program or of a promotion, over HTTP: for good, and told why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from fiel.domain.document import read_program
from fiel.domain.holdout import held_out
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

OF_PROGRAM = (
    CAFE_SOL
    + """
  - {id: bienvenida, event: enrolment, give: {points: 10}}
  - {id: resena, event: activity, activity: review, give: {points: 20}}
  - {id: cumple, event: birthday, give: {points: 100}}
milestones:
  - {id: nivel-20, of: spend, at: "20.00", give: {points: 500}}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronce, from: 0}, {id: oro, from: 50, multiply: 2}]
referral: {referrer: {points: 200}, friend: {points: 100}, after: 0 days, min_spend: "5.00"}
rewards:
  - {id: cafe, kind: product, price: {points: 1000}}
holdout: {share: 50}
"""
)
OF_PROMOTION = (
    CAFE_SOL
    + """
  - {id: doble, event: sale, multiply: 2, holdout: {share: 50}}
  - {id: ticket, event: sale, give: {points: 50}, holdout: {share: 50}}
"""
)
START = "2031-03-01T10:00:00+01:00"


def enrols_who_is(shop, out_of: set[str], *, name: str = "ana", **told: Any) -> str:
    """Enrol until the lot falls as it is asked for; the name of that member."""
    program = read_program(shop.document)
    for number in range(200):
        candidate = f"{name}-{number}"
        if held_out(program, UUID(shop.enrols(candidate, **told))) == out_of:
            return candidate
    raise AssertionError("a lot of one half falls one way at some time")


def reasons(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(line["rule"], line["points"]) for line in answer["explanation"]]


@pytest.fixture
def shop(opens_shop):
    shop = opens_shop(OF_PROGRAM, sandbox=True)
    shop.lives_at(START)
    return shop


def test_who_is_kept_out_of_the_program_earns_nothing_and_the_others_do(shop):
    out, ana = enrols_who_is(shop, {""}), enrols_who_is(shop, set(), name="berta")

    sold_out, sold = shop.sells("60.00", to=out), shop.sells("60.00", to=ana)

    assert (sold_out["earned"]["points"], shop.balance(out)) == (0, 0)
    assert (sold["earned"]["points"], shop.balance(ana)) == (560, 570)
    assert reasons(sold_out) == [("holdout", 0)]
    assert (sold_out["tier"]["id"], sold["tier"]["id"]) == (None, "oro")
    assert (sold_out["messages"], sold_out["milestones"]) == ([], [])
    assert proof_of(shop.database_url).ok


def test_a_quote_says_what_the_sale_will(shop):
    out = enrols_who_is(shop, {""})
    body = shop.sale("60.00", to=out)

    quoted = shop.http.post("/quotes", json=body).json()
    sold = shop.http.post("/sales", json=body).json()

    assert quoted["earned"] == sold["earned"] == {"points": 0}
    assert quoted["explanation"] == sold["explanation"]


def test_activities_and_birthdays_give_them_nothing(shop):
    out = enrols_who_is(shop, {""}, birthday="1990-03-02")
    ana = enrols_who_is(shop, set(), name="berta", birthday="1990-03-02")

    for name in (out, ana):
        told = {"type": "review", "member": shop.members[name], "occurred_at": START}
        assert shop.http.post("/activities", json=told).status_code == 201
    shop.lives_at("2031-03-03T00:00:00+01:00")

    assert (shop.balance(out), shop.balance(ana)) == (0, 10 + 20 + 100)


def test_neither_side_of_a_referral_is_given_what_is_not_for_it(shop):
    """Berta is kept out and brings Ana, who is not; Ana brings Carla, who is kept out."""
    berta = enrols_who_is(shop, {""}, name="berta")
    ana = enrols_who_is(shop, set(), referred_by=code_of(shop, berta))
    carla = enrols_who_is(shop, {""}, name="carla", referred_by=code_of(shop, ana))

    for name in (ana, carla):
        shop.sells("5.00", to=name)
    shop.lives_at("2031-03-02T10:00:00+01:00")

    # Ten for joining, five for five euros, a hundred as a friend and two hundred for bringing one.
    assert (shop.balance(berta), shop.balance(carla)) == (0, 0)
    assert shop.balance(ana) == 10 + 5 + 100 + 200
    assert proof_of(shop.database_url).ok


def code_of(shop, name: str) -> str:
    code: str = shop.http.get(f"/members/{shop.members[name]}").json()["referral_code"]
    return code


def test_a_return_leaves_what_was_never_earned_alone(shop):
    out = enrols_who_is(shop, {""})
    sold = shop.sells("60.00", to=out)
    shop.publishes(OF_PROGRAM.replace("holdout: {share: 50}\n", ""))
    later = shop.sells("30.00", to=out)

    returned = shop.http.post(f"/sales/{sold['id']}/returns", json={"full": True})

    assert returned.status_code == 201, returned.text
    assert later["earned"]["points"] == 30  # the level of 20 was passed while it was not for them
    assert shop.balance(out) == 30
    assert proof_of(shop.database_url).ok


def test_of_a_promotion_only_what_it_gives_is_missing(opens_shop):
    shop = opens_shop(OF_PROMOTION)
    groups = ({"doble", "ticket"}, {"doble"}, {"ticket"}, set())
    names = [enrols_who_is(shop, out_of, name=f"ana{place}") for place, out_of in enumerate(groups)]

    sold = [shop.sells("60.00", to=name) for name in names]

    assert [each["earned"]["points"] for each in sold] == [60, 110, 120, 170]
    assert reasons(sold[1]) == [("base", 60), ("ticket", 50), ("doble", 0)]


def test_a_return_takes_back_by_who_was_kept_out_when_it_was_bought(opens_shop):
    shop = opens_shop(OF_PROMOTION)
    name = enrols_who_is(shop, {"doble", "ticket"})
    body = shop.sale("0", to=name) | {
        "lines": [{"quantity": 1, "unit_price": "40.00"}, {"quantity": 1, "unit_price": "20.00"}]
    }
    sold = shop.http.post("/sales", json=body).json()
    shop.publishes(CAFE_SOL + "  - {id: doble, event: sale, multiply: 3}\n")

    lines = {"lines": [{"line": 2, "quantity": 1}]}
    returned = shop.http.post(f"/sales/{sold['id']}/returns", json=lines)

    assert returned.status_code == 201, returned.text
    assert (sold["earned"]["points"], shop.balance(name)) == (60, 40)


def test_members_who_are_merged_are_who_is_left(opens_shop):
    shop = opens_shop(OF_PROMOTION)
    gone, left = enrols_who_is(shop, {"doble", "ticket"}), enrols_who_is(shop, set(), name="berta")

    answer = shop.http.post(
        f"/members/{shop.members[gone]}/merge", json={"into": shop.members[left]}
    )
    assert answer.status_code == 200, answer.text

    assert shop.sells("60.00", to=gone)["earned"]["points"] == 170
