"""What is wrong with a milestone or a badge is named by line, key and remedy."""

from __future__ import annotations

import pytest

from fiel.domain.document import canonical, read_document, read_program
from fiel.domain.document.schema import json_schema
from fiel.domain.program import Badge, Limit, Schedule
from fiel.domain.time import Period
from tests.domain.document.faults import HEAD, findings, only
from tests.domain.programs import day

GIFT = "give: {points: 1}"


def milestone(*keys: str) -> str:
    return HEAD + "milestones:\n  - {id: m, " + ", ".join((*keys, GIFT)) + "}\n"


REFUSED = {
    "an unknown thing to count": (("of: spent", "at: 1"), "of", "unknown_unit"),
    "a streak of nothing": (("of: streak", "at: 3"), "", "missing_key"),
    "a streak of years": (("of: streak", "at: 3", "period: year"), "period", "choice"),
    "a period without a streak": (("of: visits", "at: 3", "period: week"), "period", "wrong_count"),
    "an activity of spend": (("of: spend", "at: 3", "activity: a"), "activity", "wrong_count"),
    "an activity of visits": (("of: visits", "at: 3", "activity: a"), "activity", "wrong_count"),
    "a streak that restarts": (
        ("of: streak", "at: 3", "period: day", "restart: month"), "restart", "wrong_count",
    ),
    "a restart with no end": (("of: spend", "at: 3", "restart: program"), "restart", "choice"),
    "spend that is handed in": (
        ("of: spend", "every: 3", "consume: true"),
        "consume",
        "wrong_count",
    ),
    "a card handed in once": (("of: stamps", "at: 3", "consume: true"), "at", "consumes_balance"),
    "a card of which only some counts": (
        ("of: stamps", "every: 3", "consume: true", "when: {days: [mon]}"),
        "when",
        "consumes_balance",
    ),
    "a condition about an activity where sales count": (
        ("of: visits", "at: 3", "where: 'activity.type == \"a\"'"), "where", "condition",
    ),
    "a condition about lines where activities count": (
        ("of: activities", "at: 3", "where: 'line.sku == \"a\"'"), "where", "condition",
    ),
    "half a visit": (("of: visits", "at: 1.5"), "at", "whole"),
    "both at and every": (("of: visits", "at: 1", "every: 2"), "", "one_of"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_each_fault_is_named_by_line_and_key(case):
    keys, key, code = REFUSED[case]

    found = only(milestone(*keys))

    assert (found.line, found.code) == (9, code)
    assert found.path == (f"milestones[0].{key}" if key else "milestones[0]")


def test_a_badge_that_nobody_named_is_refused_with_the_one_that_was_meant():
    source = HEAD + (
        "badges: [{id: madrugador}]\n"
        "milestones:\n  - {id: m, of: visits, at: 3, give: {badge: madrugadora}}\n"
    )

    found = only(source)

    assert (found.line, found.path, found.code) == (10, "milestones[0].give.badge", "unknown_badge")
    assert found.parameters["suggestion"] == "madrugador"


def test_two_badges_of_one_id_and_a_misspelt_key_are_both_told():
    source = HEAD + "badges:\n  - {id: a, nme: A}\n  - {id: a}\n"

    assert [(each.line, each.code) for each in findings(source)] == [
        (9, "unknown_key"),
        (10, "repeated"),
    ]


def test_a_badge_that_nothing_gives_and_a_challenge_that_is_over_are_doubts():
    source = HEAD + (
        "badges: [{id: solo}]\n"
        "milestones:\n"
        "  - {id: reto, of: visits, at: 3, when: {to: 2026-03-31}, give: {stamps: 1, points: 1}}\n"
    )

    told = read_document(source, today=day("2026-04-01")).warnings
    before = read_document(source, today=day("2026-03-31")).warnings

    assert [(each.line, each.code) for each in told] == [
        (8, "badge_never_given"),
        (10, "milestone_over"),
    ]
    assert [each.code for each in before] == ["badge_never_given"]


def test_everything_a_milestone_can_say_is_read():
    source = HEAD + (
        "badges:\n"
        "  - {id: fiel, name: Fiel, description: {es: Cuatro semanas seguidas}, icon: ★}\n"
        "milestones:\n"
        "  - {id: racha, of: streak, period: week, every: 4, give: {badge: fiel, points: 5}}\n"
        "  - {id: resenas, of: activities, activity: review, at: 3, give: {points: 9},\n"
        "     where: 'activity.properties.stars >= 4', limit: {per_member: 1}}\n"
        "  - {id: reto, of: spend, at: 50, restart: month, give: {points: 9},\n"
        "     where: 'line.category == \"cafe\"', when: {from: 2026-03-01, to: 2026-06-30}}\n"
        "  - {id: tarjeta, of: stamps, every: 10, consume: true, give: {points: 9}}\n"
    )

    program = read_program(source)
    streak, reviews, challenge, card = program.milestones

    assert program.badges == {
        "fiel": Badge("fiel", {"es": "Fiel"}, {"es": "Cuatro semanas seguidas"}, "★")
    }
    assert (streak.of, streak.period, streak.every, streak.badge) == (
        "streak", Period.WEEK, 4, "fiel",
    )  # fmt: skip
    assert (reviews.activity, reviews.limit) == ("review", Limit(1, Period.PROGRAM))
    assert (challenge.at, challenge.restart) == (5_000, Period.MONTH)
    assert challenge.when == Schedule(day("2026-03-01"), day("2026-06-30"))
    assert (card.of, card.every, card.consume) == ("stamps", 10, True)
    assert canonical(source)["milestones"][3] == {
        "id": "tarjeta", "of": "stamps", "every": 10, "give": {"points": 9}, "consume": True,
    }  # fmt: skip
    assert "badges" in json_schema()["properties"]
