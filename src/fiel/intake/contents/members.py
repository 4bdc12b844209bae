"""Bodies about members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.base import Body
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.fields import (
    EARLIEST_BIRTHDAY,
    Code,
    Day,
    ExternalId,
    LongText,
    ShortText,
    Source,
    Values,
)
from fiel.members.identity import (
    LONGEST_CARD,
    NotAnEmailAddress,
    NotAPhoneNumber,
    normal_card,
    normal_email,
    normal_phone,
)
from fiel.members.records import Person

Consents = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=50)], bool],
    Field(max_length=50),
]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Phone = Annotated[str, StringConstraints(min_length=3, max_length=40)]
Card = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CARD)]


class MemberBody(Body):
    """A person to enrol."""

    external_id: ExternalId | None = None
    source: Source = ""
    name: LongText = ""
    email: Email | None = None
    phone: Phone | None = None
    card: Card | None = None
    birthday: Day | None = None
    consents: Consents = Field(default_factory=dict)
    attributes: Values = Field(default_factory=dict)
    referred_by: Code | None = None


class MemberPatch(Body):
    """What changes about a member; a null forgets, what is left out stays."""

    external_id: ExternalId | None = None
    name: LongText | None = None
    email: Email | None = None
    phone: Phone | None = None
    card: Card | None = None
    birthday: Day | None = None
    consents: Annotated[dict[ShortText, bool | None], Field(max_length=50)] | None = None
    attributes: Values | None = None


def person_of(body: MemberBody, *, region: str | None, now: datetime) -> Person:
    """The person that a body tells of, with identities in their normal form.

    Raises:
        Invalid: a phone number, an e-mail address or a birthday cannot be.
    """
    told = {name: getattr(body, name) for name in Person.__dataclass_fields__}
    return Person(**_normal(told, region, now.date()))  # type: ignore[arg-type]


def changes_of(body: MemberPatch, *, region: str | None, now: datetime) -> dict[str, object]:
    """The changes that a body tells of: only the fields that it names.

    Raises:
        Invalid: a phone number, an e-mail address or a birthday cannot be.
    """
    told = {name: getattr(body, name) for name in body.model_fields_set}
    return _normal(told, region, now.date())


def _normal(told: Mapping[str, object], region: str | None, today: date) -> dict[str, object]:
    forms: dict[str, Callable[[str], str]] = {
        "phone": lambda text: normal_phone(text, region),
        "email": normal_email,
        "card": normal_card,
    }
    problems: list[FieldProblem] = []
    normal = dict(told)
    for name, form in forms.items():
        value = told.get(name)
        if not isinstance(value, str):
            continue
        try:
            normal[name] = form(value)
        except NotAPhoneNumber:
            text = N_("There is no such phone number; write it with its country, as +34600111222.")
            problems.append(FieldProblem(name, "format", text))
        except NotAnEmailAddress:
            problems.append(FieldProblem(name, "format", N_("It is not an e-mail address.")))
        else:
            if not normal[name]:
                problems.append(FieldProblem(name, "too_short", N_("It cannot be empty.")))
    birthday = told.get("birthday")
    if isinstance(birthday, date):
        _check_birthday(birthday, today, problems)
    if problems:
        raise invalid(problems)
    return normal


def _check_birthday(birthday: date, today: date, problems: list[FieldProblem]) -> None:
    if birthday < EARLIEST_BIRTHDAY:
        text = N_("It cannot be before {day}.")
        problems.append(FieldProblem("birthday", "too_early", text, {"day": EARLIEST_BIRTHDAY}))
    elif birthday > today:
        problems.append(FieldProblem("birthday", "too_late", N_("It cannot be in the future.")))
