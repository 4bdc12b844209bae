"""How values are written: as the documents that people know write them."""

from __future__ import annotations

import json
import re

from fiel.programs.editing.said import Number, Said

WIDEST_INLINE = 88

_PLAIN = re.compile(r"[^\W\d_][\w .%€/+]*(-[\w.%€/+]+)*[\w .%€/+]*|\d{4}-\d{2}-\d{2}|\d+ [a-z]+")
_NOT_PLAIN = re.compile(
    r"(?i)~|null|true|false|yes|no|on|off|y|n|[-+]?(\.inf|\.nan|\d.*)?|.*[ ]|.*[ ]#.*"
)
_DURATION_OR_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d+ [a-z]+")


def inline(value: Said, *, as_json: bool = False) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        entries = [
            f"{json.dumps(key, ensure_ascii=False) if as_json else word(key)}: "
            f"{inline(each, as_json=as_json)}"
            for key, each in value.items()
        ]
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(each, as_json=as_json) for each in value) + "]"
    return scalar(value, as_json=as_json)


def scalar(value: str | Number | bool | None, *, as_json: bool = False, quote: str = "") -> str:
    """A single value; a text in the quotes that it had, if it had any."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    if as_json:
        return json.dumps(value, ensure_ascii=False)
    return word(value, quote=quote)


def word(text: str, *, quote: str = "") -> str:
    """A text of YAML: plain where nothing can be misread, else in quotes."""
    if quote == "" and _is_plain(text):
        return text
    is_on_one_line = text.isprintable()
    if is_on_one_line and (quote == "'" or (quote == "" and '"' in text)):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def wants_lines(value: Said) -> bool:
    """Whether a value is easier to read on lines of its own than on one."""
    if isinstance(value, dict):
        return any(_has_parts(each) for each in value.values()) or _is_wide(value)
    if isinstance(value, list):
        return any(isinstance(each, dict | list) for each in value) or _is_wide(value)
    return False


def lines(value: Said, column: int) -> list[str]:
    """The lines of a block or list that stands on lines of its own, from a column on."""
    indent = " " * column
    if isinstance(value, dict) and value:
        return [line for key, each in value.items() for line in entry_lines(key, each, column)]
    if isinstance(value, list) and value:
        return [line for each in value for line in item_lines(each, column)]
    return [indent + inline(value)]


def entry_lines(key: str, value: Said, column: int) -> list[str]:
    """The lines of a key and its value."""
    indent = " " * column
    if wants_lines(value):
        return [f"{indent}{word(key)}:", *lines(value, column + 2)]
    return [f"{indent}{word(key)}: {inline(value)}"]


def item_lines(value: Said, column: int) -> list[str]:
    """The lines of an entry of a list, from its dash on."""
    indent = " " * column
    if isinstance(value, dict | list) and value:
        inner = lines(value, column + 2)
        return [f"{indent}- {inner[0].lstrip()}", *inner[1:]]
    return [f"{indent}- {inline(value)}"]


def _is_plain(text: str) -> bool:
    if _DURATION_OR_DAY.fullmatch(text):
        return True
    return bool(_PLAIN.fullmatch(text)) and not _NOT_PLAIN.fullmatch(text)


def _has_parts(value: Said) -> bool:
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and any(isinstance(each, dict | list) for each in value)


def _is_wide(value: Said) -> bool:
    return len(inline(value)) > WIDEST_INLINE
