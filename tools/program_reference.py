"""Write what docs/ says about program documents: the generated parts of a page, and the schema.

    python tools/program_reference.py

What stands between the markers is replaced; the rest of the page is written by people.
"""

from __future__ import annotations

import json
from pathlib import Path

from fiel.domain.document import json_schema
from fiel.domain.document.reference import conditions_reference, keys_reference

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "program.md"
SCHEMA = DOCS / "program.schema.json"
PARTS = {"keys": keys_reference, "conditions": conditions_reference}


def page_with_parts(page: str) -> str:
    """The page with its generated parts as they are now."""
    for name, written in PARTS.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        assert end in rest, f"the page has no place for {name}"
        page = f"{before}{start}{written()}{end}{rest.partition(end)[2]}"
    return page


def schema_text() -> str:
    """The JSON Schema of documents, as a file that editors can be pointed at."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page_with_parts(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(schema_text(), encoding="utf-8")
