"""Deciding: what a program gives for an activity, why, and how that is kept and told."""

from fiel.domain.deciding.case import TooManyPoints
from fiel.domain.deciding.decide import decide, limit_keys
from fiel.domain.deciding.explaining import explain
from fiel.domain.deciding.reaching import Counting, counters_of, of_rules, uncounted
from fiel.domain.deciding.records import Record, decision_from_record, decision_record
from fiel.domain.deciding.replaying import replay
from fiel.domain.deciding.rulebook import Rulebook, event_of

__all__ = [
    "Counting",
    "Record",
    "Rulebook",
    "TooManyPoints",
    "counters_of",
    "decide",
    "decision_from_record",
    "decision_record",
    "event_of",
    "explain",
    "limit_keys",
    "of_rules",
    "replay",
    "uncounted",
]
