"""Referral codes are short, plain, and start like their member's name."""

from __future__ import annotations

import re

import pytest

from fiel.members.referral import ALPHABET, normal_code, proposed_codes


@pytest.mark.parametrize(
    ("name", "start"),
    [("Ana Ruiz", "ANA"), ("Íñigo", "INIG"), ("berta", "BERT"), ("Jo", "JO")],
)
def test_a_code_starts_like_the_name(name, start):
    code = next(proposed_codes(name))

    assert re.fullmatch(rf"{start}-[{ALPHABET}]{{3}}", code)


@pytest.mark.parametrize("name", ["", "アナ", "X", "123"])
def test_a_name_without_plain_letters_gets_chance_ones(name):
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{3}}", next(proposed_codes(name)))


def test_codes_grow_while_the_short_ones_are_taken():
    lengths = [len(code.split("-")[1]) for code in proposed_codes("Ana")]

    assert lengths == sorted(lengths)
    assert lengths[0] == 3
    assert lengths[-1] == 12


def test_a_code_is_the_same_however_it_is_said():
    assert normal_code(" ana-7k2 ") == "ANA-7K2"
