"""Questions: how a form asks for the parts of a document, and writes the answers back.

Only what was answered otherwise than it was shown is changed. A question that steers others (what
kind of reward, how a rule gives) takes away what does not go with its new answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import override

from fiel.programs.editing.kinds import Fields, Kind, filled, first
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Said, found_at, with_put, without

# What was sent: the fields of each question, by its name.
type Sent = Mapping[str, Fields]


@dataclass(frozen=True)
class Question:
    """One question about a block. Texts are message ids.

    `only_if` are answers of other questions, by name, with which this one goes; `is_more` is what
    most people never touch.
    """

    way: tuple[str, ...]
    kind: Kind
    asks: str
    hint: str = ""
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_more: bool = False
    example: str = ""
    named: str = ""
    about: str = ""  # what of the document it is about, where the text names it

    @property
    def name(self) -> str:
        """What fields and addresses call it."""
        return self.named or "-".join(self.way)

    def shown(self, block: Said, known: Known) -> Fields:
        """What its fields show of a block."""
        return self.kind.shown(found_at(block, self.way), known)

    def starting(self, questions: Sequence[Question], block: Said, known: Known) -> Fields:
        """What its fields begin with where the answers that it goes with are given first."""
        for steering in questions:
            words = self.only_if.get(steering.name, ())
            if words and isinstance(steering.kind, Steer):
                was = found_at(block, steering.way)
                turned = steering.kind.meant({"": [words[0]]}, was, known)
                return self.shown(_put(block, steering.way, turned), known)
        return self.shown(block, known)


@dataclass(frozen=True)
class Case:
    """One way in which a part can be written: when it is, and how it comes to be."""

    word: str
    label: str
    holds: Callable[[Said], bool]
    turn: Callable[[Said], Said]
    hint: str = ""


@dataclass(frozen=True)
class Steer(Kind):
    """Which of a few ways something is written in; turning to another drops what goes with one."""

    cases: tuple[Case, ...] = ()
    otherwise: str = ""  # what it turns to where the question does not apply any more

    widget = "steer"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        held = [case.word for case in self.cases if case.holds(said)]
        return {"": held[:1]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        wanted = first(fields)
        turn = next((case.turn for case in self.cases if case.word == wanted), None)
        return was if turn is None else turn(was)

    @override
    def can_show(self, said: Said) -> bool:
        return any(case.holds(said) for case in self.cases)


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    title: str
    questions: tuple[Question, ...]
    hint: str = ""
    is_more: bool = False


def questions_in(groups: Sequence[Group]) -> list[Question]:
    """All questions, in their order."""
    return [question for group in groups for question in group.questions]


def applies(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether a question goes with what others were answered."""
    return all(answers.get(name, "") in words for name, words in question.only_if.items())


def answered(questions: Sequence[Question], block: Said, sent: Sent, known: Known) -> Said:
    """A block as the answers say it; the very same where they say nothing new."""
    before = shown_answers(questions, block, known)
    after = {**before, **{name: first(fields) for name, fields in sent.items() if "" in fields}}
    for question in questions:
        was = found_at(block, question.way)
        if not applies(question, after):
            if any(before.get(name) != after.get(name) for name in question.only_if):
                block, after[question.name] = _dropped(question, block, known)
            continue
        fields = sent.get(question.name)
        if fields is None or not question.kind.can_show(was):
            continue
        if not applies(question, before) and not filled(fields):
            continue  # it was not to be seen before, and begins as what it depends on has it
        if question.kind.is_same(fields, was, known):
            continue
        meant = question.kind.meant(fields, was, known)
        block = _put(block, question.way, meant)
    return block


def _dropped(question: Question, block: Said, known: Known) -> tuple[Said, str]:
    """The block without what a question asks for, which does not go with it any more."""
    if not isinstance(question.kind, Steer):
        return _without(block, question.way), ""
    if question.kind.otherwise:
        was = found_at(block, question.way)
        meant = question.kind.meant({"": [question.kind.otherwise]}, was, known)
        if was != meant:
            block = _put(block, question.way, meant)
    return block, question.kind.otherwise


def shown_answers(questions: Sequence[Question], block: Said, known: Known) -> dict[str, str]:
    """What the questions with one field show."""
    found = {}
    for question in questions:
        fields = question.shown(block, known)
        if "" in fields:
            found[question.name] = first(fields)
    return found


def _put(block: Said, way: tuple[str, ...], meant: Said) -> Said:
    if meant is None:
        return _without(block, way) if found_at(block, way) is not None else block
    return with_put(block, way, meant)


def _without(block: Said, way: tuple[str, ...]) -> Said:
    """The block without a part, and without the blocks that it leaves empty."""
    if found_at(block, way) is None:
        return block
    block = without(block, way)
    around = way[:-1]
    return _without(block, around) if around and found_at(block, around) in ({}, []) else block
