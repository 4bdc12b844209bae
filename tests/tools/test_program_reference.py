"""The page about program documents and their schema say what the parser reads."""

import importlib.util
import re
from pathlib import Path

import pytest

from fiel.domain.document import read_document
from fiel.domain.document.reference import records

ROOT = Path(__file__).parents[2]


def load_tool():
    path = ROOT / "tools" / "program_reference.py"
    spec = importlib.util.spec_from_file_location("program_reference_tool", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


tool = load_tool()


def test_the_page_is_up_to_date():
    page = tool.PAGE.read_text("utf-8")
    assert tool.page_with_parts(page) == page, "run python tools/program_reference.py"


def test_the_schema_is_up_to_date():
    assert tool.SCHEMA.read_text("utf-8") == tool.schema_text(), (
        "run python tools/program_reference.py"
    )


@pytest.mark.parametrize("record", records(), ids=lambda record: record.title)
def test_every_key_says_what_it_means(record):
    assert record.doc
    for key in record.keys:
        assert re.fullmatch(r"[A-Z`].*[.:]", key.doc), key.name


def test_the_example_of_the_page_can_be_published():
    (example,) = re.findall(r"```yaml\n(.*?)```", tool.PAGE.read_text("utf-8"), re.DOTALL)
    assert read_document(example).warnings == ()
