"""What a request's headers are taken for."""

from __future__ import annotations

import pytest

from fiel.api.headers import bearer, preferred_language, request_id


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (b"es", "es"),
        (b"pt-BR", "pt"),
        (b"fr, en;q=0.8, es;q=0.9", "es"),
        (b"en;q=0.5, es;q=0", "en"),
        (b"EN-gb", "en"),
        (b"fr", None),
        (b"*", None),
        (b"en;q=abc", None),
        (b"", None),
        (b"\xff\xfe;q", None),
        (None, None),
    ],
)
def test_the_best_liked_language_of_ours_is_spoken(header, language):
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        (b"Bearer fiel_abc", "fiel_abc"),
        (b"bearer  fiel_abc ", "fiel_abc"),
        (b"Basic abc", None),
        (b"Bearer", None),
        (b"Bearer ", None),
        (b"Bearer caf\xc3\xa9", None),
        (b"Bearer " + b"x" * 600, None),
        (None, None),
    ],
)
def test_a_key_is_borne_as_a_bearer_token(header, secret):
    assert bearer(header) == secret


def test_a_sound_request_id_is_kept():
    assert request_id({b"x-request-id": b"till-7/0042"}) == "till-7/0042"


@pytest.mark.parametrize("given", [b"", b"a b", b"x" * 129, b"caf\xc3\xa9", b"a\r\nb: c"])
def test_another_request_id_is_made_where_the_callers_is_not_sound(given):
    made = request_id({b"x-request-id": given})

    assert made.encode() != given
    assert len(made) == 24
