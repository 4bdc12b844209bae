"""A small program for the tests to spoil, and what is said about it."""

import pytest

from fiel.domain.document import DocumentRefused, Severity, read_program

HEAD = """\
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, value: "0.01"}
  stamps: {}
"""  # seven lines: what follows starts on line 8

RULE = "earn:\n  - {id: base, event: sale, give: {points: 1, per: '1.00'}}\n"


def findings(source, **options):
    with pytest.raises(DocumentRefused) as refused:
        read_program(source, **options)
    return [finding for finding in refused.value.findings if finding.severity is Severity.ERROR]


def only(source, **options):
    (finding,) = findings(source, **options)
    return finding


def told(finding):
    return (finding.line, finding.path, finding.in_words("en"))
