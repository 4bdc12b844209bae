"""Redeeming: who can have a reward, what it costs, how long it lasts and what may follow."""

from __future__ import annotations

from fiel.domain.redeeming.eligibility import Asker, Eligibility, Left, Why, assess, is_had_freely
from fiel.domain.redeeming.offers import (
    KINDS_OF_CODE,
    CodeKind,
    cost_of,
    limit_key,
    limit_rule,
    price_of,
    valid_until,
)
from fiel.domain.redeeming.refusals import (
    AlreadyCancelled,
    AlreadyCaptured,
    AlreadyUsed,
    BudgetExhausted,
    LimitReached,
    NeedsManager,
    NotEligible,
    OutOfStock,
    RedemptionExpired,
    refuse_unless_eligible,
)
from fiel.domain.redeeming.states import (
    HOLD,
    Status,
    due_at,
    refuse_to_approve,
    refuse_to_cancel,
    refuse_to_capture,
    refuse_to_use,
    status_at,
)

__all__ = [
    "HOLD",
    "KINDS_OF_CODE",
    "AlreadyCancelled",
    "AlreadyCaptured",
    "AlreadyUsed",
    "Asker",
    "BudgetExhausted",
    "CodeKind",
    "Eligibility",
    "Left",
    "LimitReached",
    "NeedsManager",
    "NotEligible",
    "OutOfStock",
    "RedemptionExpired",
    "Status",
    "Why",
    "assess",
    "cost_of",
    "due_at",
    "is_had_freely",
    "limit_key",
    "limit_rule",
    "price_of",
    "refuse_to_approve",
    "refuse_to_cancel",
    "refuse_to_capture",
    "refuse_to_use",
    "refuse_unless_eligible",
    "status_at",
    "valid_until",
]
