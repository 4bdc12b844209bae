"""Segments by command: refreshed at once, told in a report."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import CAFE_SOL, Fiel

SEGMENTS = """
segments:
  - {id: quiet, where: member.frequency == 0}
"""


def test_members_enter_segments_by_command(cafe_sol: Fiel, tmp_path: Path) -> None:
    members, document = tmp_path / "members.csv", tmp_path / "segments.yaml"
    members.write_text("external_id,name\nana,Ana\nberta,Berta\n")
    document.write_text(CAFE_SOL + SEGMENTS)
    assert cafe_sol("import", "members", members).code == 0
    assert cafe_sol("program", "apply", document, "--yes").code == 0

    first = cafe_sol("segments", "refresh", "--json").json
    again = cafe_sol("segments", "refresh", "--program", "cafe-sol", "--json").json
    [quiet, *_] = cafe_sol("report", "segments", "--json").json["segments"]

    assert first == {"refreshed": {"cafe-sol": {"members": 2, "changes": 2}}}
    assert again == {"refreshed": {"cafe-sol": {"members": 0, "changes": 0}}}
    assert (quiet["segment"], quiet["members"], quiet["share"]) == ("quiet", 2, 100)
    assert cafe_sol("audit").code == 0


def test_a_program_that_is_not_there_has_no_segments(cafe_sol: Fiel) -> None:
    assert cafe_sol("segments", "refresh", "--program", "otro", "--json").json["code"] == (
        "not_found"
    )
