"""Rewards in numbers: who took them, what they cost, what the same members spent around it."""

from datetime import date, datetime

from fiel.insights.offers.rewards import AllRewards, Beside, reward_figures
from tests.insights.figures.book import ANA, BERTA, CARLA, Book, day

ON = date(2026, 6, 30)


class Shop(Book):
    """A book in which rewards are redeemed in every way."""

    def takes(self, on: str, member: int, number: str, **told: object) -> None:
        row = {"redemption_id": number, "member": member, "day": day(on), "reward": "cafe",
               "quantity": 1, "status": "used", "unit": "points", "points": 20}  # fmt: skip
        self._write("redemptions", **(row | told))


def figures(shop: Book) -> AllRewards:
    with shop.opened() as columns:
        return reward_figures(columns, ON)


def test_what_was_taken_counts_and_what_came_back_does_not() -> None:
    shop = Shop()
    for member in (ANA, BERTA):
        shop.joins(member, "2025-01-01")
    captured = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - the copy's moments bear no zone
    shop.takes("06-01", ANA, "1")
    shop.takes("06-02", ANA, "2", status="captured", milestone="nivel", unit=None, points=0)
    shop.takes("06-03", BERTA, "3", status="expired", captured_at=captured, quantity=2)
    for number, status in enumerate(("held", "queued", "cancelled", "expired")):
        shop.takes("06-04", BERTA, f"no-{number}", status=status)

    cafe = figures(shop).of("cafe")

    assert (cafe.taken, cafe.gifts, cafe.unused, cafe.members) == (4, 1, 2, 2)
    assert cafe.by_day == {day("06-01"): 1, day("06-02"): 1, day("06-03"): 2}
    assert cafe.points == {"points": 40}
    assert figures(shop).of("te").taken == 0


def test_a_redemption_paid_in_two_units_is_one() -> None:
    shop = Shop()
    shop.joins(ANA, "2025-01-01")
    shop.takes("06-01", ANA, "1", unit="points", points=20)
    shop.takes("06-01", ANA, "1", unit="stamps", points=5)

    cafe = figures(shop).of("cafe")

    assert cafe.taken == 1
    assert cafe.points == {"points": 20, "stamps": 5}


def test_takers_are_told_by_the_tier_and_the_segments_of_today() -> None:
    shop = Shop()
    shop.joins(ANA, "2025-01-01", tier="plata", segments=("fieles", "cerca"))
    shop.joins(BERTA, "2025-01-01")
    for number, member in enumerate((ANA, ANA, BERTA)):
        shop.takes("06-01", member, str(number))

    cafe = figures(shop).of("cafe")

    assert cafe.by_tier == {"plata": 2, None: 1}
    assert cafe.by_segment == {"fieles": 2, "cerca": 2}


def test_the_margin_is_that_of_the_takers_and_says_when_some_is_unknown() -> None:
    shop = Shop()
    for member in (ANA, BERTA):
        shop.joins(member, "2025-01-01")
    shop.takes("06-01", ANA, "1")
    shop.sells("05-01", 1000, ANA, margin=400)
    shop.sells("05-02", 1000, BERTA, margin=300)
    shop.sells("05-03", 1000, BERTA)

    found = figures(shop)

    assert (found.of("cafe").margin, found.of("cafe").is_margin_known) == (400, True)
    assert (found.margin, found.is_margin_known) == (700, False)


def test_spend_is_compared_around_the_first_redemption_once_its_days_are_over() -> None:
    shop = Shop()
    for member in (ANA, BERTA, CARLA):
        shop.joins(member, "2025-01-01")
    shop.takes("05-01", ANA, "1")
    shop.takes("05-20", ANA, "2")  # not the first
    shop.takes("06-15", BERTA, "3")  # its days after are not over
    shop.sells("04-01", 1000, ANA)  # 30 days before
    shop.sells("03-31", 9999, ANA)  # 31
    shop.sells("05-01", 9999, ANA)  # the day itself
    shop.sells("05-31", 1500, ANA)  # 30 days after
    shop.sells("06-01", 9999, ANA)  # 31
    shop.sells("06-16", 5000, BERTA)

    beside = figures(shop).of("cafe").beside

    assert beside == Beside(1, 1000, 1500)
    assert beside.change == 50
