"""The pages of segments: all of them with their live size, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from babel.dates import format_date
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.program import Program
from fiel.insights.member_story.story import names_of
from fiel.insights.segments.groups import GROUPS
from fiel.insights.segments.live import Wanted, live_segments
from fiel.programs.words.speaker import Speaker
from fiel.staff.roles import Right
from fiel.web.console.offers.figures import Waited, wait_for
from fiel.web.console.offers.reward_rows import segment_name
from fiel.web.console.offers.telling import edit_url, percent_of, today_of
from fiel.web.console.segments.sizing import Numbers, Told, all_numbers, segment_told
from fiel.web.console.segments.words import rule_in_words
from fiel.web.ui.charts import Chart, bars
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns


@dataclass(frozen=True, slots=True)
class Size:
    """A segment's numbers, ready to be shown."""

    members: int
    share: str
    share_bar: int
    spend: int
    of_sales: str
    average: int | None
    points: str
    points_cost: int
    reward_cost: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A segment in the list; `size` comes once it was read."""

    id: str
    name: str
    words: str
    rule: str
    is_live: bool
    is_group: bool
    size: Size | None


@console_page(Right.SEE_SEGMENTS)
async def segments(visit: Visit) -> HttpResponse:
    """All segments and groups; their sizes come by themselves."""
    if visit.request.GET.get("format") == "csv":
        waited = await _figures(visit)
        return _csv(visit, _rows(visit, waited.found))
    return visit.page("console/segments/list.html", _shown(visit, None))


@console_page(Right.SEE_SEGMENTS)
async def sizes(visit: Visit) -> HttpResponse:
    """The list once more, with sizes."""
    return visit.page("console/segments/list.html#rows", _shown(visit, await _figures(visit)))


@console_page(Right.SEE_SEGMENTS)
async def segment(visit: Visit, segment_id: str) -> HttpResponse:
    """A segment: who belongs in it, in words and as the program writes it."""
    wanted = wanted_named(visit.program, segment_id)
    row = _row(visit, wanted, None)
    return visit.page(
        "console/segments/segment.html",
        {
            "segment_id": segment_id,
            "row": row,
            "edit_url": "" if row.is_group else edit_url(visit, "segments", segment_id),
            "members_url": members_url(visit, row),
            "rewards": reward_choices(visit),
            "reward": chosen_reward(visit),
        },
    )


@console_page(Right.SEE_SEGMENTS)
async def segment_part(visit: Visit, segment_id: str) -> HttpResponse:
    """The part of a segment's page that takes a moment."""
    program, today = visit.program, today_of(visit)
    wanted = wanted_named(program, segment_id)

    def make(columns: Columns) -> Told:
        return segment_told(columns, program, today, wanted)

    waited = await wait_for(visit, f"segment:{segment_id}", make)
    row = _row(visit, wanted, None)
    shown: dict[str, object] = {
        "waited": waited, "segment_id": segment_id, "row": row,
        "members_url": members_url(visit, row), "rewards": reward_choices(visit),
        "reward": chosen_reward(visit),
    }  # fmt: skip
    if (found := waited.found) is not None:
        names: Mapping[UUID, str] = {}
        if visit.may(Right.SEE_MEMBERS):
            ids = [*found.members, *(move.member_id for move in found.moves.latest)]
            async with visit.reading() as connection:
                names = await names_of(connection, visit.program_id, ids)
        speaker, whole = Speaker(program, visit.language), found.numbers.members
        shown |= {
            "size": size_of(visit, found.numbers),
            "chart": _chart(found, visit.language),
            "moves": [(each, names.get(each.member_id, "")) for each in found.moves.latest],
            "members": [(each, names.get(each, "")) for each in found.members],
            "has_more": whole > len(found.members),
            "overlaps": [
                (id_, segment_name(speaker, id_), count, 100 * count // whole)
                for id_, count in found.overlaps
            ],
            "sees_members": visit.may(Right.SEE_MEMBERS),
        }
    return visit.page("console/segments/segment.html#figures", shown)


def wanted_named(program: Program, segment_id: str) -> Wanted:
    """A segment of the program, or a group by buying habits.

    Raises:
        Http404: there is neither.
    """
    own = program.segments.get(segment_id)
    if own is not None:
        return Wanted(segment_id, own.where)
    if segment_id in GROUPS:
        return Wanted(segment_id)
    raise Http404


def size_of(visit: Visit, numbers: Numbers) -> Size:
    """A segment's numbers, ready to be shown."""
    program, share = visit.program, numbers.share
    reward = program.rewards.get(chosen_reward(visit))
    speaker = Speaker(program, visit.language)
    points = {unit: count for unit, count in numbers.points.items() if unit in program.units}
    return Size(
        numbers.members,
        percent_of(share, visit.language),
        0 if share is None else round(share),
        numbers.spend,
        percent_of(numbers.of_sales, visit.language),
        numbers.average,
        speaker.amounts(points),
        numbers.points_cost,
        None if reward is None or reward.cost is None else reward.cost * numbers.members,
    )


def reward_choices(visit: Visit) -> list[tuple[str, str]]:
    """The rewards whose cost is known, of which everybody might get one."""
    speaker = Speaker(visit.program, visit.language)
    return [
        (each.id, speaker.name(each.name, each.id))
        for each in visit.program.rewards.values()
        if each.cost is not None
    ]


def chosen_reward(visit: Visit) -> str:
    """The reward that everybody might get: the one that is asked for, else the first."""
    known = [each.id for each in visit.program.rewards.values() if each.cost is not None]
    told = visit.request.GET.get("reward", "")
    return told if told in known else next(iter(known), "")


def members_url(visit: Visit, row: Row) -> str:
    """The list of members who are in a live segment; empty where there is no such list."""
    if not row.is_live or not visit.may(Right.SEE_MEMBERS):
        return ""
    return f"{visit.address('members')}?segment={row.id}"


def _shown(visit: Visit, waited: Waited[dict[str, Numbers]] | None) -> dict[str, object]:
    rows = _rows(visit, waited.found if waited else None)
    return {
        "own": [row for row in rows if not row.is_group],
        "groups": [row for row in rows if row.is_group],
        "waited": waited,
        "is_told": waited is not None and waited.found is not None,
        "rewards": reward_choices(visit),
        "reward": chosen_reward(visit),
        "may_edit": visit.may(Right.EDIT_PROGRAM),
    }


def _rows(visit: Visit, found: dict[str, Numbers] | None) -> list[Row]:
    program = visit.program
    own = [Wanted(each.id, each.where) for each in program.segments.values()]
    wanted = [*own, *(Wanted(group) for group in GROUPS)]
    return [_row(visit, each, found.get(each.id) if found else None) for each in wanted]


def _row(visit: Visit, wanted: Wanted, numbers: Numbers | None) -> Row:
    program, speaker = visit.program, Speaker(visit.program, visit.language)
    is_group = wanted.where is None
    rule = "" if wanted.where is None else wanted.where.text
    words = (
        speaker.say(GROUPS[wanted.id][1]) if is_group
        else rule_in_words(rule, program, visit.language)
    )  # fmt: skip
    live = {each.id for each in live_segments(program)}
    return Row(
        wanted.id, segment_name(speaker, wanted.id), words, rule, wanted.id in live, is_group,
        None if numbers is None else size_of(visit, numbers),
    )  # fmt: skip


async def _figures(visit: Visit) -> Waited[dict[str, Numbers]]:
    program, today = visit.program, today_of(visit)

    def make(columns: Columns) -> dict[str, Numbers]:
        return all_numbers(columns, program, today)

    return await wait_for(visit, "segments", make)


def _chart(found: Told, language: str) -> Chart | None:
    moves = found.moves
    if not any(moves.entered.values()) and not any(moves.left.values()):
        return None
    labels = [_week(day, language) for day in moves.entered]
    series = {
        _("Entered"): list(moves.entered.values()),
        _("Left the segment"): list(moves.left.values()),
    }
    return bars(_("Entered and left in each week"), labels, series, first_heading=_("Week from"))


def _week(day: date, language: str) -> str:
    return str(format_date(day, "d MMM", locale=language))


def _csv(visit: Visit, rows: list[Row]) -> HttpResponse:
    money = visit.program.currency.decimal
    headings = ("id", "name", "rule", "live", "members", "spend", "average_spend",
                "points_cost")  # fmt: skip
    cells = (
        (row.id, row.name, row.rule, row.is_live, row.size.members, money(row.size.spend),
         None if row.size.average is None else money(row.size.average),
         money(row.size.points_cost))
        for row in rows
        if row.size is not None
    )  # fmt: skip
    return csv_response(f"{visit.slug}-segments", headings, cells)
