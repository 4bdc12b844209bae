"""What is no YAML or JSON of ours is refused where reading stops."""

import pytest

from fiel.domain.document import read_program
from tests.domain.document.faults import HEAD, findings, only


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("", "empty", 1),
        ("# nothing but a remark\n", "empty", 1),
        ("program: [a\nname: b", "syntax", 2),
        ("program: cafe\n\tname: x", "syntax", 2),
        ("program: cafe\n---\nprogram: sol\n", "second_document", 2),
        ("program: !!python/object:os.system x\n", "tag", 1),
        ("? [a, b]\n: c\n", "key", 1),
        ("name: *nowhere\n", "unknown_alias", 1),
        ("- " * 40 + "x", "too_deep", 1),
        ("[" * 5000, "too_deep", 1),
        ('name: "\\0"', "character", 1),
        ('a: 1\nname: "\\ud800"', "character", 2),
        ("x" * 600_000, "too_large", 1),
        (b"program: caf\xe9\n", "encoding", 1),
        (b"program: cafe\nname: Caf\xe9\n", "encoding", 2),
    ],
)
def test_what_is_no_yaml_of_ours_is_refused_where_it_stops(source, code, line):
    found = only(source)
    assert (found.code, found.line) == (code, line)


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        ("", "syntax", 1, 1),
        ('{"program": "cafe"', "syntax", 1, 19),
        ('{\n  "program": cafe\n}', "syntax", 2, 14),
        ('{"a": 01}', "syntax", 1, 8),
        ('{"a": NaN}', "syntax", 1, 7),
        ('{"a": 1,}', "syntax", 1, 9),
        ("{'a': 1}", "syntax", 1, 2),
        ('{"a": 1} {"b": 2}', "syntax", 1, 10),
        ('{"a": "\\ud800"}', "character", 1, 7),
        ("[" * 100_000, "too_deep", 1, 26),
    ],
)
def test_what_is_no_json_is_refused_where_it_stops(source, code, line, column):
    found = only(source, format="json")
    assert (found.code, found.line, found.column) == (code, line, column)


def test_a_key_twice_in_json_is_refused():
    found = findings('{"name": "a",\n "name": "b"}', format="json")
    assert ("duplicate_key", 2) in [(finding.code, finding.line) for finding in found]


def test_an_alias_bomb_is_refused():
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert only("\n".join(layers)).code == "too_large"


def test_what_is_written_once_can_be_named_twice():
    source = HEAD + (
        "earn:\n"
        "  - {id: base, event: sale, give: {points: 1, per: 1}}\n"
        "  - {id: a, event: sale, multiply: 2, when: &nov {from: 2026-11-01, to: 2026-11-30}}\n"
        "  - {id: b, event: sale, multiply: 3, when: *nov}\n"
    )
    _base, first, second = read_program(source).earn
    assert first.when == second.when
