"""Normal forms: one person writes a phone number in many ways, and is one person."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import phonenumbers
from babel.core import get_global
from email_validator import EmailNotValidError, validate_email

from fiel.members.references import KeyKind, MemberKey

LONGEST_EMAIL = 254
LONGEST_CARD = 100
_DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class NotAPhoneNumber(ValueError):
    """The text is no phone number that exists in its country's plan."""


class NotAnEmailAddress(ValueError):
    """The text is no e-mail address."""


@cache
def region_of_zone(zone: str) -> str | None:
    """The country whose numbers are meant without a prefix: "Europe/Madrid" is "ES"."""
    territory: str | None = get_global("zone_territories").get(zone)
    return territory


def normal_phone(text: str, region: str | None) -> str:
    """Write a phone number in E.164; without a prefix it is one of the region.

    Raises:
        NotAPhoneNumber: no country has such a number, or it has no prefix and no region is known.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(text) from error
    # Only the form counts: operators open new ranges faster than tables learn of them.
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise NotAPhoneNumber(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def sought_phone(text: str, region: str | None) -> str:
    """The normal form of a number that somebody is looked up by; quick when it has it already.

    Raises:
        NotAPhoneNumber: as for `normal_phone`.
    """
    return text if _E164.fullmatch(text) else normal_phone(text, region)


def normal_email(text: str) -> str:
    """Write an e-mail address in lower case, its domain in Unicode.

    Raises:
        NotAnEmailAddress: it has no form of an address.
    """
    try:
        parts = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise NotAnEmailAddress(text) from error
    return parts.normalized.lower()


def mailbox_of(address: str) -> str:
    """The mailbox behind an address in normal form: without what its owner may add at will.

    What follows a “+” is a tag; Google's mailboxes are the same with and without dots.
    """
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def sought_email(text: str) -> str:
    """The normal form of an address that somebody is looked up by; never refused."""
    plain = text.strip()
    if plain.isascii() and "xn--" not in plain.lower():
        return plain.lower()
    try:
        return normal_email(plain)
    except NotAnEmailAddress:
        return plain.lower()


def sought_key(kind: KeyKind, text: str) -> MemberKey:
    """The key that somebody is looked up by, whatever the country.

    A phone number stays as it came: whoever knows the program's country reads it.
    """
    if kind is KeyKind.EMAIL:
        return MemberKey(kind, sought_email(text))
    if kind is KeyKind.CARD:
        return MemberKey(kind, normal_card(text))
    return MemberKey(kind, text)


def normal_card(text: str) -> str:
    """Write a card's number without the spaces that make it readable."""
    return "".join(unicodedata.normalize("NFKC", text).split())
