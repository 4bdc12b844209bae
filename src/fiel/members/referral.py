"""Referral codes: short enough to say over a counter, unlike enough not to be misheard."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator

# Without 0 and O, 1, I and L, which look alike, and without U and V for those who shout.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
LONGEST_NAME = 4
_LENGTHS = (3, 3, 3, 4, 4, 5, 6, 8, 12)


def proposed_codes(name: str) -> Iterator[str]:
    """Codes for a member to try in turn, such as ANA-7K2; later ones are longer."""
    start = name_part(name)
    for length in _LENGTHS:
        yield f"{start}-{_random(length)}"


def name_part(name: str) -> str:
    """The first letters of a name in plain capitals; chance ones where it has none."""
    words = name.split()
    plain = unicodedata.normalize("NFKD", words[0]).upper() if words else ""
    letters = "".join(letter for letter in plain if "A" <= letter <= "Z")
    return letters[:LONGEST_NAME] if len(letters) > 1 else _random(LONGEST_NAME)


def normal_code(text: str) -> str:
    """Write a code as it is kept: in capitals, without spaces around it."""
    return text.strip().upper()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
