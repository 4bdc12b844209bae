"""The rule of a segment in words, and silence where words would lie."""

import pytest
from django.utils import translation

from fiel.domain.document import read_program
from fiel.web.console.segments.words import rule_in_words
from tests.web.program import STAGE_PROGRAM

CAFE_SOL = read_program(STAGE_PROGRAM)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("member.frequency >= 4", "Purchases in 365 days: 4 or more."),
        (
            "member.recency_days > 90 && member.spend_365 >= 50",
            "Days since the last purchase: more than 90 and spent in 365 days: €50.00 or more.",
        ),
        ("member.answers.nps >= 9", "The answer “nps”: 9 or more."),
        ("member.frequency * 2 > member.visits", ""),
    ],
)
def test_a_rule_says_what_it_asks_of_a_member(rule, words):
    with translation.override("en"):
        assert rule_in_words(rule, CAFE_SOL, "en") == words
