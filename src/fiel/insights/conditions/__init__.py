"""Conditions asked of whole tables: the checked tree of a condition as an Ibis expression."""

from fiel.insights.conditions.compiling import compiled, is_of_every_engine
from fiel.insights.conditions.problems import CannotCompile

__all__ = ["CannotCompile", "compiled", "is_of_every_engine"]
