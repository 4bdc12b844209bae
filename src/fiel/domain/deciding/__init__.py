"""Deciding: what a program gives for an activity, why, and how that is kept and told."""

from fiel.domain.deciding.case import TooManyPoints
from fiel.domain.deciding.decide import decide, limit_keys
from fiel.domain.deciding.rulebook import Rulebook

__all__ = ["Rulebook", "TooManyPoints", "decide", "limit_keys"]
