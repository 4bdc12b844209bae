"""The pages of gift cards: money that is issued, paid and given back, each thing once."""

import re

import psycopg
import pytest

from fiel.ledger.ids import new_id
from tests.web.console.offers.program import MOST, asked_by


def issues(stage, amount="50.00", *, role="manager", **told):
    body = {"request_id": str(new_id()), "amount": amount, "kind": "multi_purpose", **told}
    return stage.client(role).submit(stage.console("gift-cards/-/issue/"), body)


def code_of(stage, made):
    page = stage.client().get(made.headers["location"]).text
    return re.search(r'id="code">([^<]+)<', page)[1]


def moves(stage, made, what, **told):
    body = {f"{what}-{name}": value for name, value in told.items()}
    body.setdefault(f"{what}-request_id", str(new_id()))
    return stage.client("manager").submit(f"{made.headers['location']}{what}/", body)


def balance(stage, made):
    return stage.shop.http.get(f"/gift-cards/{code_of(stage, made)}").json()["balance"]


def test_a_card_is_issued_found_by_its_code_paid_with_and_paid_back(stage):
    made = issues(stage, expires="2099-12-31")
    code = code_of(stage, made)
    found = stage.client("support").submit(stage.console("gift-cards/-/look/"), {"code": code})

    assert found.headers["location"] == made.headers["location"]
    assert moves(stage, made, "charge", amount="30.00", external_id="P-1").status_code == 302
    assert balance(stage, made) == "20.00"
    assert moves(stage, made, "refund", amount="10.00").status_code == 302
    assert balance(stage, made) == "30.00"


def test_the_same_form_sent_twice_moves_money_once(stage):
    made, request = issues(stage), str(new_id())

    for _ in range(2):
        moves(stage, made, "charge", amount="5.00", request_id=request)

    assert balance(stage, made) == "45.00"


@pytest.mark.parametrize(("what", "amount"), [("charge", "50.01"), ("refund", "0.01")])
def test_more_than_there_is_is_refused_and_said(stage, what, amount):
    made = issues(stage)

    refused = moves(stage, made, what, amount=amount)

    assert refused.status_code == 422
    assert balance(stage, made) == "50.00"


def test_a_card_of_one_tax_rate_brings_it(stage):
    assert issues(stage, kind="single_purpose").status_code == 422
    assert issues(stage, kind="single_purpose", tax_rate="21").status_code == 302
    assert issues(stage, "0").status_code == 422


def test_the_code_is_shown_to_nobody_who_may_not_spend_it(stage):
    made = issues(stage)
    code = code_of(stage, made)

    for path in (made.headers["location"], stage.console("gift-cards/")):
        assert code not in stage.client("support").get(path).text
    assert code not in stage.client().get(stage.console("gift-cards/?format=csv")).text
    assert issues(stage, role="support").status_code == 403


def test_what_is_owed_is_the_sum_of_what_is_left(stage):
    before = owed(stage)
    made = issues(stage, "80.00")
    moves(stage, made, "charge", amount="30.00")

    assert owed(stage) == before + 50


def owed(stage):
    text = stage.client().get(stage.console("gift-cards/-/owed/")).text
    found = re.search(r'figure-big">€([\d,.]+)<', text)
    return float(found[1].replace(",", "")) if found else 0.0


def test_the_list_costs_the_same_with_one_card_and_with_three(stage):
    client = stage.client()
    issues(stage)
    client.get(stage.console("gift-cards/"))
    with stage.queries() as before:
        client.get(stage.console("gift-cards/"))
    issues(stage)
    issues(stage)
    with stage.queries() as after:
        client.get(stage.console("gift-cards/"))

    assert asked_by(after) == asked_by(before) < MOST, after.statements


@pytest.fixture
def limited(stage):
    """Managers put at most €100 on a card, or take so much off one, alone."""
    stage.client("owner").submit(stage.console("staff/rules/"), {"manager-cards": "100.00"})
    yield stage
    with psycopg.connect(stage.database_url) as owner:
        owner.execute("DELETE FROM staff_policy")


def waiting(stage):
    page = stage.client("owner").get(stage.console("approvals/")).text
    return re.findall(r"approvals/([0-9a-f-]{36})/approve/", page)


def cards(stage):
    rows = stage.client().get(stage.console("gift-cards/"), params={"format": "csv"}).text
    return len(rows.splitlines()) - 1


def test_a_large_card_is_issued_once_another_person_approves(limited):
    stage, request, before = limited, str(new_id()), cards(limited)
    assert "€100.00" in stage.client("manager").get(stage.console("gift-cards/")).text
    rules = stage.client("owner", language="es").get(stage.console("staff/rules/")).text
    assert 'value="100.00"' in rules

    for _ in range(2):
        asked = issues(stage, "100.01", request_id=request, reason="A wedding")
        assert asked.headers["location"].endswith("/gift-cards/")
    assert (issues(stage, "100.00").status_code, cards(stage)) == (302, before + 1)
    [approval] = waiting(stage)
    approvals = stage.client("owner").get(stage.console("approvals/")).text
    assert ("€100.01" in approvals, "A wedding" in approvals) == (True, True)

    own = stage.client("manager").submit(stage.console(f"approvals/{approval}/approve/"))
    assert (own.status_code, cards(stage)) == (302, before + 1)
    for _ in range(2):
        stage.client("owner").submit(stage.console(f"approvals/{approval}/approve/"))

    assert (cards(stage), waiting(stage)) == (before + 2, [])
    assert "€100.01" in stage.client().get(stage.console(f"gift-cards/{request}/")).text


def test_a_large_payment_waits_and_fails_if_the_money_is_gone_by_then(limited):
    stage, made = limited, issues(limited, "300.00", role="owner")

    for amount in ("150.00", "180.00"):
        assert moves(stage, made, "charge", amount=amount).status_code == 302
    assert balance(stage, made) == "300.00"
    later, first = waiting(stage)
    for approval in (first, later):
        stage.client("owner").submit(stage.console(f"approvals/{approval}/approve/"))

    assert balance(stage, made) == "150.00"
    told = stage.client("owner").get(stage.console("approvals/")).text
    assert "The card had less by then." in told
    assert moves(stage, made, "charge", amount="150.01").status_code == 422  # refused at once
    trail = stage.client("owner").get(stage.console("audit/"), params={"format": "csv"}).text
    assert trail.count("gift_card.asked_for") >= 2
    assert code_of(stage, made) not in trail
