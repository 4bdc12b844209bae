"""Telling: every movement of points in one plain sentence, and what kind of change it is."""

from fiel.domain.telling.categories import CATEGORIES, category_of
from fiel.domain.telling.movements import Earned, Happening, Movement
from fiel.domain.telling.places import Spot
from fiel.domain.telling.sentences import movement_text, points_text

__all__ = [
    "CATEGORIES",
    "Earned",
    "Happening",
    "Movement",
    "Spot",
    "category_of",
    "movement_text",
    "points_text",
]
