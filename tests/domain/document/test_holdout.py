"""How a document says who is kept out, and how members read it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fiel.domain.document import canonical, read_program
from fiel.programs.difference import differences
from fiel.programs.words import changes_in_words, rules_text
from tests.domain.document.faults import HEAD, RULE, only

PROMOTION = "  - {id: promo, event: sale, multiply: 2, holdout: {share: 12.5}}\n"


def test_a_program_and_a_promotion_say_what_share_is_kept_out():
    program = read_program(HEAD + RULE + PROMOTION + "holdout: {share: 10}\n")

    assert (program.holdout, program.earn[-1].holdout) == (Decimal(10), Decimal("12.5"))
    assert canonical(HEAD + RULE + "holdout: {share: 10.0}\n")["holdout"] == {"share": 10}


def test_left_out_nobody_is():
    program = read_program(HEAD + RULE)

    assert (program.holdout, program.earn[-1].holdout) == (None, None)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{share: 0}", "bounds"),
        ("{share: 91}", "bounds"),
        ("{share: some}", "number"),
        ("{}", "missing_key"),
        ("{share: 10, from: 2026-01-01}", "unknown_key"),
        ("10", "type"),
    ],
)
def test_a_share_that_cannot_be(written, code):
    assert only(HEAD + RULE + f"holdout: {written}\n").code == code


def test_the_rules_in_words_say_it():
    told = rules_text(read_program(HEAD + RULE + PROMOTION + "holdout: {share: 10}\n"), "en")

    assert "10% of the members, drawn by lot, earn nothing: it shows what the program does." in told
    assert "It is not for 12.5% of the members, drawn by lot: it shows what it does." in told


def test_a_change_of_the_share_is_told():
    before, after = (HEAD + RULE + f"holdout: {{share: {share}}}\n" for share in (10, 20))
    changes = differences(canonical(before), canonical(after))
    told = changes_in_words(
        changes, before=read_program(before), after=read_program(after), language="en"
    )

    assert [(each.title, each.before, each.after) for each in told] == [
        ("holdout.share", "10", "20")
    ]
