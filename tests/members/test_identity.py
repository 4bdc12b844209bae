"""One person writes a number in many ways and is one person."""

from __future__ import annotations

import pytest

from fiel.members.identity import (
    NotAnEmailAddress,
    NotAPhoneNumber,
    mailbox_of,
    normal_card,
    normal_email,
    normal_phone,
    region_of_zone,
    sought_email,
    sought_phone,
)


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("Europe/Madrid", "ES"),
        ("Atlantic/Canary", "ES"),
        ("America/Santiago", "CL"),
        ("UTC", None),
    ],
)
def test_a_number_without_a_prefix_is_of_the_programs_country(zone, region):
    assert region_of_zone(zone) == region


def test_the_same_digits_are_another_number_in_another_country():
    assert normal_phone("600 111 222", "ES") == "+34600111222"
    assert normal_phone("600 111 222", "PT") == "+351600111222"


def test_a_number_without_a_prefix_is_none_where_no_country_is_known():
    with pytest.raises(NotAPhoneNumber):
        normal_phone("600111222", None)


@pytest.mark.parametrize("text", ["", "1", "+", "+0", "hola", "+34" + "6" * 30])
def test_what_no_country_has_is_no_number(text):
    with pytest.raises(NotAPhoneNumber):
        normal_phone(text, "ES")


def test_a_number_is_sought_as_it_is_kept():
    assert sought_phone("+34600111222", None) == normal_phone("600 11 12 22", "ES")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ana@Example.com", "ana@example.com"),
        (" ana@example.com ", "ana@example.com"),
        ("ana@xn--caf-sol-dya.example.com", "ana@café-sol.example.com"),
        ("Ñandú@example.com", "ñandú@example.com"),
    ],
)
def test_an_address_is_kept_and_sought_in_one_form(text, kept):
    try:
        assert normal_email(text) == kept
    except NotAnEmailAddress:
        pytest.fail("it is an address")
    assert sought_email(text) == kept


@pytest.mark.parametrize("text", ["ana", "@example.com", "ana@", "a b@example.com", "ana@@b.com"])
def test_what_has_no_form_of_an_address_is_none(text):
    with pytest.raises(NotAnEmailAddress):
        normal_email(text)


def test_a_card_is_the_same_with_spaces():
    assert normal_card(" 4000 0012 ") == normal_card("40000012")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.com", "ana+sol@example.com"),
        ("ana.ruiz@gmail.com", "anaruiz@gmail.com"),
        ("ana.ruiz+a+b@googlemail.com", "anaruiz@gmail.com"),
    ],
)
def test_a_mailbox_is_the_same_whatever_its_owner_adds(one, other):
    assert mailbox_of(one) == mailbox_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.com", "ana@example.org"),
        ("a.na@example.com", "ana@example.com"),  # only Google passes dots over
        ("ana@gmail.com", "anna@gmail.com"),
        ("+a@example.com", "+b@example.com"),
    ],
)
def test_other_mailboxes_are_others(one, other):
    assert mailbox_of(one) != mailbox_of(other)
