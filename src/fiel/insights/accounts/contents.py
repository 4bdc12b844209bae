"""Closed months as plain data: the same in the API and on the terminal."""

from __future__ import annotations

from datetime import timedelta

from fiel.domain.accounting.entries import balance_of as balance_on
from fiel.domain.accounting.settings import Account
from fiel.domain.program import Program
from fiel.insights.accounts.closed import ClosedMonth
from fiel.insights.accounts.moment import month_after
from fiel.insights.accounts.standing import balance_of, changes


def month_content(closed: ClosedMonth, program: Program) -> dict[str, object]:
    """A closed month: its points, what is deferred and what is owed on gift cards at its end."""
    before, after = closed.opening.totals, closed.closing.totals
    money = program.currency
    return {
        "month": f"{closed.month:%Y-%m}",
        "from": closed.month,
        "to": month_after(closed.month) - timedelta(days=1),
        "closed_at": closed.closed_at,
        "closed_by": closed.closed_by,
        "program_version": closed.version,
        "units": [
            {
                "unit": unit,
                "opening": balance_of(before, unit),
                "changes": changes(before, after, unit),
                "closing": balance_of(after, unit),
            }
            # In the order of the document, whatever the database's; then what it has dropped.
            for unit in dict.fromkeys((*program.units, *sorted({*before, *after})))
            if unit in before or unit in after
        ],
        "deferred": money.decimal(balance_on(Account.DEFERRED, closed.closing.entered)),
        "gift_cards": money.decimal(balance_on(Account.GIFT_CARDS, closed.closing.entered)),
    }
