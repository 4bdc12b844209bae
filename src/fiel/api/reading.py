"""JSON in: exact numbers, no key twice, no text that the database could not keep."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, JSONDecoder

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.contents.texts import is_keepable

BODY = "body"


def read_json(body: bytes) -> object:
    """Read a JSON document; numbers with a point or an exponent become exact decimals.

    Raises:
        Invalid: it is no JSON in UTF-8, is nested too deeply, names a key twice, or holds a
            number or a text that cannot be kept.
    """
    try:
        text = body.decode()
        value: object = _DECODER.decode(text)
        problems: list[FieldProblem] = []
        # Only an escape can bring what UTF-8 and JSON do not let through as it is.
        if "\\u" in text:
            _check_texts(value, "", problems)
    except UnicodeDecodeError as error:
        raise _malformed(N_("Byte {position} is not UTF-8."), position=error.start) from None
    except _Unreadable as error:
        raise _malformed(error.text, **error.parameters) from None
    except JSONDecodeError as error:
        raise _malformed(
            N_("It is not valid JSON at line {line}, column {column}."),
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _malformed(N_("It is nested too deeply.")) from None
    except (ValueError, InvalidOperation):
        raise _malformed(N_("It holds a number that is too long.")) from None
    if problems:
        raise Invalid(N_("Some fields are not valid."), problems=problems)
    return value


class _Unreadable(Exception):
    def __init__(self, text: str, **parameters: object) -> None:
        super().__init__(text)
        self.text = text
        self.parameters = parameters


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(N_("The key “{key}” stands there twice."), key=_shown(twice))
    return found


def _constant(name: str) -> object:
    raise _Unreadable(N_("{name} is not a number of JSON."), name=name)


_DECODER = JSONDecoder(
    parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_unique, strict=True
)


def _malformed(text: str, **parameters: object) -> Invalid:
    problem = FieldProblem(BODY, "malformed", text, parameters)
    return Invalid(N_("The body could not be read."), problems=[problem])


def _check_texts(value: object, path: str, problems: list[FieldProblem]) -> None:
    if isinstance(value, str):
        _check_text(value, path, problems)
    elif isinstance(value, dict):
        for key, inner in value.items():
            shown = _shown(key)
            inside = f"{path}.{shown}" if path else shown
            _check_text(key, inside, problems)
            _check_texts(inner, inside, problems)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_texts(inner, f"{path}[{index}]", problems)


def _check_text(text: str, path: str, problems: list[FieldProblem]) -> None:
    if not is_keepable(text):
        problems.append(
            FieldProblem(
                path or BODY,
                "characters",
                N_("The text has characters that cannot be kept (NUL or half a surrogate pair)."),
            )
        )


def _shown(text: str) -> str:
    """The text as an answer may show it."""
    return text[:100].encode(errors="replace").decode().replace("\0", "�")
