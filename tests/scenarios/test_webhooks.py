"""Hard case 53: webhooks that arrive in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook

from tests.support.program import CAFE_SOL
from tests.support.receiver import Receiver, running_receiver

TIERS = """
tiers:
  by: spend
  window: 12 months
  downgrade: never
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 100, multiply: 2}
"""
PRICES = ("30.00", "50.00", "40.00", "25.00")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The café's own system, which keeps a copy of its members."""
    with running_receiver() as one:
        yield one


@pytest.fixture
def shop(opens_shop, receiver):
    """The Café Sol, which tells its own system what happens."""
    opened = opens_shop(CAFE_SOL + TIERS, sandbox=True)
    answer = opened.http.post("/webhook-endpoints", json={"url": receiver.url})
    opened.secret = answer.json()["secret"]
    return opened


def told_until(receiver, *, sales):
    """What has come when so many sales have."""
    count = 0
    while len([m for m in receiver.received if m.told["type"] == "sale.recorded"]) < sales:
        count += 1
        receiver.waits_for(count)
    return list(receiver.received)


def newest_of_each_member(messages):
    """What a receiver knows that keeps of each member what has the highest number."""
    kept = {}
    for told in messages:
        member = told["data"]["member"]
        if member not in kept or kept[member]["member_sequence"] < told["member_sequence"]:
            kept[member] = told
    return {member: told["data"] for member, told in kept.items()}


def test_53_in_any_order_the_newest_of_each_member_says_where_they_stand(shop, receiver):
    for name in ("ana", "berta"):
        shop.enrols(name)
    for price in PRICES:
        shop.sells(price, to="ana")
    shop.sells("10.00", to="berta")
    messages = [
        Webhook(shop.secret).verify(message.content, message.headers)
        for message in told_until(receiver, sales=len(PRICES) + 1)
    ]

    for seed in range(100):
        random.Random(seed).shuffle(messages)
        known = newest_of_each_member(messages)

        assert {
            name: (
                known[shop.members[name]]["tier"]["id"],
                known[shop.members[name]]["balances"]["points"]["available"],
            )
            for name in ("ana", "berta")
        } == {"ana": ("plata", 30 + 50 + 40 + 50), "berta": ("bronce", 10)}
    assert (shop.balance("ana"), shop.balance("berta")) == (170, 10)


def test_53_what_was_missed_arrives_late_and_is_known_as_old(shop, receiver):
    shop.enrols("ana")
    failed = []

    def misses_the_first_sale(told):
        if told["type"] == "sale.recorded" and not failed:
            failed.append(told["sequence"])
            return 503, {}
        return 200, {}

    receiver.answer = misses_the_first_sale
    for price in PRICES[:2]:
        shop.sells(price, to="ana")

    messages = [message.told for message in told_until(receiver, sales=3)]

    first, second, again = (told for told in messages if told["type"] == "sale.recorded")
    assert first == again
    assert first["member_sequence"] + 1 == second["member_sequence"]
    known = newest_of_each_member(messages)
    assert known[shop.members["ana"]]["balances"]["points"]["available"] == 80


def test_53_a_message_that_comes_twice_changes_nothing(shop, receiver):
    shop.enrols("ana")
    shop.sells("30.00", to="ana")
    (endpoint,) = shop.http.get("/webhook-endpoints").json()["data"]
    first = told_until(receiver, sales=1)

    shop.http.post(f"/webhook-endpoints/{endpoint['id']}/replay", json={"after": None})
    twice = told_until(receiver, sales=2)

    assert [message.id for message in twice] == [message.id for message in first] * 2
    known = newest_of_each_member(message.told for message in twice)
    assert known[shop.members["ana"]]["balances"]["points"]["available"] == 30
