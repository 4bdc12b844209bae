"""Segments in a document: ids of their own, and conditions about members at the end of a day."""

from __future__ import annotations

import pytest

from fiel.domain.document import DocumentRefused, read_document, read_program
from fiel.domain.document.segmenting import RFM_GROUPS
from tests.support.program import CAFE_SOL

ONE = """
segments:
  - id: {id}
    name: {{es: Fieles, en: Faithful}}
    where: '{where}'
"""


def _program(where: str = "member.visits > 3", id: str = "faithful") -> str:
    return CAFE_SOL + ONE.format(id=id, where=where)


def test_a_segment_has_a_name_and_a_condition() -> None:
    segment = read_program(_program()).segments["faithful"]

    assert segment.name == {"es": "Fieles", "en": "Faithful"}
    assert segment.where.reads == {"member.visits"}


@pytest.mark.parametrize(
    "where",
    [
        "member.recency_days > 90 && member.frequency >= 2",
        "member.spend_365 >= 500 || member.average_spend > 20.5",
        'member.rfm in ["rfm-champions", "rfm-loyal"]',
        "member.answers.nps >= 9",
        'member.attributes.size == "L" && member.birthday_month == 5',
        'member.tier == "oro" && member.joined_days > 30 && member.spend > 10',
    ],
)
def test_it_reads_what_members_bought_and_said(where: str) -> None:
    assert read_program(_program(where)).segments["faithful"].where.text == where


@pytest.mark.parametrize(
    "where",
    [
        '"vip" in member.segments',  # segments do not rest on each other
        "sale.net > 5",
        "member.recencydays > 5",
        "member.tier >= 3",
    ],
)
def test_it_reads_nothing_else(where: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_program(_program(where))

    assert {finding.code for finding in refused.value.findings} == {"condition"}


@pytest.mark.parametrize("id", ["rfm-champions", "Vip", "a b"])
def test_ids_are_slugs_that_no_group_has(id: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_program(_program(id=id))

    assert [finding.code for finding in refused.value.findings] == ["identifier"]


def test_rules_do_not_read_what_only_segments_do() -> None:
    told = 'give: {points: 1, per: "1.00"}, where: member.frequency > 2}'
    document = CAFE_SOL.replace('give: {points: 1, per: "1.00"}}', told)
    assert document != CAFE_SOL

    with pytest.raises(DocumentRefused) as refused:
        read_program(document)

    assert "condition" in {finding.code for finding in refused.value.findings}


def _named(segment: str) -> list[tuple[str, str]]:
    told = f"""
segments:
  - {{id: faithful, where: member.visits > 3}}
rewards:
  - {{id: cake, kind: access, price: {{points: 1}}, where: '"{segment}" in member.segments'}}
"""
    return [(each.code, each.path) for each in read_document(CAFE_SOL + told).warnings]


@pytest.mark.parametrize("segment", ["faithful", *RFM_GROUPS])
def test_segments_that_are_there_can_be_named(segment: str) -> None:
    assert _named(segment) == []


@pytest.mark.parametrize("segment", ["faithfull", "rfm-best", "vip"])
def test_a_segment_that_nobody_can_be_in_is_doubtful(segment: str) -> None:
    assert _named(segment) == [("unknown_segment", "rewards[0].where")]
