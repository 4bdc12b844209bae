"""JSON comes in exactly, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fiel.api.reading import read_json
from fiel.domain.refusal import Invalid


def refused(body: bytes) -> tuple[str, str]:
    with pytest.raises(Invalid) as refusal:
        read_json(body)
    [problem] = refusal.value.problems
    return problem.field, problem.code


def test_a_number_keeps_every_digit_it_came_with():
    amount = read_json(b'{"amount": 0.1000000000000000055511151231257827}')["amount"]

    assert amount == Decimal("0.1000000000000000055511151231257827")


def test_a_whole_number_stays_whole():
    assert read_json(b'{"points": 9007199254740993}') == {"points": 9007199254740993}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\xff"}',
        b'"\x00"',
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1e99999999999999999999",
    ],
)
def test_what_is_no_sound_json_is_refused_and_the_body_is_named(body):
    assert refused(body) == ("body", "malformed")


@pytest.mark.parametrize("escape", [r"\u0000", r"\ud800", r"\udfff"])
def test_a_text_that_the_database_cannot_keep_is_refused_by_its_place(escape):
    body = '{"lines": [{"sku": "x"}, {"sku": "a!b"}]}'.replace("!", escape)

    assert refused(body.encode()) == ("lines[1].sku", "characters")


def test_a_key_that_the_database_cannot_keep_is_refused():
    assert refused(rb'{"a\u0000b": 1}') == ("a�b", "characters")


def test_an_escaped_pair_of_surrogates_is_one_letter():
    assert read_json(rb'{"name": "\ud83d\ude00"}') == {"name": "😀"}


def test_text_in_any_script_is_read():
    assert read_json('{"name": "Ana أنا アナ"}'.encode()) == {"name": "Ana أنا アナ"}
