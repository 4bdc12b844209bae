"""How far a member is with milestones, which badges are held, and what answers tell of it."""

from __future__ import annotations

from tests.support.program import CAFE_SOL
from tests.support.servers import eventually

PROGRAM = (
    CAFE_SOL.replace("earn:", "  stamps: {name: {es: sellos, en: stamps}}\nearn:")
    + """
  - {id: sello, event: sale, give: {stamps: 1}}
milestones:
  - {id: nivel-20, name: {es: Nivel, en: Level}, of: spend, at: "20.00",
     give: {points: 100, badge: bronce}}
  - {id: diez, of: stamps, every: 10, give: {reward: cafe-gratis}}
  - {id: racha, of: streak, period: week, every: 4, give: {points: 50}}
  - {id: resenas, of: activities, activity: review, at: 2, give: {badge: critico}}
  - {id: fin, of: visits, at: 99, give: {points: 1}, when: {to: 2020-01-01}}
badges:
  - {id: bronce, name: {es: Bronce, en: Bronze}, description: {en: Twenty euros}, icon: "*"}
  - {id: critico}
rewards:
  - {id: cafe-gratis, name: {es: Café gratis, en: Free coffee}, kind: product}
"""
)


def milestones(shop, name):
    answer = shop.http.get(f"/members/{shop.members[name]}/milestones")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["data"]}


def badges(shop, name):
    answer = shop.http.get(f"/members/{shop.members[name]}/badges")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_who_has_just_joined_has_everything_ahead(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")

    told = milestones(shop, "ana")

    assert [each["reached"] for each in told.values()] == [0] * 5
    assert told["nivel-20"]["next"] == {"done": "0.00", "goal": "20.00", "missing": "20.00"}
    assert told["diez"]["next"] == {"done": "0", "goal": "10", "missing": "10"}
    assert told["fin"]["next"] is None
    assert badges(shop, "ana") == []


def test_progress_is_told_as_it_stands(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")
    for price in ("12.50", "10.00", "1.00"):
        shop.sells(price, to="ana")
    for _ in range(2):
        shop.http.post("/activities", json={"member": shop.members["ana"], "type": "review"})

    told = milestones(shop, "ana")

    assert told["nivel-20"]["name"] == "Nivel"
    assert (told["nivel-20"]["reached"], told["nivel-20"]["next"]) == (1, None)
    assert told["nivel-20"]["reached_at"] is not None
    assert told["diez"]["next"] == {"done": "3", "goal": "10", "missing": "7"}
    assert (told["racha"]["period"], told["racha"]["next"]["done"]) == ("week", "1")
    assert told["resenas"]["gives"] == {"points": {}, "reward": None, "badge": "critico"}
    assert [(each["id"], each["name"], each["icon"]) for each in badges(shop, "ana")] == [
        ("bronce", "Bronce", "*"),
        ("critico", None, None),
    ]
    assert badges(shop, "ana")[0]["since"] is not None


def test_another_programs_member_is_not_there(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")
    rival = opens_shop(CAFE_SOL.replace("cafe-sol", "cafe-luna"))

    for what in ("milestones", "badges"):
        assert rival.http.get(f"/members/{shop.members['ana']}/{what}").status_code == 404


def test_a_sale_tells_what_is_missing_to_the_milestone_that_is_nearest(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")
    english = {"accept-language": "en"}

    def says(price):
        return shop.http.post("/sales", json=shop.sale(price, to="ana"), headers=english).json()[
            "messages"
        ]

    assert says("15.00") == ["€5.00 to go for Bronze"]
    assert says("10.00") == ["3 weeks in a row to go for 50 points"]
    for _ in range(5):
        shop.sells("1.00", to="ana")
    assert says("1.00") == ["2 stamps to go for Free coffee"]


def test_a_repeat_of_a_sale_hears_the_same(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")
    for _ in range(9):
        shop.sells("1.00", to="ana")
    body = shop.sale("1.00", to="ana")

    first = shop.http.post("/sales", json=body)
    again = shop.http.post("/sales", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["rewards"][0]["code"]


def test_reached_milestones_and_earned_badges_are_announced(opens_shop):
    shop = opens_shop(PROGRAM)
    shop.enrols("ana")

    shop.sells("25.00", to="ana")

    def told():
        return [each["type"] for each in shop.http.get("/events").json()["data"]]

    # Events are told once nothing older runs, in any of the server's databases.
    eventually(lambda: len(told()) == 4)
    assert told() == ["member.created", "sale.recorded", "milestone.reached", "badge.earned"]


def test_what_was_earned_before_the_milestone_was_there_counts(opens_shop):
    without = PROGRAM[: PROGRAM.index("milestones:")]
    shop = opens_shop(without)
    shop.enrols("ana")
    for _ in range(8):
        shop.sells("1.00", to="ana")
    shop.publishes(without + "milestones:\n  - {id: m, of: stamps, every: 10, give: {points: 7}}\n")

    earned = [shop.sells("1.00", to="ana")["earned"]["points"] for _ in range(2)]

    assert earned == [1, 8]
