"""The pages of rewards: what is left, what waits, and who may decide about it."""

import re

import pytest

from fiel.ledger.ids import new_id
from tests.web.console.offers.program import MOST, asked_by
from tests.web.stage import Stage

PAGES = ("rewards/", "rewards/cafe-gratis/", "rewards/-/waiting/")


def redeems(stage: Stage, reward: str = "cafe-gratis", *, to: str = "ana", **told) -> dict:
    answer = stage.shop.http.post(
        "/redemptions", json={"member": stage.shop.members[to], "reward": reward, **told}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def count(text: str, pattern: str) -> int:
    return len(re.findall(pattern, text))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_database_as_little_for_three_redemptions_as_for_one(stage, path):
    client = stage.client("owner")
    stage.shop.sells("60.00", to="berta")
    redeems(stage, to="berta", hold_minutes=600)
    client.get(stage.console(path))
    with stage.queries() as with_one:
        assert client.get(stage.console(path)).status_code == 200
    redeems(stage, to="berta", hold_minutes=600)
    redeems(stage, to="berta", capture=True)

    with stage.queries() as with_three:
        client.get(stage.console(path))

    assert asked_by(with_three) == asked_by(with_one) < MOST, with_three.statements


def test_what_is_left_of_a_stock_and_a_budget_is_told_at_once(stage):
    before = stage.client().get(stage.console("rewards/?format=csv")).text
    stage.shop.sells("30.00", to="carla")
    redeems(stage, to="carla", capture=True)

    after = stage.client().get(stage.console("rewards/?format=csv")).text

    left = [re.search(r"cafe-gratis,[^,]*,[^,]*,(\d+),100,([\d.]+),40.00", text)
            for text in (before, after)]  # fmt: skip
    assert int(left[1][1]) == int(left[0][1]) - 1
    assert float(left[1][2]) == pytest.approx(float(left[0][2]) - 0.80)


def test_the_figures_tell_who_took_a_reward_and_what_it_cost(stage):
    stage.shop.sells("30.00", to="carla")
    redeems(stage, to="carla", capture=True)

    part = stage.client().get(stage.console("rewards/cafe-gratis/figures/"))

    assert part.status_code == 200
    assert "data-chart" in part.text
    assert "skeleton" not in part.text


def test_a_held_redemption_is_captured_or_cancelled_where_it_waits(stage):
    client = stage.client("manager")
    stage.shop.sells("90.00", to="berta")
    kept, let_go = redeems(stage, to="berta"), redeems(stage, to="berta")

    assert kept["id"] in client.get(stage.console("rewards/-/waiting/")).text
    for one, what in ((kept, "capture"), (let_go, "cancel")):
        form = {"request_id": str(new_id())}
        for _ in range(2):
            path = stage.console(f"rewards/-/waiting/{one['id']}/{what}/")
            assert client.submit(path, form).status_code == 302
        assert "alert-warning" not in client.get(stage.console("rewards/-/waiting/")).text

    states = [
        row.split(",")[3]
        for row in client.get(stage.console("rewards/cafe-gratis/?format=csv")).text.splitlines()
        if row.startswith((kept["id"], let_go["id"]))
    ]
    assert sorted(states) == ["cancelled", "captured"]
    again = client.submit(stage.console(f"rewards/-/waiting/{kept['id']}/capture/"))
    assert again.status_code == 302  # told in words on the page, and nothing happens
    assert "alert-warning" in client.get(stage.console("rewards/-/waiting/")).text


def test_who_only_sees_offers_decides_nothing(stage):
    stage.shop.sells("30.00", to="berta")
    held = redeems(stage, to="berta")
    support = stage.client("support")

    assert support.get(stage.console("rewards/cafe-gratis/")).status_code == 200
    refused = support.submit(stage.console(f"rewards/-/waiting/{held['id']}/capture/"))
    assert refused.status_code == 403


def test_a_reward_that_nobody_knows_is_not_found(stage):
    assert stage.client().get(stage.console("rewards/nothing/")).status_code == 404
