"""Forms as pages show them: each question with its fields, filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from babel.numbers import get_currency_symbol
from django.http import QueryDict

from fiel.domain.language import LANGUAGES, say
from fiel.programs.editing import kinds, kinds_of_units
from fiel.programs.editing.kinds import Fields, first
from fiel.programs.editing.kinds_of_time import DURATION_UNITS
from fiel.programs.editing.known import Known
from fiel.programs.editing.naming import entry_name
from fiel.programs.editing.parts import Part, groups_of
from fiel.programs.editing.parts.basics import LANGUAGES as LANGUAGE_NAMES
from fiel.programs.editing.questions import (
    Question,
    Sent,
    Steer,
    applies,
    questions_in,
    shown_answers,
)
from fiel.programs.editing.said import Said, found_at
from fiel.web.console.designer.conditions import builder_of

SHORT_LABEL = 16


@dataclass(frozen=True)
class Option:
    """Something to choose."""

    value: str
    label: str
    is_chosen: bool
    hint: str = ""


@dataclass(frozen=True)
class Input:
    """A field of a question that has several."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class FieldView:
    """A question as a page shows it."""

    name: str
    widget: str
    label: str
    hint: str
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()
    inputs: Sequence[Input] = ()
    others: Sequence[Input] = ()  # further languages
    affix: str = ""
    example: str = ""
    is_more: bool = False
    is_shown: bool = True
    only_if: str = ""
    otherwise: str = ""
    can_show: bool = True
    fault: str = ""
    is_error: bool = True
    builder: str = ""

    @property
    def id(self) -> str:
        """What the label and links call it."""
        return f"q-{self.name}"

    @property
    def is_short(self) -> bool:
        """Whether another field has place beside it."""
        if self.widget == "choice":
            return all(len(option.label) <= SHORT_LABEL for option in self.options)
        return self.widget in ("number", "amount", "level", "day", "span", "day_of_year")


@dataclass(frozen=True)
class GroupView:
    """Questions under one heading."""

    title: str
    hint: str
    is_more: bool
    fields: Sequence[FieldView]

    @property
    def more(self) -> list[FieldView]:
        """What most people never touch."""
        return [view for view in self.fields if view.is_more]

    @property
    def more_is_open(self) -> bool:
        """Whether something of that is wrong, so that it should be seen."""
        return any(view.fault for view in self.more)

    @property
    def is_open(self) -> bool:
        """Whether something in it is filled in or wrong, so that it should be seen."""
        return not self.is_more or any(view.fault for view in self.fields)


def sheet(
    part: Part,
    block: Said,
    known: Known,
    *,
    faults: Mapping[str, tuple[str, bool]],
    sent: Sent | None = None,
) -> list[GroupView]:
    """The groups of a form, filled in from the document, or with what was sent."""
    groups = groups_of(part, known)
    questions = questions_in(groups)
    answers = shown_answers(questions, block, known)
    if sent is not None:
        answers |= {name: first(fields) for name, fields in sent.items() if "" in fields}
    found = []
    for group in groups:
        views = [
            _view(question, questions, block, known, answers, faults, sent)
            for question in group.questions
        ]
        if views:
            title = say(known.language, group.title)
            hint = say(known.language, group.hint) if group.hint else ""
            found.append(GroupView(title, hint, group.is_more, views))
    return found


def unfinished(part: Part, block: Said, known: Known, sent: Sent) -> list[str]:
    """The questions that are asked and whose conditions have a row that says nothing yet."""
    questions = questions_in(groups_of(part, known))
    answers = shown_answers(questions, block, known)
    answers |= {name: first(fields) for name, fields in sent.items() if "" in fields}
    return [
        question.name
        for question in questions
        if isinstance(question.kind, kinds_of_units.Condition)
        and applies(question, answers)
        and question.kind.is_unfinished(sent.get(question.name, {}))
    ]


