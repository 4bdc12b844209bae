"""Whatever is sent for a document, the answer is a program or a refusal, and soon."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fiel.domain.document import DocumentRefused, read_program

SOURCE = Path(__file__).with_name("cafe-sol.yaml").read_text(encoding="utf-8")
FORMATS = st.sampled_from(["yaml", "json"])

# What YAML gives a meaning to, in any order.
SIGNS = st.text(
    alphabet=st.sampled_from(list("[]{},:-?&*!|>'\"%@`#\\ \n\t~.0123ax\ufeff\x00\u2028\ud800"))
)


def answered(source, *, format):
    """A refusal, with its place, or a program; anything else fails the test."""
    try:
        read_program(source, format=format)
    except DocumentRefused as refused:
        findings = refused.findings
    else:
        return
    assert findings
    assert all(finding.line >= 1 and finding.column >= 1 for finding in findings)
    assert all(finding.in_words("es") for finding in findings)


@given(st.text() | SIGNS, FORMATS)
@example("a: %YAML 9.9\n---\n", "yaml")
@example("%YAML 99999999999999999999.1\n---\na: 1", "yaml")
@example('"\\UFFFFFFFF"', "yaml")
@example("a: &a\n  b: *a\n", "yaml")
@example("<<: {a: 1}\n", "yaml")
@example("1e999999999", "json")
def test_any_text_is_read_or_refused(source, format):
    answered(source, format=format)


@given(st.binary(), FORMATS)
def test_any_bytes_are_read_or_refused(source, format):
    answered(source, format=format)


@settings(max_examples=150)
@given(st.data())
def test_a_program_with_a_piece_torn_out_or_replaced_is_read_or_refused(data):
    start = data.draw(st.integers(0, len(SOURCE)))
    end = data.draw(st.integers(start, min(len(SOURCE), start + 40)))
    piece = data.draw(st.text(max_size=8) | SIGNS | st.sampled_from(["null", "1e99", "[]", "{}"]))
    answered(SOURCE[:start] + piece + SOURCE[end:], format="yaml")


@pytest.mark.parametrize("value", ["null", "true", "-1", "1e30", "0.5", "[]", "{}", "x", "'1'"])
def test_any_value_at_any_key_is_read_or_refused(value):
    import json

    from fiel.domain.document import canonical

    plain = canonical(SOURCE)
    marker = "@here@"

    def places(node, replaced):
        """The document with each of its values in turn replaced."""
        children = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in list(children):
            node[key] = replaced
            yield
            node[key] = child
            if isinstance(child, dict | list):
                yield from places(child, replaced)

    count = 0
    for _ in places(plain, marker):
        source = json.dumps(plain).replace(f'"{marker}"', value.replace("'", '"'))
        answered(source, format="json" if value != "x" else "yaml")
        count += 1
        if value == "x" and count > 40:
            break  # YAML is slower to read
    assert count > 40


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "{",
        "- ",
        "a: ",
        "? ",
        "'",
        '"',
        "&a ",
        "*a ",
        "!",
        "#",
        "\n",
        "a",
        "|\n",
        "{a: ",
        "[a,",
    ],
)
def test_a_long_row_of_one_sign_is_refused_soon(piece):
    source = (piece * 200_000)[:200_000]
    started = time.monotonic()
    answered(source, format="yaml")
    answered(source, format="json")
    assert time.monotonic() - started < 20
