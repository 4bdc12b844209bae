"""Hard cases 11, 46, 47, 49 and 50: people, and what moves between them."""

from __future__ import annotations

from tests.support.proof import proof_of


def lots(shop, name):
    answer = shop.http.get(f"/members/{shop.members[name]}/lots").json()["data"]
    return [(lot["left"], lot["ends_at"]) for lot in answer]


def test_11_a_transfer_keeps_the_dates_of_the_lots(shop):
    for name in ("ana", "berta"):
        shop.enrols(name)
    shop.sells("100.00", to="ana", occurred_at="2026-01-10T12:00:00+01:00")
    shop.sells("50.00", to="ana", occurred_at="2026-02-10T12:00:00+01:00")

    answer = shop.http.post(
        "/transfers",
        json={"from": shop.members["ana"], "to": shop.members["berta"], "points": 120},
    )

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert [lot["points"] for lot in told["lots"]] == [100, 20]
    assert told["from"]["balances"]["points"]["available"] == 30
    assert told["to"]["balances"]["points"]["available"] == 120
    assert lots(shop, "ana") == [(30, "2027-02-10T23:00:00Z")]
    assert lots(shop, "berta") == [(100, "2027-01-10T23:00:00Z"), (20, "2027-02-10T23:00:00Z")]
    assert proof_of(shop.database_url).differences == []


def merges(shop, gone, stays):
    return shop.http.post(
        f"/members/{shop.members[gone]}/merge", json={"into": shop.members[stays]}
    )


def test_46_a_merge_brings_the_lots_with_both_dates(shop):
    shop.enrols("ana", phone="+34600111222")
    shop.enrols("berta", phone="+34600333444")
    shop.sells("100.00", to="ana", occurred_at="2026-01-10T12:00:00+01:00")
    shop.sells("200.00", to="berta", occurred_at="2026-03-10T12:00:00+01:00")

    merged = merges(shop, "ana", "berta")

    assert merged.status_code == 200, merged.text
    assert merged.json()["moved"] == {"points": 100}
    assert shop.balance("berta") == 300
    assert lots(shop, "berta") == [(100, "2027-01-10T23:00:00Z"), (200, "2027-03-10T23:00:00Z")]
    assert shop.http.get(f"/members/{shop.members['ana']}").json()["id"] == shop.members["berta"]
    found = shop.http.get("/members", params={"phone": "+34600111222"}).json()["data"]
    assert [member["id"] for member in found] == [shop.members["berta"]]
    assert proof_of(shop.database_url).differences == []
