"""Segments in the rules in words: by their names, where they have any."""

from __future__ import annotations

import pytest

from fiel.domain.document import read_program
from fiel.programs.words.speaker import Speaker
from tests.support.program import CAFE_SOL

PROGRAM = (
    CAFE_SOL
    + """
segments:
  - {id: keen, name: {es: Fieles, en: Keen}, where: member.visits > 3}
  - {id: nameless, where: member.visits > 9}
"""
)


@pytest.mark.parametrize(
    ("segment", "said"),
    [("keen", "“Keen”"), ("nameless", "“nameless”"), ("rfm-new", "“rfm-new”")],
)
def test_a_segment_is_called_by_its_name(segment: str, said: str) -> None:
    assert Speaker(read_program(PROGRAM), "en").segment(segment) == said
