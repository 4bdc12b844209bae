"""What a door hands in."""

from typing import Any

type SaleContent = Any
type ActionContent = Any
type LineContent = Any
