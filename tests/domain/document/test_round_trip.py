"""A document, its canonical form and its JSON Schema say the same."""

import json
from io import StringIO
from pathlib import Path

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from fiel.domain.document import canonical, json_schema, read_document
from fiel.domain.document.yaml_source import parse_yaml
from tests.domain.document.documents import documents

SOURCE = Path(__file__).with_name("cafe-sol.yaml").read_text(encoding="utf-8")
SCHEMA = jsonschema_rs.validator_for(json_schema())


def as_yaml(plain):
    written = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False  # the writer's own flow style is not always YAML
    writer.dump(plain, written)
    return written.getvalue()


@settings(max_examples=120, deadline=None)
@given(documents())
def test_reading_the_canonical_form_gives_the_same_program_and_form(plain):
    first = read_document(json.dumps(plain), format="json")
    again = read_document(json.dumps(first.plain), format="json")
    assert again.program == first.program
    assert json.dumps(again.plain) == json.dumps(first.plain)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_yaml_and_json_of_one_document_are_the_same_program(plain):
    from_json = read_document(json.dumps(plain), format="json")
    from_yaml = read_document(as_yaml(plain), format="yaml")
    assert from_yaml.program == from_json.program


@settings(max_examples=60, deadline=None)
@given(documents())
def test_what_can_be_published_satisfies_the_schema_that_editors_use(plain):
    SCHEMA.validate(plain)
    SCHEMA.validate(canonical(json.dumps(plain), format="json"))


def test_the_schema_is_itself_a_schema():
    jsonschema_rs.meta.validate(json_schema())


@given(st.sampled_from(["earn", "rewards", "units", "tiers", "referral"]))
def test_the_schema_refuses_keys_that_do_not_exist(part):
    plain = canonical(SOURCE)
    target = plain[part]
    target = target[0] if isinstance(target, list) else target
    target = target["points"] if part == "units" else target
    target["colour"] = "blue"
    assert not SCHEMA.is_valid(plain)


def test_numbers_are_exact():
    source = SOURCE.replace("multiply: 1.5", "multiply: 1.1").replace('"0.01"', "0.1")
    program = read_document(source).program
    assert program.tiers.levels[1].multiply * 10 == 11
    assert program.units["points"].value * 10 == 1


def test_amounts_are_written_with_the_decimals_of_their_currency():
    plain = canonical(SOURCE)
    assert plain["milestones"][0]["at"] == "100.00"
    assert plain["tiers"]["levels"][1]["from"] == "300.00"
    assert plain["earn"][0]["give"] == {"points": 1, "per": "1.00"}


def test_a_text_that_was_read_is_not_read_again_and_another_is():
    read = parse_yaml(SOURCE)
    assert parse_yaml(SOURCE) is read
    assert parse_yaml(SOURCE.replace("Café Sol", "Café Luna")) != read
