"""The program document: YAML or JSON that people write, checked and read into a `Program`."""

from fiel.domain.document.findings import DocumentRefused, Finding, Severity
from fiel.domain.document.read import Document, Format, canonical, read_document, read_program
from fiel.domain.document.schema import json_schema

__all__ = [
    "Document",
    "DocumentRefused",
    "Finding",
    "Format",
    "Severity",
    "canonical",
    "json_schema",
    "read_document",
    "read_program",
]
