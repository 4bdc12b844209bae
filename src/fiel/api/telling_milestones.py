"""Milestones as answers tell them."""

from __future__ import annotations

from fiel.intake.telling_milestones import (
    told_badges,
    told_granted,
    told_lost,
    told_milestones,
    told_reached,
)

__all__ = ["told_badges", "told_granted", "told_lost", "told_milestones", "told_reached"]
