"""Codes that people read aloud and type in: coupons, gift cards, redemptions.

The alphabet has 29 characters of which no two look alike; what was left out is read as what it
looks like (O as 0, I and L as 1, Z as 2, S as 5, B as 8, U as V). The last character of a code
checks the others. Because 29 is prime, each wrong character and each swap of two neighbours, or
of two with one between them, makes a code unsound (the scheme of ISO 7064, modulus 29, radix 2).
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
GROUP = 4
LONGEST = 100  # of what is looked at; no code is longer
NUMBER_LENGTH = 9

_MODULUS, _RADIX = len(ALPHABET), 2
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_READ_AS = str.maketrans("OILZSBU", "011258V")
# Unicode categories of what people put between groups: dashes, underscores, spaces.
_SEPARATORS = frozenset(("Pd", "Pc", "Zs", "Cc"))
_NAMED_BY_A_TILL = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def check_character(text: str) -> str:
    """The character that makes a code of these characters sound."""
    return ALPHABET[(1 - _carried(text)) % _MODULUS]


def normal_code(text: str) -> str:
    """A code as it is kept: upper case, without separators, look-alikes read as what they are."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    kept = [
        sign for sign in folded if unicodedata.category(sign) not in _SEPARATORS and sign != "."
    ]
    return "".join(kept)[:LONGEST].translate(_READ_AS)


def is_sound(code: str) -> bool:
    """Whether a code in its normal form is one that can have been made by chance and a check."""
    if len(code) < 2 or any(character not in _VALUES for character in code):
        return False
    return (_carried(code[:-1]) + _VALUES[code[-1]]) % _MODULUS == 1


def shown_code(code: str) -> str:
    """A code as people read it: in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def receipt_number(name: str) -> str:
    """A sale's number as its receipt shows it: a till's name for it as its moment, in letters."""
    own = _NAMED_BY_A_TILL.fullmatch(name)
    if own is None:
        return name
    moment, signs = int(own[1] + own[2], 16), ""
    for _ in range(NUMBER_LENGTH):
        moment, value = divmod(moment, len(ALPHABET))
        signs = ALPHABET[value] + signs
    return "-".join(signs[start : start + 3] for start in range(0, NUMBER_LENGTH, 3))


def _carried(text: str) -> int:
    """What the characters come to before the one that follows them is added."""
    total = 0
    for character in text:
        total = (total + _VALUES[character]) * _RADIX % _MODULUS
    return total
