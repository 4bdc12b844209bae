"""Milestones and badges as members read them."""

from __future__ import annotations

import pytest

from fiel.domain.document import canonical, read_program
from fiel.programs.difference import differences
from fiel.programs.words import changes_in_words, rules_in_words
from fiel.programs.words.reaching import milestone_in_words
from fiel.programs.words.speaker import Speaker

HEAD = """\
program: cafe-sol
name: Café Sol
locale: en
currency: EUR
timezone: Europe/Madrid
units:
  points: {}
  stamps: {}
badges:
  - {id: loyal, name: Loyal, description: Four weeks in a row., icon: "*"}
rewards:
  - {id: coffee, name: Free coffee, kind: product}
milestones:
"""
TOLD = {
    "{id: m, of: spend, at: 100, give: {reward: coffee}}": (
        "When you reach €100.00 of purchases, you get “Free coffee”."
    ),
    "{id: m, of: stamps, every: 10, consume: true, give: {reward: coffee}}": (
        "For every 10 stamps you get “Free coffee”. They are taken from your stamps."
    ),
    "{id: m, of: streak, period: week, at: 4, give: {badge: loyal, points: 50}}": (
        "When you reach 4 weeks in a row with a purchase, you get 50 points and the badge “Loyal”."
    ),
    "{id: m, of: streak, period: day, at: 3, activity: check_in, give: {points: 5}}": (
        "When you reach 3 days in a row of “check_in”, you get 5 points."
    ),
    "{id: m, of: activities, activity: review, every: 3, give: {points: 5}}": (
        "For every 3 times “review” you get 5 points."
    ),
    "{id: m, of: activities, at: 1, give: {points: 5}, limit: {per_member: 1}}": (
        "When you reach 1 thing you do for us, you get 5 points. At most 1 time in all."
    ),
    "{id: m, of: visits, at: 5, restart: month, give: {points: 5}, "
    "where: 'line.category == \"cafe\"'}": (
        "When you reach 5 purchases, you get 5 points. Only on items of the category “cafe”. "
        "It is counted anew every month."
    ),
}  # fmt: skip


@pytest.mark.parametrize("written", TOLD)
def test_a_milestone_is_told_as_it_counts(written):
    program = read_program(f"{HEAD}  - {written}\n")

    assert milestone_in_words(Speaker(program, "en"), program.milestones[0]) == TOLD[written]


def test_a_badge_is_told_with_what_it_is_held_for():
    program = read_program(
        f"{HEAD}  - {{id: m, of: streak, period: week, at: 4, give: {{badge: loyal}}}}\n"
    )

    (section,) = [each for each in rules_in_words(program, "en") if "Levels" in each.title]

    assert section.paragraphs[-1] == "The badge “Loyal”: Four weeks in a row."


def test_a_change_of_a_streak_and_of_a_badge_is_told():
    before = f"{HEAD}  - {{id: m, of: streak, period: week, at: 4, give: {{badge: loyal}}}}\n"
    after = before.replace("at: 4", "at: 6").replace('icon: "*"', 'icon: "+"')

    told = changes_in_words(
        differences(canonical(before), canonical(after)),
        before=read_program(before), after=read_program(after), language="en",
    )  # fmt: skip

    assert [(each.title, each.before[:40], each.after[:40]) for each in told] == [
        (
            "Level “m”",
            "When you reach 4 weeks in a row with a p",
            "When you reach 6 weeks in a row with a p",
        ),
        ("Badge “loyal”: icon", "*", "+"),
    ]
