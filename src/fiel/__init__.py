"""Fiel: loyalty that is exact, explained and proved."""

__version__ = "0.1.0"
