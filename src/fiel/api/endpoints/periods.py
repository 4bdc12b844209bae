"""Operations that close months and tell of those that are closed."""

from __future__ import annotations

from datetime import date

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import periods as schemas
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, NotFound
from fiel.insights.accounts.closed import closed_months, newest
from fiel.insights.accounts.contents import month_content
from fiel.insights.accounts.moment import month_after, month_named
from fiel.insights.accounts.periods import close_month
from fiel.intake.contents.errors import invalid
from fiel.staff.keys import Scope


async def list_periods(call: Call) -> Answer:
    """The months whose books are closed, newest first, and which is to be closed next."""
    async with call.reading() as connection:
        closed = await closed_months(connection, call.program_id)
    last = newest(closed)
    return ok(
        {
            "data": [month_content(each, call.program) for each in reversed(closed)],
            "next": None if last is None else f"{month_after(last.month):%Y-%m}",
        }
    )


async def read_period(call: Call, month: str) -> Answer:
    """A closed month."""
    wanted = _month(month)
    async with call.reading() as connection:
        closed = await closed_months(connection, call.program_id)
    for each in closed:
        if each.month == wanted:
            return ok(month_content(each, call.program))
    raise NotFound(N_("This month is not closed."))


async def close_period(call: Call, month: str) -> Answer:
    """Close a month: what the books say of it changes no more. Again does nothing."""
    closed, program, repeated = await close_month(
        call.house.connect,
        call.house.versions,
        call.program_id,
        _month(month),
        author=f"key {call.caller.key_id}",
        wall=call.wall,
    )
    told = month_content(closed, program)
    return ok(told) if repeated else created(told)


def _month(text: str) -> date:
    """A month as it is named: "2026-03".

    Raises:
        Invalid: it is none.
    """
    month = month_named(text)
    if month is None:
        problem = FieldProblem("month", "format", N_("It must be a month, like 2026-03."))
        raise invalid([problem])
    return month


_READS = Manner(Scope.READ)
OFFERS = (
    Offer(
        "GET", "/periods", list_periods, _READS, "List closed months", schemas.PeriodList,
        tag="Reports",
    ),
    Offer(
        "GET", "/periods/{month}", read_period, _READS, "Read a closed month",
        schemas.ClosedPeriod, refusals=(404,), tag="Reports",
    ),
    Offer(
        "POST", "/periods/{month}/close", close_period, Manner(Scope.MANAGE, writes=True),
        "Close a month", schemas.ClosedPeriod, 201, also=(200,), tag="Reports",
    ),
)  # fmt: skip
