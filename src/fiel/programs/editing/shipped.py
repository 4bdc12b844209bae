"""Names that samples and models bring in every language, and what of them an owner leaves.

A form shows the name in the program's language; its translations are folded away. Whoever calls
"A free coffee" something else means all of it: the translations that came along would go on to say
what nobody meant. Translations of the owner's own stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from fiel.domain.language import LANGUAGES
from fiel.programs.editing.kinds import Prose
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts import PARTS, start_of
from fiel.programs.editing.questions import Question
from fiel.programs.editing.said import Said, found_at, with_put, without
from fiel.programs.editing.written import Written
from fiel.programs.fitting.words import is_fitted_name
from fiel.programs.starting_points import starting_points

type _Names = tuple[str, ...]


def without_shipped_names(
    questions: Sequence[Question], before: Said, after: Said, known: Known
) -> Said:
    """The answers of a form, less the translations of names that were left for others."""
    for question in questions:
        if not isinstance(question.kind, Prose):
            continue
        was, now = found_at(before, question.way), found_at(after, question.way)
        if was == now or not isinstance(was, dict) or not isinstance(now, dict):
            continue
        if not is_shipped(was):
            continue
        own = {
            language: text
            for language, text in now.items()
            if language == known.locale or text != was.get(language)
        }
        if not own:  # the name was emptied
            after = without(after, question.way)
            continue
        alone = [*own] == [known.locale]
        after = with_put(after, question.way, own[known.locale] if alone else own)
    return after


def is_shipped(names: Mapping[str, Said]) -> bool:
    """Whether a name stands as a sample or a model brought it, in all languages."""
    texts = {language: text for language, text in names.items() if isinstance(text, str)}
    if set(texts) != set(LANGUAGES):
        return False
    return _in_order(texts) in _shipped() or is_fitted_name(texts)


@cache
def _shipped() -> frozenset[_Names]:
    """The names of all samples and models."""
    known = Known(currency="EUR", in_a_year="2000-01-01")
    blocks: list[Said] = []
    for part in PARTS.values():
        blocks += [dict(sample.make(known)) for sample in part.samples]
        blocks.append(dict(start_of(part, known) or {}))
    blocks += [Written(point.source).said for point in starting_points()]
    return frozenset(names for block in blocks for names in _names_in(block))


def _names_in(said: Said) -> Iterator[_Names]:
    if isinstance(said, dict):
        texts = {key: each for key, each in said.items() if isinstance(each, str)}
        if set(said) == set(texts) == set(LANGUAGES):
            yield _in_order(texts)
        for each in said.values():
            yield from _names_in(each)
    elif isinstance(said, list):
        for each in said:
            yield from _names_in(each)


def _in_order(texts: Mapping[str, str]) -> _Names:
    return tuple(texts[language] for language in LANGUAGES)
