"""Pages ask the database as often for three of a thing as for one, and never too often."""

from __future__ import annotations

import pytest

from tests.web.stage import Stage

MOST = 20


def _count(stage: Stage, path: str) -> int:
    """How many statements a page takes; what else the server does meanwhile is none of its own."""
    client = stage.client()
    client.get(path)  # what a process learns once is learned
    counts = []
    for _ in range(3):
        with stage.queries() as counted:
            assert client.get(path).status_code == 200
        counts.append(counted.count)
    return min(counts)


@pytest.mark.parametrize(
    "part",
    ["", "timeline/", "belongings/", "people/", "change/", "adjust/", "redeem/", "merge/?q=a",
     "manager/"],
)  # fmt: skip
def test_a_member_with_more_asks_no_more(stage: Stage, part: str) -> None:
    ana, carla = stage.shop.members["ana"], stage.shop.members["carla"]
    if stage.shop.balance("ana") < 100:
        for _ in range(3):
            stage.shop.sells("60.00", to="ana", store="centro")
        for number in range(3):
            stage.shop.http.post(
                "/redemptions", json={"member": ana, "reward": "cafe-gratis", "capture": True}
            )
            stage.shop.http.post(
                "/members", json={"name": f"Friend {number}", "referred_by": _code(stage, ana)}
            )
    base = f"/console/{stage.slug}/members"

    few, many = (_count(stage, f"{base}/{id_}/{part}") for id_ in (carla, ana))

    assert many <= MOST
    assert many - few <= (2 if part in ("people/", "belongings/") else 0)


@pytest.mark.parametrize("query", ["", "?q=ana", "?tier=bronce", "?q=zzz", "?sort=-spend"])
def test_a_list_of_members_asks_the_same_however_many_there_are(stage: Stage, query: str) -> None:
    path = f"/console/{stage.slug}/members/{query}"
    one = _count(stage, path)
    for number in range(3):
        stage.shop.http.post("/members", json={"name": f"Anabel {number}"})

    assert _count(stage, path) == one <= MOST


def test_a_purchase_and_a_redemption_ask_little(stage: Stage) -> None:
    sold = stage.shop.sells("9.00", to="ana", store="centro")
    stage.shop.http.post(f"/sales/{sold['id']}/returns", json={"amount": "2.00"})
    redeemed = stage.shop.http.post(
        "/redemptions",
        json={"member": stage.shop.members["ana"], "reward": "cafe-gratis", "capture": True},
    ).json()
    for path in (f"members/sales/{sold['id']}/", f"members/sales/{sold['id']}/return/",
                 f"members/redemptions/{redeemed['id']}/"):  # fmt: skip
        assert _count(stage, f"/console/{stage.slug}/{path}") <= MOST


def _code(stage: Stage, member_id: str) -> str:
    code: str = stage.shop.http.get(f"/members/{member_id}").json()["referral_code"]
    return code
