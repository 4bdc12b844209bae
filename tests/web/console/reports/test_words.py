"""What reports say, in words that people have for it."""

from fiel.domain.document import read_program
from fiel.insights.reporting.report import Say
from fiel.web.console.reports.words import Words
from tests.web.program import STAGE_PROGRAM


def test_a_goal_is_called_by_its_metric_for_it_has_no_name():
    words = Words(read_program(STAGE_PROGRAM), "en")

    assert words.said(Say("Of {goal}.", {"goal": "gasto"})) == "Of Average spend of members."
    assert words.said(Say("Of {goal}.", {"goal": "unknown"})) == "Of unknown."
