"""The pages of coupons: batches of codes, and a code's whole story."""

import re
from datetime import UTC, datetime, timedelta

from fiel.ledger.ids import new_id
from tests.web.console.offers.program import MOST, asked_by

ACTIVE = "bg-green-lt"


def makes(stage, count=3, *, role="marketer", **told):
    body = {"request_id": str(new_id()), "coupon": "bienvenida", "count": count, **told}
    return stage.client(role).submit(stage.console("coupons/-/make/"), body)


def codes(stage, made):
    text = stage.client().get(f"{made.headers['location']}csv/").text
    return [row.split(",")[0] for row in text.splitlines()[1:]]


def test_a_batch_is_made_downloaded_and_made_once(stage):
    request = str(new_id())
    made = makes(stage, 3, batch="flyer", request_id=request)
    again = makes(stage, 3, batch="flyer", request_id=request)

    assert made.status_code == again.status_code == 302
    assert made.headers["location"] == again.headers["location"]
    assert len(set(codes(stage, made))) == 3


def test_what_cannot_be_made_is_said_beside_the_field(stage):
    past = makes(stage, last_day="2020-01-01")
    many = makes(stage, 500_000)
    taken = [makes(stage, count, batch="twice") for count in (2, 3)]

    assert [past.status_code, many.status_code, taken[1].status_code] == [422, 422, 422]
    assert 'id="id_last_day_error"' in past.text
    assert 'id="id_count_error"' in many.text


def test_a_last_day_ends_the_codes_before_their_coupon_does(stage):
    today = datetime.now(UTC).date()
    made = [makes(stage, 1, last_day=str(today + timedelta(days))) for days in (9, 400)]
    ends = [
        datetime.fromisoformat(
            stage.client().get(f"{one.headers['location']}csv/").text.splitlines()[1].split(",")[5]
        )
        for one in made
    ]

    # The coupon itself lasts 30 days, to the end of the last of them in Madrid.
    assert 8 < (ends[0].date() - today).days <= 10
    assert 29 < (ends[1].date() - today).days <= 31


def test_a_code_tells_its_story_and_how_many_of_its_batch_were_used(stage):
    made = makes(stage, 4, batch="story")
    code, *_rest = codes(stage, made)
    ana = stage.shop.members["ana"]
    stage.shop.http.post(f"/coupons/{code}/redeem", json={"cart": "C-1", "member": ana})

    story = stage.client().get(stage.console("coupons/-/look/"), params={"code": code.lower()})
    batch = stage.client().get(made.headers["location"])

    assert story.status_code == 200
    assert "C-1" in story.text
    assert "Ana Ruiz" in story.text
    assert "25%" in batch.text


def test_a_code_and_the_rest_of_its_batch_are_cancelled(stage):
    made = makes(stage, 3)
    first, *_rest = codes(stage, made)
    client = stage.client("marketer")

    for _ in range(2):
        client.submit(stage.console("coupons/-/cancel/"), {"code": first})
        rest = client.submit(f"{made.headers['location']}cancel/")
    page = client.get(rest.headers["location"])

    assert page.text.count("2 codes were cancelled.") == 2
    audit = stage.client().get(stage.console("audit/"), params={"format": "csv"}).text
    assert (audit.count("coupon.cancelled"), audit.count("coupons.cancelled")) == (1, 1)
    text = stage.client().get(f"{made.headers['location']}csv/").text
    assert re.findall(r",(cancelled|active),", text) == ["cancelled"] * 3


def test_a_shared_code_and_one_of_a_reward_are_not_cancelled_here(stage):
    stage.shop.sells("600.00", to="ana")
    answer = stage.shop.http.post(
        "/redemptions",
        json={"member": stage.shop.members["ana"], "reward": "dto-5", "capture": True},
    ).json()
    client = stage.client()

    for code in ("VERANO-26", answer["code"]):
        assert (
            client.get(stage.console("coupons/-/look/"), params={"code": code}).status_code == 200
        )
        refused = client.submit(stage.console("coupons/-/cancel/"), {"code": code})
        assert refused.status_code == 404


def test_a_code_that_nobody_made_is_said_to_be_unknown(stage):
    answer = stage.client().get(stage.console("coupons/-/look/"), params={"code": "AAAA-BBBB"})

    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_support_sees_codes_and_makes_none(stage):
    made = makes(stage, 1)

    assert makes(stage, role="support").status_code == 403
    assert stage.client("support").get(stage.console("coupons/")).status_code == 200
    assert stage.client("support").get(f"{made.headers['location']}csv/").status_code == 403


def test_the_list_costs_the_same_with_one_batch_and_with_three(stage):
    client = stage.client()
    makes(stage, 1)
    for path in ("coupons/", "coupons/-/rates/"):
        client.get(stage.console(path))
        with stage.queries() as before:
            client.get(stage.console(path))
        makes(stage, 1)
        makes(stage, 1)
        with stage.queries() as after:
            client.get(stage.console(path))
        assert asked_by(after) == asked_by(before) < MOST, after.statements


def test_a_code_that_is_none_leads_back_to_itself_whatever_is_in_it(stage):
    told = stage.client("owner").submit(stage.console("coupons/-/cancel/"), {"code": "a&b\r\nc=d"})

    assert told.status_code == 302
    assert told.headers["location"].endswith("?code=a%26b%0D%0Ac%3Dd")
