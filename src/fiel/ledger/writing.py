"""Write a posting: one statement for all its rows, and one each for what few postings have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.arrays import nullable_array, plain_array, text_array
from fiel.ledger.books import OpenLot
from fiel.ledger.opening import Place
from fiel.ledger.posting import Posting, Row, Rows
from fiel.ledger.progress import marks_text
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip

type Parameters = dict[str, str]


def write(trip: Trip, place: Place, posting: Posting) -> None:
    """Write what a posting says, inside the program's transaction.

    A name that another member's activity took meanwhile fails the trip with a UniqueViolation.
    """
    rows = posting.rows
    if not rows.activities and not rows.books:
        return
    here: Parameters = {"program": str(place.program_id), "shard": str(place.shard)}
    trip.ask(
        prepared("post"),
        here
        | _activities(rows)
        | _transfers(rows.transfers)
        | _lots(rows)
        | _accounts(rows)
        | _standings(rows)
        | _events(rows.events)
        | _keys(rows.keys),
    )
    changed = _changed_lots(rows)
    if changed or rows.draws:
        trip.ask(prepared("post_draws"), here | _draws(rows.draws) | _columns_of_lots(changed))
    if rows.limits:
        trip.ask(prepared("post_limits"), here | _limits(rows))
    if rows.progress:
        trip.ask(prepared("post_progress"), here | _progress(rows))
    if rows.budgets:
        trip.ask(prepared("spend_budgets"), here | _budgets(rows))


def _columns(rows: Sequence[Row], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _moments(column: Iterable[datetime | None], absent: str = "infinity") -> str:
    """Write times; most of a posting's are the same few, written once."""
    written: dict[datetime | None, str] = {None: absent}
    texts = []
    for at in column:
        text = written.get(at)
        if text is None:
            assert at is not None, "None is written already"
            text = written[at] = at.isoformat()
        texts.append(text)
    return "{" + ",".join(texts) + "}"


def _ids(column: Iterable[UUID | None]) -> str:
    return plain_array("NULL" if id_ is None else id_ for id_ in column)


def _optional(column: Iterable[datetime | None]) -> str:
    return _moments(column, "NULL")


def _activities(rows: Rows) -> Parameters:
    recorded = [recorded for _, _, recorded in rows.activities]
    return {
        "activity_member": plain_array(member for member, _, _ in rows.activities),
        "activity_id": plain_array(activity for _, activity, _ in rows.activities),
        "activity_kind": plain_array(r.kind for r in recorded),
        "activity_source": text_array(r.source for r in recorded),
        "activity_external_id": nullable_array(r.external_id for r in recorded),
        "activity_occurred_at": _moments(r.occurred_at for r in recorded),
        "activity_recorded_at": _moments(r.recorded_at for r in recorded),
        "activity_store": text_array(r.store for r in recorded),
        "activity_channel": text_array(r.channel for r in recorded),
        "activity_net": plain_array(r.net for r in recorded),
        "activity_gross": plain_array(r.gross for r in recorded),
        "activity_version": plain_array(r.version for r in recorded),
        "activity_facts": text_array(r.facts for r in recorded),
        "activity_decision": text_array(orjson.dumps(r.decision).decode() for r in recorded),
        "activity_fingerprint": text_array("\\x" + r.fingerprint.hex() for r in recorded),
        "activity_about": _ids(r.about for r in recorded),
        "activity_counts_at": _optional(r.counts_at for r in recorded),
    }


def _transfers(rows: Sequence[Row]) -> Parameters:
    member, id_, activity, unit, debit, credit, points, occurred, recorded, pair = _columns(
        rows, 10
    )
    return {
        "transfer_member": plain_array(member),
        "transfer_id": plain_array(id_),
        "transfer_activity": plain_array(activity),
        "transfer_unit": text_array(unit),
        "transfer_debit": plain_array(debit),
        "transfer_credit": plain_array(credit),
        "transfer_points": plain_array(points),
        "transfer_occurred_at": _moments(occurred),
        "transfer_recorded_at": _moments(recorded),
        "transfer_pair": _ids(pair),
    }


def _lots(rows: Rows) -> Parameters:
    return _columns_of_lots(rows.lots)


def _columns_of_lots(rows: Sequence[tuple[str, object, OpenLot]]) -> Parameters:
    lots = [lot for _, _, lot in rows]
    return {
        "lot_member": plain_array(row[0] for row in rows),
        "lot_id": plain_array(lot.id for lot in lots),
        "lot_activity": plain_array(row[1] for row in rows),
        "lot_unit": text_array(lot.unit for lot in lots),
        "lot_worth": plain_array(_worth(lot.worth) for lot in lots),
        "lot_points": plain_array(lot.points for lot in lots),
        "lot_drawn": plain_array(lot.drawn for lot in lots),
        "lot_starts_at": _moments(lot.starts_at for lot in lots),
        "lot_ends_at": _moments(lot.ends_at for lot in lots),
        "lot_activated": plain_array("t" if lot.activated else "f" for lot in lots),
        "lot_origin": _ids(lot.origin for lot in lots),
    }


