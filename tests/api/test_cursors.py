"""A cursor leads on in the list it was made for, and nowhere else."""

from __future__ import annotations

import pytest

from fiel.api.cursors import Cursors
from fiel.domain.refusal import Invalid

CURSORS = Cursors(b"secret")


def test_a_cursor_leads_back_to_its_place():
    assert CURSORS.read("lots", CURSORS.write("lots", ["2026-03-01", 7])) == ["2026-03-01", 7]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "not a cursor",
        "ñ",
        "A" * 1000,
        CURSORS.write("ledger", ["2026-03-01", 7]),
        Cursors(b"another").write("lots", ["2026-03-01", 7]),
    ],
)
def test_what_was_not_made_for_this_list_is_refused(cursor):
    with pytest.raises(Invalid) as refusal:
        CURSORS.read("lots", cursor)

    assert [problem.field for problem in refusal.value.problems] == ["cursor"]