def sent_by(told: QueryDict) -> dict[str, dict[str, list[str]]]:
    """What a form sent: the fields of each question that it asked, by its name."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in told.getlist("asked")}
    for key in told:
        name, _, sub = key.partition(":")
        if name in found:
            found[name][sub] = [str(value) for value in told.getlist(key)]
    return found


def _view(
    question: Question,
    questions: Sequence[Question],
    block: Said,
    known: Known,
    answers: Mapping[str, str],
    faults: Mapping[str, tuple[str, bool]],
    sent: Sent | None,
) -> FieldView:
    kind, language = question.kind, known.language
    was = found_at(block, question.way)
    does_apply = applies(question, answers)
    fields = sent.get(question.name) if sent else None
    if fields is None:
        fields = (
            question.shown(block, known) if does_apply
            else question.starting(questions, block, known)
        )  # fmt: skip
    fault, is_error = faults.get(question.name, ("", True))
    return FieldView(
        name=question.name,
        widget=kind.widget,
        label=say(language, question.asks, unit=question.about),
        hint=say(language, question.hint) if question.hint else "",
        value=_typed(kind, first(fields), language),
        values={name or "value": _typed(kind, first(fields, name), language) for name in fields},
        options=_options(kind, fields, known),
        inputs=_inputs(question, fields, known, was),
        others=_other_languages(question, fields, known),
        affix=_affix(kind, known),
        example=question.example,
        is_more=question.is_more,
        is_shown=does_apply,
        only_if=json.dumps(question.only_if) if question.only_if else "",
        otherwise=kind.otherwise if isinstance(kind, Steer) else "",
        can_show=kind.can_show(was) or (was is None and isinstance(kind, Steer)),
        fault=fault,
        is_error=is_error,
        builder=_builder(question, fields, block, known),
    )


def _typed(kind: kinds.Kind, text: str, language: str) -> str:
    return kinds.typed_in(language, text) if isinstance(kind, kinds.Numeric) else text


def _options(kind: kinds.Kind, fields: Fields, known: Known) -> list[Option]:
    language, chosen = known.language, list(fields.get("", ()))
    if isinstance(kind, Steer):
        return [
            Option(case.word, say(language, case.label), case.word in chosen) for case in kind.cases
        ]
    if not isinstance(kind, kinds.Choice | kinds.Several):
        return []
    is_named = isinstance(kind, kinds.Named) or (isinstance(kind, kinds.Several) and kind.of)
    of = kind.of if isinstance(kind, kinds.Named | kinds.Several) else ""
    options = [
        Option(word, entry_name(of, word, label, language) if is_named and word not in _also(kind)
               else say(language, label), word in chosen)
        for word, label in kind.options(known)
    ]  # fmt: skip
    words = {option.value for option in options}
    # What the document says and nothing knows is shown all the same.
    options += [Option(word, word, True) for word in chosen if word and word not in words]
    if isinstance(kind, kinds.Choice) and not any(option.is_chosen for option in options):
        options.insert(0, Option("", "…", True))
    return options


def _also(kind: kinds.Kind) -> set[str]:
    return {word for word, _ in kind.also} if isinstance(kind, kinds.Named) else set()


def _inputs(question: Question, fields: Fields, known: Known, was: Said) -> list[Input]:
    kind = question.kind
    match kind:
        case kinds.Prose():
            return [
                Input(known.locale, language_name(known.locale, known), first(fields, known.locale))
            ]
        case kinds_of_units.UnitAmounts():
            return [
                Input(unit, label, _typed(kind, first(fields, unit), known.language))
                for unit, label in kind.rows(was, known)
            ]
        case _ if kind.widget == "span":
            return [Input(word, say(known.language, label), word) for word, label in DURATION_UNITS]
        case _:
            return []


def _other_languages(question: Question, fields: Fields, known: Known) -> list[Input]:
    if not isinstance(question.kind, kinds.Prose):
        return []
    return [
        Input(language, language_name(language, known), first(fields, language))
        for language in LANGUAGES
        if language != known.locale
    ]


def language_name(language: str, known: Known) -> str:
    """A language by its name."""
    return say(known.language, dict(LANGUAGE_NAMES)[language])


def _affix(kind: kinds.Kind, known: Known) -> str:
    if isinstance(kind, kinds.Amount):
        return currency_sign(known)
    if isinstance(kind, kinds.Digits):
        is_money = kind.affix == "currency"
        return currency_sign(known) if is_money else say(known.language, kind.affix or "")
    return ""


def currency_sign(known: Known) -> str:
    """The sign of the document's currency, as the page's language writes it: €."""
    return get_currency_symbol(known.currency, known.language) if known.currency else ""


def _builder(question: Question, fields: Fields, block: Said, known: Known) -> str:
    if not isinstance(question.kind, kinds_of_units.Condition):
        return ""
    return json.dumps(builder_of(question.kind, fields, block, known), ensure_ascii=False)
