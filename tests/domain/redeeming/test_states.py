"""Which state may follow which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fiel.domain.redeeming import (
    AlreadyCancelled,
    AlreadyCaptured,
    AlreadyUsed,
    NeedsManager,
    RedemptionExpired,
    Status,
    due_at,
    refuse_to_approve,
    refuse_to_cancel,
    refuse_to_capture,
    refuse_to_use,
    status_at,
)
from fiel.domain.refusal import Refusal
from tests.domain.programs import NOON

QUEUED, HELD, CAPTURED, USED, CANCELLED, EXPIRED = Status


def refusal_of(refuse, *args, **told):
    try:
        refuse(*args, **told)
    except Refusal as refusal:
        return type(refusal)
    return None


def test_only_what_is_held_is_captured():
    assert {status: refusal_of(refuse_to_capture, status) for status in Status} == {
        QUEUED: NeedsManager,
        HELD: None,
        CAPTURED: AlreadyCaptured,
        USED: AlreadyCaptured,
        CANCELLED: AlreadyCancelled,
        EXPIRED: RedemptionExpired,
    }


def test_only_what_waits_for_a_manager_is_approved():
    assert {status: refusal_of(refuse_to_approve, status) for status in Status} == {
        QUEUED: None,
        HELD: AlreadyCaptured,
        CAPTURED: AlreadyCaptured,
        USED: AlreadyCaptured,
        CANCELLED: AlreadyCancelled,
        EXPIRED: RedemptionExpired,
    }


def test_what_is_held_or_captured_is_used_once():
    assert {status: refusal_of(refuse_to_use, status) for status in Status} == {
        QUEUED: NeedsManager,
        HELD: None,
        CAPTURED: None,
        USED: AlreadyUsed,
        CANCELLED: AlreadyCancelled,
        EXPIRED: RedemptionExpired,
    }


def test_what_was_used_is_cancelled_only_by_who_runs_the_program():
    def by(*, manager):
        told = {"may_cancel_used": manager, "paid_a_sale": False}
        return {status: refusal_of(refuse_to_cancel, status, **told) for status in Status}

    till = {
        QUEUED: None,
        HELD: None,
        CAPTURED: None,
        USED: NeedsManager,
        CANCELLED: AlreadyCancelled,
        EXPIRED: RedemptionExpired,
    }
    assert by(manager=False) == till
    assert by(manager=True) == till | {USED: None}


def test_what_paid_a_sale_comes_back_with_the_sale():
    with pytest.raises(AlreadyCaptured):
        refuse_to_cancel(CAPTURED, may_cancel_used=True, paid_a_sale=True)


def test_a_hold_ends_and_so_does_the_time_to_use_what_was_got():
    soon, late = NOON + timedelta(minutes=15), NOON + timedelta(days=30)

    due = {status: due_at(status, hold_until=soon, expires_at=late) for status in Status}

    assert due == {
        QUEUED: None, HELD: soon, CAPTURED: late, USED: None, CANCELLED: None, EXPIRED: None,
    }  # fmt: skip
    assert due_at(CAPTURED, hold_until=None, expires_at=None) is None


def test_what_is_over_is_expired_before_anybody_books_it():
    assert status_at(HELD, NOON, NOON - timedelta(seconds=1)) is HELD
    assert status_at(HELD, NOON, NOON) is EXPIRED
    assert status_at(USED, None, NOON) is USED
