"""Contents of files, read by the models that read the bodies of requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from fiel.connect.importing.cells import flag
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.contents.errors import invalid, invalid_fields
from fiel.intake.contents.fields import read_time
from fiel.intake.contents.members import MemberBody, person_of
from fiel.intake.contents.returns import NamedReturnBody
from fiel.intake.contents.sales import SaleBody
from fiel.members.identity import region_of_zone
from fiel.members.records import Person

# The fields that a file answers with a word of its own language.
_YES_OR_NO = ("consents.", "full.")


@dataclass(frozen=True, slots=True)
class MemberContent:
    """A member's content, read."""

    person: Person
    source: str = ""
    referred_by: str | None = None
    joined_at: datetime | None = None


def read_sale(content: Mapping[str, object]) -> SaleBody:
    """Read a sale's content as the API reads it.

    Raises:
        Invalid: names the fields that are wrong.
    """
    try:
        return SaleBody.model_validate(content)
    except ValidationError as error:
        raise invalid_fields(error) from None


def read_return(content: Mapping[str, object]) -> NamedReturnBody:
    """Read a return's content as the API reads it; what files write as text is put right first.

    Raises:
        Invalid: names the fields that are wrong.
    """
    told = dict(content)
    if "full" in told:
        told["full"] = flag(str(told["full"])) or None
    lines = told.get("lines")
    if isinstance(lines, list):
        told["lines"] = [{**line, "line": _whole(line.get("line"))} for line in lines]
    try:
        return NamedReturnBody.model_validate(told)
    except ValidationError as error:
        raise _in_words_of_files(invalid_fields(error)) from None


def _whole(cell: object) -> object:
    text = str(cell)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else cell


def read_member(content: Mapping[str, object], program: Program, now: datetime) -> MemberContent:
    """Read a member's content as the API reads it; files also know since when.

    Raises:
        Invalid: names the fields that are wrong.
    """
    told = dict(content)
    joined = told.pop("joined_at", None)
    try:
        body = MemberBody.model_validate(told)
    except ValidationError as error:
        raise _in_words_of_files(invalid_fields(error)) from None
    person = person_of(body, region=region_of_zone(program.timezone.key), now=now)
    return MemberContent(person, body.source, body.referred_by, _read_joined(joined))


def _in_words_of_files(refusal: Invalid) -> Invalid:
    """The refusal, where a file's yes or no is not called true or false."""
    return invalid(
        [
            replace(problem, text=N_("Write yes or no."))
            if problem.code == "type" and (problem.field + ".").startswith(_YES_OR_NO)
            else problem
            for problem in refusal.problems
        ]
    )


def _read_joined(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return read_time(value)
    except PydanticCustomError as error:
        context = dict(error.context or {})
        text = str(context.pop("msgid"))
        raise invalid([FieldProblem("joined_at", error.type, text, context)]) from None
