"""The difference of two documents, in words and in lines."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fiel.domain.document import read_program
from fiel.domain.document.shapes import Plain
from fiel.domain.program import Program
from fiel.programs.difference import differences
from fiel.programs.editing.naming import key_name, value_name
from fiel.programs.words import ToldChange, changes_in_words, title_of

_AROUND = 3  # lines that stand as they were, around what changed
_MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: "+" came, "-" went, "" stays, "@" leaves some out."""

    kind: str
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A document as it was published, or is about to be."""

    source: str
    plain: Mapping[str, Plain]
    program: Program

    @classmethod
    def of_content(cls, source: str, content: str) -> Said:
        """What a kept version says."""
        plain: dict[str, Any] = json.loads(content)
        return cls(source, plain, read_program(content, format="json"))


def in_words(before: Said | None, after: Said, language: str) -> list[ToldChange]:
    """What changed, rule by rule, as it read and as it reads."""
    changes = differences({} if before is None else before.plain, after.plain)
    was = None if before is None else before.program
    told = changes_in_words(changes, before=was, after=after.program, language=language)
    return [_as_forms_call_it(change, after.program, language) for change in told]


def part_name(part: str, identifier: str | None, program: Program, language: str) -> str:
    """What a part of a document that changed is called: a rule by its id, a key as forms do."""
    if identifier is not None:
        return title_of(part, identifier, program, language)
    return key_name((part,), language) or part


def _as_forms_call_it(change: ToldChange, program: Program, language: str) -> ToldChange:
    """A key and its values in the words of the designer's forms, where these ask for it."""
    name = key_name(change.way, language, with_part=not change.thing) if change.way else ""
    if not name:
        return change
    before, after = (
        value_name(change.way, value, program.currency, language)
        for value in (change.before, change.after)
    )
    title = f"{change.thing}: {name}" if change.thing else name
    return replace(change, title=title, before=before, after=after)


def in_lines(before: str, after: str) -> list[Line]:
    """What changed in the text, with some lines around it."""
    return list(_lines(before.splitlines(), after.splitlines()))[:_MOST_LINES]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        yield Line("@", group[0][1] + 1, group[0][3] + 1, "")
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                for place, text in enumerate(old[old_from:old_to]):
                    yield Line("", old_from + place + 1, new_from + place + 1, text)
                continue
            for place in range(old_from, old_to):
                yield Line("-", place + 1, None, old[place])
            for place in range(new_from, new_to):
                yield Line("+", None, place + 1, new[place])