# Lots of one unit all bear its value.
@cache
def _worth(value: Fraction | Decimal | None) -> str:
    """Write an exact decimal; a unit's value comes from one, so that the division ends."""
    if value is None:
        return "NULL"
    value = Fraction(value)
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    digits = str((value * 10**decimals).numerator).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def _accounts(rows: Rows) -> Parameters:
    pairs = [
        (book.key, account) for book in rows.books.values() for account in book.accounts.values()
    ]
    accounts = [account for _, account in pairs]
    return {
        "account_member": plain_array(member for member, _ in pairs),
        "account_unit": text_array(account.unit for account in accounts),
        "account_available_in": plain_array(account.available_in for account in accounts),
        "account_available_out": plain_array(account.available_out for account in accounts),
        "account_pending_in": plain_array(account.pending_in for account in accounts),
        "account_pending_out": plain_array(account.pending_out for account in accounts),
        "account_held_in": plain_array(account.held_in for account in accounts),
        "account_held_out": plain_array(account.held_out for account in accounts),
        "account_debt_in": plain_array(account.debt_in for account in accounts),
        "account_debt_out": plain_array(account.debt_out for account in accounts),
        "account_issued": plain_array(account.issued for account in accounts),
        "account_changes_at": _moments(account.changes_at for account in accounts),
        "account_inactive_at": _moments(account.inactive_at for account in accounts),
    }


def _standings(rows: Rows) -> Parameters:
    standings = [book.standing for book in rows.books.values()]
    return {
        "standing_member": plain_array(book.key for book in rows.books.values()),
        "standing_status": plain_array(s.status for s in standings),
        "standing_joined_at": _moments(s.joined_at for s in standings),
        "standing_tier": nullable_array(s.tier for s in standings),
        "standing_tier_since": _optional(s.tier_since for s in standings),
        "standing_spend": plain_array(s.spend for s in standings),
        "standing_visits": plain_array(s.visits for s in standings),
        "standing_window_from": _optional(s.window_from for s in standings),
        "standing_window_until": _optional(s.window_until for s in standings),
        "standing_window_spend": plain_array(s.window_spend for s in standings),
        "standing_window_points": plain_array(s.window_points for s in standings),
        "standing_window_visits": plain_array(s.window_visits for s in standings),
        "standing_first_activity_at": _optional(s.first_activity_at for s in standings),
        "standing_last_activity_at": _optional(s.last_activity_at for s in standings),
        "standing_sequence": plain_array(s.sequence for s in standings),
        "standing_tier_until": _optional(s.tier_until for s in standings),
        "standing_review_at": _optional(s.review_at for s in standings),
        "standing_review_from": _optional(s.review_from for s in standings),
        "standing_dropped": nullable_array(s.dropped for s in standings),
        "standing_segments": text_array(
            # Most members of most programs are in none.
            plain_array(s.segments) if s.segments else "{}"
            for s in standings
        ),
    }


def _events(rows: Sequence[Row]) -> Parameters:
    member, sequence, type_, activity, recorded = _columns(rows, 5)
    return {
        "event_member": plain_array(member),
        "event_member_sequence": plain_array(sequence),
        "event_type": plain_array(type_),
        "event_activity": plain_array(activity),
        "event_recorded_at": _moments(recorded),
        "event_ordinal": plain_array(range(len(rows))),
    }


def _keys(rows: Sequence[Row]) -> Parameters:
    kind, source, external_id, member, activity = _columns(rows, 5)
    return {
        "key_kind": plain_array(kind),
        "key_source": text_array(source),
        "key_external_id": text_array(external_id),
        "key_member": plain_array(member),
        "key_activity": plain_array(activity),
    }


def _draws(rows: Sequence[Row]) -> Parameters:
    member, transfer, lot, points = _columns(rows, 4)
    return {
        "draw_member": plain_array(member),
        "draw_transfer": plain_array(transfer),
        "draw_lot": plain_array(lot),
        "draw_points": plain_array(points),
    }


def _changed_lots(rows: Rows) -> list[tuple[str, object, OpenLot]]:
    """The lots that were there before and have changed; the new ones are written as they stand."""
    new = {lot.id for _, _, lot in rows.lots}
    return [
        (book.key, lot.activity_id, lot)
        for book in rows.books.values()
        for lots in book.lots.values()
        for lot in lots
        if lot.is_changed and lot.id not in new
    ]


def _limits(rows: Rows) -> Parameters:
    return {
        "limit_member": plain_array(member for member, _, _ in rows.limits),
        "limit_rule": text_array(rule for _, rule, _ in rows.limits),
        "limit_period": plain_array(period for _, _, period in rows.limits),
        "limit_used": plain_array(rows.limits.values()),
    }


def _progress(rows: Rows) -> Parameters:
    standing = [progress for progress, _ in rows.progress.values()]
    return {
        "progress_member": plain_array(member for member, _ in rows.progress),
        "progress_counter": text_array(counter for _, counter in rows.progress),
        "progress_total": plain_array(each.total for each in standing),
        "progress_reached": plain_array(each.reached for each in standing),
        "progress_kept": plain_array(each.kept for each in standing),
        "progress_first": plain_array(each.first for each in standing),
        "progress_marks": text_array(marks_text(each) for each in standing),
        "progress_reached_at": _optional(at for _, at in rows.progress.values()),
    }


def _budgets(rows: Rows) -> Parameters:
    return {
        "rules": text_array(rule for rule, _ in rows.budgets),
        "units": text_array(unit for _, unit in rows.budgets),
        "points": plain_array(rows.budgets.values()),
    }
