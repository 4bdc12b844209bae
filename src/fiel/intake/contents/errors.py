"""Pydantic's errors as problems of ours: a dotted field, a stable code, a message id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid

MOST_PROBLEMS = 50

# Pydantic's type of error → our code and message id. What it does not list is "invalid".
TEXTS: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", N_("This field is required.")),
    "extra_forbidden": ("unknown_field", N_("There is no such field.")),
    "string_type": ("type", N_("It must be a text.")),
    "string_unicode": ("characters", N_("The text is not valid Unicode.")),
    "string_too_short": ("too_short", N_("It must have at least {limit} characters.")),
    "string_too_long": ("too_long", N_("It can have at most {limit} characters.")),
    "string_pattern_mismatch": ("format", N_("It does not have the expected form.")),
    "bool_type": ("type", N_("It must be true or false.")),
    "bool_parsing": ("type", N_("It must be true or false.")),
    "int_type": ("type", N_("It must be a whole number.")),
    "int_parsing": ("type", N_("It must be a whole number.")),
    "int_parsing_size": ("too_large", N_("The number is too large.")),
    "int_from_float": ("format", N_("It must be a whole number.")),
    "greater_than_equal": ("too_small", N_("It must be at least {limit}.")),
    "less_than_equal": ("too_large", N_("It can be at most {limit}.")),
    "list_type": ("type", N_("It must be a list.")),
    "dict_type": ("type", N_("It must be an object of names and values.")),
    "model_type": ("type", N_("It must be an object.")),
    "model_attributes_type": ("type", N_("It must be an object.")),
    "too_short": ("too_few", N_("There must be at least {limit}.")),
    "too_long": ("too_many", N_("There can be at most {limit}.")),
    "enum": ("choice", N_("It must be one of: {choices}.")),
    "literal_error": ("choice", N_("It must be one of: {choices}.")),
}
_LIMITS = ("min_length", "max_length", "ge", "le")
_CHOICES = "expected"


def invalid_fields(error: ValidationError) -> Invalid:
    """The refusal that says what pydantic found."""
    details = error.errors(include_url=False, include_input=False)
    return invalid([problem_of(detail) for detail in details[:MOST_PROBLEMS]])


def invalid(problems: Sequence[FieldProblem]) -> Invalid:
    """The refusal of a request some of whose fields are not valid."""
    return Invalid(N_("Some fields are not valid."), problems=problems)


def problem_of(detail: ErrorDetails) -> FieldProblem:
    """One of pydantic's errors as a problem of a field."""
    context = detail.get("ctx", {})
    field = field_name(detail["loc"])
    if "msgid" in context:
        told = {name: value for name, value in context.items() if name != "msgid"}
        return FieldProblem(field, detail["type"], context["msgid"], told)
    code, text = TEXTS.get(detail["type"], ("invalid", N_("The value is not valid.")))
    limits = [context[name] for name in _LIMITS if name in context]
    parameters: dict[str, object] = {"limit": limits[0]} if limits else {}
    if _CHOICES in context:
        parameters["choices"] = context[_CHOICES].replace("'", "").replace(" or ", ", ")
    return FieldProblem(field, code, text, parameters)


def field_name(location: Sequence[str | int]) -> str:
    """Write where a value stands: ("lines", 0, "quantity") is `lines[0].quantity`."""
    written = ""
    for step in location:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += f".{step}" if written else step
    return written or "body"
