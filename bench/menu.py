"""What the Café Sol sells, and the sales that the measurements make of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

STORES = ("centro", "norte", "puerto", "estacion")


@dataclass(frozen=True, slots=True)
class Article:
    """One article; amounts are of one unit, as text."""

    sku: str
    name: str
    category: str
    price: str
    tax: str
    cost: str


MENU = (
    Article("CAP-01", "Capuchino", "cafe", "3.10", "0.31", "0.80"),
    Article("CAF-02", "Café con leche", "cafe", "1.90", "0.19", "0.40"),
    Article("CAF-03", "Café solo", "cafe", "1.50", "0.15", "0.30"),
    Article("TE-01", "Té verde", "te", "2.20", "0.22", "0.35"),
    Article("BOL-01", "Cruasán", "bolleria", "1.80", "0.18", "0.60"),
    Article("BOL-02", "Tostada con tomate", "bolleria", "2.90", "0.29", "0.90"),
    Article("TAR-01", "Tarta de queso", "tartas", "4.50", "0.45", "1.60"),
    Article("BOC-01", "Bocadillo de jamón", "bocadillos", "5.40", "0.54", "2.10"),
    Article("BEB-01", "Zumo de naranja", "bebidas", "3.40", "0.34", "1.10"),
    Article("TAB-01", "Tabaco", "tabaco", "5.00", "1.05", "4.60"),
    Article("TIE-01", "Café en grano, 1 kg", "tienda", "24.00", "2.40", "11.00"),
    Article("TIE-02", "Cafetera", "tienda", "59.00", "12.39", "31.00"),
)
# How often each is bought, against the others.
POPULARITY = (20, 18, 12, 5, 14, 9, 5, 7, 6, 2, 2, 1)


def baskets(random: Random, count: int) -> list[Article]:
    """What so many sales of one line are of."""
    return random.choices(MENU, POPULARITY, k=count)
