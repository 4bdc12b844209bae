"""Everything that the API does to points is told by what it was."""

from __future__ import annotations

import pytest

from tests.support.proof import proof_of

DOCUMENT = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 12 months}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: bienvenida, event: enrolment, give: {points: 5}}
  - {id: resena, event: activity, activity: review, give: {points: 20}}
rewards:
  - {id: cafe, kind: access, name: Café, price: {points: 10}}
pay_with_points: {unit: points, min: 1}
"""


@pytest.fixture
def shop(opens_shop):
    return opens_shop(DOCUMENT)


def told(shop, name):
    """A member's movements as they are told, oldest first."""
    answer = shop.http.get(
        f"/members/{shop.members[name]}/ledger", headers={"accept-language": "en"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"][::-1]


def texts(shop, name):
    return [(entry["change"], entry["text"]) for entry in told(shop, name)]


def posts(shop, path, **body):
    answer = shop.http.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_joining_a_review_and_what_a_person_gives_and_takes(shop):
    ana = shop.enrols("ana")
    posts(shop, "/activities", member=ana, type="review", external_id="A-1")
    posts(shop, "/adjustments", member=ana, points=7, reason="una disculpa", author="Berta")
    posts(shop, "/adjustments", member=ana, points=-2, reason="un error", author="Berta")

    assert texts(shop, "ana") == [
        (5, "5 points for enrolling"),
        (20, "20 points earned for “review”"),
        (7, "7 points given by Berta: una disculpa"),
        (-2, "2 points taken by Berta: un error"),
    ]


def test_a_sale_that_comes_back_after_its_points_were_spent(shop):
    ana = shop.enrols("ana")
    sale = shop.sells("50.00", to="ana", external_id="T-1")
    posts(shop, "/adjustments", member=ana, points=-50, reason="x", author="Berta")
    posts(shop, f"/sales/{sale['id']}/returns", full=True)
    shop.sells("60.00", to="ana", external_id="T-2")

    assert texts(shop, "ana")[3:] == [
        (-5, "5 points taken back: goods of sale T-1 came back"),
        (-45, "45 points owed: goods of sale T-1 came back, and what they earned was spent"),
        (45, "45 points earned with sale T-2; paid what was owed"),
        (15, "15 points earned with sale T-2"),
    ]
    assert [entry["balance"] for entry in told(shop, "ana")[4:]] == [-45, 0, 15]
    assert proof_of(shop.database_url).ok


def test_a_sale_that_was_paid_with_points_and_called_off(shop):
    shop.enrols("ana")
    shop.sells("100.00", to="ana", external_id="T-1")
    payment = {"points_payment": {"unit": "points", "points": 100}}
    sale = shop.sells("1.00", to="ana", external_id="T-2", **payment)
    posts(shop, f"/sales/{sale['id']}/cancel")

    assert texts(shop, "ana")[2:] == [
        (-100, "100 points paid €1.00 of sale T-2"),
        (100, "100 points given back: sale T-2 was cancelled"),
    ]


def test_what_is_held_is_taken_for_good_or_free_again(shop):
    ana = shop.enrols("ana")
    shop.sells("100.00", to="ana", external_id="T-1")
    first = posts(shop, "/redemptions", member=ana, reward="cafe", quantity=1, external_id="C-1")
    posts(shop, f"/redemptions/{first['id']}/capture")
    second = posts(shop, "/redemptions", member=ana, reward="cafe", quantity=1, external_id="C-2")
    posts(shop, f"/redemptions/{second['id']}/cancel")
    third = posts(
        shop, "/redemptions", member=ana, reward="cafe", quantity=1, capture=True,
        external_id="C-3",
    )  # fmt: skip
    posts(shop, f"/redemptions/{third['id']}/cancel")

    assert texts(shop, "ana")[2:] == [
        (0, "10 points held for “Café”"),
        (-10, "10 points from a hold redeemed for “Café”"),
        (0, "10 points held for “Café”"),
        (0, "10 points held for “Café”, free again: it was cancelled"),
        (-10, "10 points redeemed for “Café”"),
        (10, "10 points given back: “Café” was cancelled"),
    ]


def test_what_goes_to_another_member_is_told_to_both_without_names(shop):
    shop.enrols("ana")
    shop.enrols("berta")
    shop.sells("30.00", to="ana", external_id="T-1")
    body = {"from": shop.members["ana"], "to": shop.members["berta"], "points": 20}
    posts(shop, "/transfers", external_id="X-1", **body)

    gone, come = told(shop, "ana")[2:], told(shop, "berta")[1:]
    assert {entry["text"] for entry in gone} == {"20 points passed on to another member"}
    assert [entry["text"] for entry in come] == [
        "5 points received from another member",
        "15 points received from another member",
    ]
    assert {entry["pair"] for entry in gone} == {entry["pair"] for entry in come}


def test_a_merge_is_told_to_whoever_goes_on(shop):
    shop.enrols("ana")
    berta = shop.enrols("berta")
    shop.sells("30.00", to="ana", external_id="T-1")
    posts(shop, f"/members/{shop.members['ana']}/merge", into=berta)

    came = texts(shop, "berta")[1:]

    assert came == [
        (5, "5 points came from the membership that was joined to this one"),
        (30, "30 points came from the membership that was joined to this one"),
    ]
    assert texts(shop, "ana") == texts(shop, "berta")


def test_every_balance_of_these_stories_ties_to_its_explanation(shop):
    shop.enrols("ana")
    berta = shop.enrols("berta")
    shop.sells("30.00", to="ana", external_id="T-1")
    posts(shop, "/redemptions", member=berta, points_payment={"unit": "points", "points": 3})
    body = {"from": shop.members["ana"], "to": berta, "points": 20}
    posts(shop, "/transfers", external_id="X-1", **body)
    posts(shop, f"/members/{shop.members['ana']}/merge", into=berta)

    answer = shop.http.get(f"/members/{berta}/explanation").json()["units"]["points"]

    assert (answer["balance"], answer["available"], answer["held"]) == (40, 37, 3)
    assert sum(lot["left"] for lot in answer["lots"]) == 37
    assert [part["points"] for part in answer["held_for"]] == [3]
