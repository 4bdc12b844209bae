"""A change of a document changes what is meant and leaves the rest as it was written."""

import difflib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.programs.editing.said import Number
from fiel.programs.editing.written import Written
from fiel.programs.starting_points import MODELS, starting_point
from tests.domain.document.documents import documents

CAFE_SOL = Path("tests/domain/document/cafe-sol.yaml").read_text(encoding="utf-8")
SOURCES = [CAFE_SOL, *(starting_point(name, "es").source for name in MODELS)]


def changed_lines(before, after):
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[:1] in "+-"]


def test_an_amount_is_changed_and_nothing_else():
    after = Written(CAFE_SOL).put(("units", "points", "value"), "0.02")
    assert changed_lines(CAFE_SOL, after.source) == [
        '-     value: "0.01"               # what one is worth when it pays',
        '+     value: "0.02"               # what one is worth when it pays',
    ]


def test_a_key_of_a_rule_on_one_line_is_changed_within_it():
    after = Written(CAFE_SOL).put(("earn", 2, "give", "points"), Number("75"))
    assert changed_lines(CAFE_SOL, after.source) == [
        "-   - {id: ticket-50, event: sale, give: {points: 50}, where: sale.net >= 50.0}",
        "+   - {id: ticket-50, event: sale, give: {points: 75}, where: sale.net >= 50.0}",
    ]


def test_a_new_key_stands_where_the_reference_has_it():
    source = "program: a\nname: A # shown\ncurrency: EUR\n"
    after = Written(source).put(("locale",), "es", order=["program", "name", "locale", "currency"])
    assert after.source == "program: a\nname: A # shown\nlocale: es\ncurrency: EUR\n"


def test_a_list_that_was_missing_is_written_on_lines():
    after = Written("program: a\n").add(("earn",), {"id": "base", "give": {"points": Number("1")}})
    assert after.source == "program: a\nearn:\n  - id: base\n    give: {points: 1}\n"


def test_a_rule_goes_with_the_remarks_above_it():
    source = "earn:\n  # first\n  - {id: a}\n  # second\n  - {id: b} # beside\n  - {id: c}\n"
    assert Written(source).drop(("earn", 1)).source == (
        "earn:\n  # first\n  - {id: a}\n  - {id: c}\n"
    )


def test_rules_change_places_with_their_remarks():
    source = "earn:\n  # first\n  - {id: a}\n\n  # second\n  - id: b\n    x: 1"
    assert Written(source).swap(("earn",), 0).source == (
        "earn:\n  # second\n  - id: b\n    x: 1\n\n  # first\n  - {id: a}"
    )


def test_a_list_goes_with_its_last_entry():
    assert Written("a: 1\nearn:\n  - {id: b}\nz: 2\n").drop(("earn", 0)).source == "a: 1\nz: 2\n"


def test_conditions_are_quoted_so_that_they_stay_what_they_are():
    after = Written("a: b\n").put(("where",), 'line.category == "cafe"')
    assert after.source == "a: b\nwhere: 'line.category == \"cafe\"'\n"


@pytest.mark.parametrize(
    "text", ["yes", "1.50", "a: b", "x # y", "", " x", "null", "~", "- a", "{", "ä, ö"]
)
def test_texts_are_read_as_the_texts_they_are(text):
    for source in ("a: {b: 1}\n", "a:\n  b: 1\n"):
        assert Written(source).put(("a", "c"), text).said["a"]["c"] == text


def test_windows_line_ends_stay():
    source = "program: a\r\nunits:\r\n  points: {}\r\n"
    after = Written(source).put(("name",), "A", order=["program", "name", "units"])
    assert after.source == "program: a\r\nname: A\r\nunits:\r\n  points: {}\r\n"


def test_what_an_alias_repeats_is_written_out_where_it_is_changed():
    source = "a: &amounts {points: 1}\nb: *amounts\nc: 3 # kept\n"
    after = Written(source).put(("b", "points"), Number("2"))
    assert after.source == "a: &amounts {points: 1}\nb: {points: 2}\nc: 3 # kept\n"


def test_a_document_in_json_stays_json():
    source = '{\n  "program": "a",\n  "earn": [\n    {"id": "x"}\n  ]\n}\n'
    after = Written(source, "json").put(("name",), "Café «Sol»").add(("earn",), {"id": "y"})
    assert json.loads(after.source) == {
        "program": "a", "earn": [{"id": "x"}, {"id": "y"}], "name": "Café «Sol»",
    }  # fmt: skip
    assert after.source.startswith('{\n  "program": "a",\n  "earn": [\n    {"id": "x"}')


def ways(said, way=()):
    yield way
    if isinstance(said, dict):
        for key, value in said.items():
            yield from ways(value, (*way, key))
    if isinstance(said, list):
        for index, value in enumerate(said):
            yield from ways(value, (*way, index))


VALUES = st.recursive(
    st.booleans() | st.integers(0, 999).map(lambda n: Number(str(n)))
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=12),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(SOURCES))
def test_whatever_is_put_anywhere_is_said_and_all_else_stays(data, source):
    before = Written(source)
    way = data.draw(st.sampled_from([way for way in ways(before.said) if way]))
    value = data.draw(VALUES)
    after = before.put(way, value)
    assert Written(after.source).at(way) == value
    for other in ways(before.said):
        if other[: len(way)] != way and way[: len(other)] != other:
            assert after.at(other) == before.at(other)


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(SOURCES))
def test_what_is_put_back_leaves_the_document_as_it_was_written(data, source):
    before = Written(source)
    scalars = [way for way in ways(before.said) if not isinstance(before.at(way), dict | list)]
    way = data.draw(st.sampled_from(scalars))
    old = before.at(way)
    new = Number("7") if isinstance(old, Number) else "changed" if isinstance(old, str) else not old
    after = before.put(way, new).put(way, old)
    changed = changed_lines(before.source, after.source)
    assert len(changed) <= 2  # at most the quotes of that one line


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(SOURCES))
def test_taking_away_keeps_the_remarks_of_everything_else(data, source):
    before = Written(source)
    way = data.draw(st.sampled_from([way for way in ways(before.said) if len(way) > 1]))
    after = before.drop(way)
    assert Written(after.source).said == after.said
    lost = changed_lines(before.source, after.source)
    longest = 14  # the levels of tiers, the longest part of any of them
    assert source.count("\n") - after.source.count("\n") <= longest, lost


@settings(max_examples=40, deadline=None)
@given(documents(), st.data())
def test_documents_of_any_kind_in_json_can_be_changed(plain, data):
    before = Written(json.dumps(plain), "json")
    way = data.draw(st.sampled_from([way for way in ways(before.said) if way]))
    value = data.draw(VALUES)
    assert before.put(way, value).at(way) == value
