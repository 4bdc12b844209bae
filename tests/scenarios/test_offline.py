"""Hard cases 51 and 52: tills that had no network, and clocks that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def close(told: str, moment: datetime) -> bool:
    return abs(datetime.fromisoformat(told) - moment) < timedelta(minutes=1)


def test_52_a_sale_without_a_network_counts_when_it_was_made(shop):
    shop.enrols("ana")
    now = datetime.now(UTC)
    made = now - timedelta(hours=5)

    sold = shop.sells(
        "50.00", to="ana", occurred_at=text(made),
        offline={"till": "caja-1", "sent_at": text(now)},
    )  # fmt: skip

    assert close(sold["occurred_at"], made)
    assert sold["offline"] == {"till": "caja-1", "clock": "till"}


@pytest.mark.parametrize("off", [timedelta(hours=-3), timedelta(hours=3), timedelta(days=400)])
def test_52_where_the_clock_is_too_far_off_the_servers_time_counts_and_is_marked(shop, off):
    shop.enrols("ana")
    now = datetime.now(UTC)
    shown = now + off
    made = shown - timedelta(hours=1)

    sold = shop.sells(
        "50.00", to="ana", occurred_at=text(made),
        offline={"till": "caja-1", "sent_at": text(shown)},
    )  # fmt: skip

    assert close(sold["occurred_at"], now)
    assert (sold["offline"]["clock"], sold["offline"]["till"]) == ("server", "caja-1")
    assert close(sold["offline"]["told_at"], made)
    assert sold["earned"] == {"points": 50}


def test_a_sale_that_is_sent_again_later_is_the_same_sale(shop):
    shop.enrols("ana")
    now = datetime.now(UTC)
    body = shop.sale("50.00", to="ana", occurred_at=text(now - timedelta(hours=1)))

    first = shop.http.post("/sales", json=body | {"offline": {"sent_at": text(now)}})
    again = shop.http.post(
        "/sales", json=body | {"offline": {"sent_at": text(now + timedelta(minutes=2))}}
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_without_the_mark_a_sale_far_in_the_future_is_refused(shop):
    shop.enrols("ana")
    later = text(datetime.now(UTC) + timedelta(days=2))

    answer = shop.http.post("/sales", json=shop.sale("1.00", to="ana", occurred_at=later))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["occurred_at"]
