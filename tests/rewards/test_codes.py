"""Codes are read aright however they are typed, and a slip is noticed."""

import pytest

from fiel.rewards.codes import (
    ALPHABET,
    COUPON_LENGTH,
    GIFT_CARD_LENGTH,
    check_character,
    is_sound,
    new_code,
    normal_code,
    shown_code,
)

PLACES = range(GIFT_CARD_LENGTH)


@pytest.mark.parametrize("length", [2, 8, COUPON_LENGTH, GIFT_CARD_LENGTH])
def test_a_new_code_is_sound_and_in_its_normal_form(length):
    for _ in range(50):
        code = new_code(length)

        assert len(code) == length
        assert is_sound(code)
        assert normal_code(code) == code


def test_codes_are_not_alike():
    assert len({new_code() for _ in range(2_000)}) == 2_000


def test_every_single_wrong_character_is_noticed():
    code = new_code(GIFT_CARD_LENGTH)
    for place in PLACES:
        for wrong in set(ALPHABET) - {code[place]}:
            assert not is_sound(code[:place] + wrong + code[place + 1 :])


def test_every_swap_of_neighbours_is_noticed_whatever_they_are():
    # All pairs of characters at all places: the check depends on nothing else of the code.
    rest = new_code(GIFT_CARD_LENGTH)[:-3]
    for place in range(len(rest) + 1):
        for first in ALPHABET:
            for second in set(ALPHABET) - {first}:
                front = rest[:place] + first + second + rest[place:]
                code = front + check_character(front)
                swapped = code[:place] + second + first + code[place + 2 :]
                assert is_sound(code)
                assert not is_sound(swapped)


def test_a_swap_with_the_check_character_is_noticed():
    for _ in range(200):
        code = new_code()
        if code[-1] != code[-2]:
            assert not is_sound(code[:-2] + code[-1] + code[-2])


def test_a_swap_over_one_between_is_noticed():
    code = new_code(GIFT_CARD_LENGTH)
    for place in range(GIFT_CARD_LENGTH - 2):
        one, between, other = code[place : place + 3]
        if one != other:
            assert not is_sound(code[:place] + other + between + one + code[place + 3 :])


def test_no_two_characters_look_alike():
    for alike in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) == 1


def test_what_looks_alike_is_read_as_what_it_is():
    assert normal_code("oO iIlL zZ sS bB uU") == "00" + "1111" + "22" + "55" + "88" + "VV"


def test_separators_and_case_do_not_matter():
    code = new_code()

    assert normal_code(f" {shown_code(code).lower()} ") == code
    assert normal_code("\u2013".join(code)) == code


def test_a_code_is_shown_in_groups_of_four():
    assert shown_code("ACDEFGHJKMNP") == "ACDE-FGHJ-KMNP"


@pytest.mark.parametrize("text", ["", "A", "0", "ñandú", "\0", "ACDE!", "😀" * 12, "0" * 12])
def test_what_is_no_code_is_not_sound(text):
    assert not is_sound(normal_code(text))


def test_any_text_has_a_normal_form_of_bounded_length():
    for text in ("x" * 10_000, "\ufdfa" * 100, "ß" * 100):
        assert len(normal_code(text)) <= 100
