"""The JSON Schema of program documents, for editors; made from what the parser reads by."""

from __future__ import annotations

from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import JsonSchema


def json_schema() -> JsonSchema:
    """The schema of a whole document, in JSON Schema 2020-12.

    It holds the form of each key; what lies between keys (an id that must exist, a date before
    another) only the parser checks.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:fiel:program",
        "title": "Fiel program",
        "description": PROGRAM.doc,
        **PROGRAM.schema(),
    }
