"""The difference of two documents, in lines and in words."""

from __future__ import annotations

import json

from fiel.domain.document import read_document
from fiel.web.console.versions.differing import Line, Said, in_lines, in_words
from tests.web.program import STAGE_PROGRAM


def said(source: str) -> Said:
    plain = read_document(source).plain
    return Said.of_content(source, json.dumps(plain, default=str))


def test_lines_stand_with_their_numbers_before_and_after() -> None:
    before = "a\nb\nc\nd\ne\nf\ng\nh\n"
    after = "a\nb\nc\nd\nE\nf\ng\nh\n"
    assert in_lines(before, after) == [
        Line("@", 2, 2, ""),
        Line("", 2, 2, "b"), Line("", 3, 3, "c"), Line("", 4, 4, "d"),
        Line("-", 5, None, "e"), Line("+", None, 5, "E"),
        Line("", 6, 6, "f"), Line("", 7, 7, "g"), Line("", 8, 8, "h"),
    ]  # fmt: skip


def test_the_same_text_has_no_lines() -> None:
    assert in_lines(STAGE_PROGRAM, STAGE_PROGRAM) == []


def test_a_change_reads_as_it_was_and_as_it_is() -> None:
    dearer = STAGE_PROGRAM.replace("price: {points: 20}", "price: {points: 30}")
    (change,) = in_words(said(STAGE_PROGRAM), said(dearer), "en")
    assert "20 points" in change.before
    assert "30 points" in change.after


def test_a_key_is_called_as_the_forms_call_it_and_shown_as_they_show_it() -> None:
    assert "locale: es" in STAGE_PROGRAM
    spoken = STAGE_PROGRAM.replace("locale: es", "locale: en")
    changes = in_words(said(STAGE_PROGRAM), said(spoken), "en")
    assert ("Main language", "Spanish", "English") in [
        (change.title, change.before, change.after) for change in changes
    ]


def test_a_first_version_is_all_new() -> None:
    changes = in_words(None, said(STAGE_PROGRAM), "en")
    assert {str(change.kind) for change in changes} == {"added"}
