"""The report of segments: every segment and group, and what it needs to mean something."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from fiel.domain.document import read_program
from fiel.insights.reporting.asked import Asked, Question
from fiel.insights.reporting.report import Report, Say
from fiel.insights.segments.groups import GROUPS
from fiel.insights.segments.report import LEAST_BUYERS, segments
from tests.insights.segments.copy import ANA, BERTA, CARLA, copy_of, member, sale
from tests.support.program import CAFE_SOL

PROGRAM = (
    CAFE_SOL
    + """
segments:
  - {id: keen, name: {es: Fieles, en: Keen}, where: member.frequency >= 2}
rewards:
  - {id: cake, kind: access, price: {points: 0}, where: '"rfm-new" in member.segments'}
"""
)
TODAY = date(2026, 3, 31)


def _report(*, buyers: int = 2) -> Report:
    members = [member(ANA), member(BERTA), member(CARLA)]
    members += [member(number) for number in range(4, buyers + 2)]
    sales = [
        sale(1, ANA, date(2026, 3, 1), 2_000),
        sale(2, ANA, date(2026, 3, 2), 1_000),
        sale(3, BERTA, date(2026, 3, 3), 900),
        *(sale(number, number, date(2026, 3, 3), 100) for number in range(4, buyers + 2)),
    ]
    with copy_of(members=members, sales=sales) as columns:
        question = Question(
            program=read_program(PROGRAM),
            program_id=uuid4(),
            shards=1,
            now=datetime(2026, 3, 31, 12, tzinfo=UTC),
        )
        return segments(Asked(question, columns))


def test_every_segment_and_group_has_a_row() -> None:
    sizes, _ = _report().tables

    assert [row[0] for row in sizes.rows] == ["keen", *GROUPS]
    assert sizes.rows[0][1:] == (
        Say("Fieles"), Say("yes"), 1, sizes.rows[0][4], 2, 3_000, 1_500, 0,
    )  # fmt: skip
    assert [row[0] for row in sizes.rows if row[2] == Say("yes")] == ["keen", "rfm-new"]


def test_the_groups_share_all_members() -> None:
    sizes, _ = _report().tables

    groups = [row for row in sizes.rows if str(row[0]).startswith("rfm-")]
    assert sum(row[3] for row in groups if isinstance(row[3], int)) == 3
    assert sum(row[4] for row in groups if not isinstance(row[4], str | Say)) == 100  # type: ignore[misc]


def test_few_buyers_are_said_to_be_few() -> None:
    assert [each.code for each in _report().statements] == ["too_few_members"]
    assert _report(buyers=LEAST_BUYERS).statements == ()
