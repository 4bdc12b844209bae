"""How single parts of a document are shown in fields of a form, and what was typed into them means.

A kind knows two ways: `shown`, from the document to fields, and `meant`, back. Where the fields say
what they showed, nothing is changed, whatever notation stands in the document.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, override

from babel.numbers import get_decimal_symbol

from fiel.domain.language import LANGUAGES
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Number, Said

# The fields of a question by their names within it ("" where it has only one), with their values.
type Fields = Mapping[str, Sequence[str]]

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")


class Kind(ABC):
    """How a part of a document is shown in fields and read from them."""

    widget: ClassVar[str] = "text"

    @abstractmethod
    def shown(self, said: Said, known: Known) -> Fields:
        """What the fields show."""

    @abstractmethod
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        """What the fields say; None where they say nothing."""

    def can_show(self, said: Said) -> bool:
        """Whether the fields can show what stands in the document."""
        return not isinstance(said, dict | list)

    def is_same(self, fields: Fields, was: Said, known: Known) -> bool:
        """Whether the fields say what the document does."""
        return filled(fields) == filled(self.shown(was, known))


def first(fields: Fields, name: str = "") -> str:
    """The first value of a field; empty where it was not sent."""
    values = fields.get(name) or [""]
    return values[0]


def filled(fields: Fields) -> dict[str, list[str]]:
    """The fields in which anything stands; browsers end lines in their own way."""
    found = {
        name: [value.replace("\r\n", "\n").strip() for value in values]
        for name, values in fields.items()
    }
    return {name: values for name, values in found.items() if any(values)}


def text_of(said: Said) -> str:
    """A single value as it is typed."""
    if isinstance(said, Number):
        return said.text
    if isinstance(said, bool):
        return "true" if said else "false"
    return said if isinstance(said, str) else ""


def digits_of(typed: str) -> str:
    """A number as documents write it: `10,50` and `1.200,50` lose their comma."""
    typed = typed.strip().replace(" ", "").replace("\xa0", "")
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(".", "")
    return typed.replace(",", ".")


def typed_in(language: str, digits: str) -> str:
    """A number of a document as people of a language type it: `10.50` as `10,50`."""
    if not _NUMBER.fullmatch(digits):
        return digits
    return digits.replace(".", get_decimal_symbol(language))


class Numeric(Kind):
    """A kind whose fields are numbers: the mark of their decimals does not matter."""

    @override
    def is_same(self, fields: Fields, was: Said, known: Known) -> bool:
        return _as_digits(fields) == _as_digits(self.shown(was, known))


def _as_digits(fields: Fields) -> dict[str, list[str]]:
    return {name: [*map(digits_of, values)] for name, values in filled(fields).items()}


@dataclass(frozen=True)
class Word(Kind):
    """A text on one line."""

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"": [text_of(said)]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        return first(fields).strip() or None


@dataclass(frozen=True)
class Prose(Kind):
    """A text that people read, in one language or several."""

    widget = "prose"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        if isinstance(said, dict):
            return {language: [text_of(said.get(language))] for language in LANGUAGES}
        return {known.locale: [text_of(said)]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        texts: dict[str, Said] = {
            language: text for language in LANGUAGES if (text := first(fields, language).strip())
        }
        kept = {key: each for key, each in was.items() if key not in LANGUAGES} if isinstance(
            was, dict) else {}  # fmt: skip
        if not texts and not kept:
            return None
        if not isinstance(was, dict) and set(texts) == {known.locale}:
            return texts[known.locale]
        return {**texts, **kept}

    @override
    def can_show(self, said: Said) -> bool:
        return not isinstance(said, list)


@dataclass(frozen=True)
class Choice(Word):
    """One of a few words, each with what it means to people."""

    words: tuple[tuple[str, str], ...]  # the word and its label
    default: str = ""

    widget = "choice"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"": [text_of(said) or self.default]}

    def options(self, known: Known) -> Sequence[tuple[str, str]]:  # noqa: ARG002
        """The words that can be chosen, with their labels."""
        return self.words


@dataclass(frozen=True)
class Named(Choice):
    """The id of something else in the document."""

    words: tuple[tuple[str, str], ...] = ()
    of: str = "units"
    also: tuple[tuple[str, str], ...] = ()

    widget = "choice"

    @override
    def options(self, known: Known) -> Sequence[tuple[str, str]]:
        return [*self.also, *known.named(self.of)]


@dataclass(frozen=True)
class Several(Kind):
    """Some of a few words: days of the week, ids of rules."""

    words: tuple[tuple[str, str], ...] = ()
    default: tuple[str, ...] = ()
    of: str = ""
    is_compact: bool = False

    widget = "several"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        chosen = [text_of(each) for each in said] if isinstance(said, list) else [*self.default]
        return {"": sorted(chosen, key=self._order(known))}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        chosen = sorted((each for each in fields.get("", ()) if each), key=self._order(known))
        return [*chosen] or None

    @override
    def can_show(self, said: Said) -> bool:
        return said is None or isinstance(said, list)

    def options(self, known: Known) -> Sequence[tuple[str, str]]:
        """The words that can be chosen, with their labels."""
        return known.named(self.of) if self.of else self.words

    def _order(self, known: Known) -> Order:
        return Order(tuple(word for word, _ in self.options(known)))


@dataclass(frozen=True)
class Order:
    """Words in the order of a list, others after them."""

    words: tuple[str, ...]

    def __call__(self, word: str) -> tuple[int, str]:
        """The place of a word."""
        return (self.words.index(word) if word in self.words else len(self.words), word)


@dataclass(frozen=True)
class Amount(Numeric, Word):
    """An amount of money."""

    widget = "amount"

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        typed = digits_of(first(fields))
        if isinstance(was, Number) and _NUMBER.fullmatch(typed):
            return Number(typed)
        return typed or None


@dataclass(frozen=True)
class Digits(Numeric):
    """A number."""

    affix: str = ""  # what stands behind it: "%", a message id
    default: str = ""

    widget = "number"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"": [text_of(said) or self.default]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        return number_meant(first(fields), was)


def number_meant(typed: str, was: Said) -> Said:
    """A number that was typed, as text where the document had it so; None where nothing was."""
    typed = digits_of(typed)
    if not _NUMBER.fullmatch(typed):
        return typed or None
    return typed if isinstance(was, str) else Number(typed)


@dataclass(frozen=True)
class Counted(Numeric, Word):
    """A number that counts money where spend counts, else whole things."""

    steering: str = "of"  # the key that says what counts

    widget = "level"

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        typed = digits_of(first(fields))
        if "." in typed and not isinstance(was, Number):
            return typed
        return number_meant(typed, was)


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no; left out, no."""

    widget = "flag"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"": ["on"]} if said is True else {}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        if first(fields):
            return True
        return None if was is None else False

    @override
    def can_show(self, said: Said) -> bool:
        return said is None or isinstance(said, bool)


@dataclass(frozen=True)
class Lines(Kind):
    """Texts, each on a line of its own."""

    widget = "lines"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        return {"": ["\n".join(map(text_of, said)) if isinstance(said, list) else ""]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        return [line.strip() for line in first(fields).splitlines() if line.strip()] or None

    @override
    def can_show(self, said: Said) -> bool:
        return said is None or isinstance(said, list)


@dataclass(frozen=True)
class Zone(Word):
    """A time zone."""

    widget = "zone"


@dataclass(frozen=True)
class CurrencyWord(Word):
    """A currency by its code."""

    widget = "currency"

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        return first(fields).strip().upper() or None


@dataclass(frozen=True)
class Icon(Word):
    """A character or the address of a picture."""

    widget = "icon"
