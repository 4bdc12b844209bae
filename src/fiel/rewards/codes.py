"""New codes, of chance and a check, for coupons, gift cards and redemptions."""

from __future__ import annotations

import secrets

from fiel.domain.codes import ALPHABET, check_character, is_sound, normal_code, shown_code

__all__ = [
    "ALPHABET",
    "COUPON_LENGTH",
    "GIFT_CARD_LENGTH",
    "REDEMPTION_LENGTH",
    "check_character",
    "is_sound",
    "new_code",
    "new_codes",
    "normal_code",
    "shown_code",
]

# Of chance a coupon has 53 bits and a gift card 92: the one opens a discount, the other a purse.
COUPON_LENGTH = 12
GIFT_CARD_LENGTH = 20
# A redemption's code is shown to a person who also sees whose it is.
REDEMPTION_LENGTH = 8


def new_code(length: int = COUPON_LENGTH) -> str:
    """A fresh code of this length, its last character the check; it cannot be guessed."""
    assert length >= 2, "one character of chance and its check"
    number = secrets.randbelow(len(ALPHABET) ** (length - 1))
    chosen = []
    for _ in range(length - 1):
        number, value = divmod(number, len(ALPHABET))
        chosen.append(ALPHABET[value])
    text = "".join(chosen)
    return text + check_character(text)


def new_codes(count: int, length: int = COUPON_LENGTH) -> list[str]:
    """So many fresh codes, no two alike."""
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code(length))
    return list(codes)
