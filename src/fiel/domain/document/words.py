"""Single words of documents: texts, ids, choices, currencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import override

from fiel.domain.document.nodes import Block, Scalar, ScalarKind
from fiel.domain.document.reading import Cursor, Named, Unreadable
from fiel.domain.document.shapes import JsonSchema, Read, Shape, kind_of, unique_entries
from fiel.domain.language import LANGUAGES, N_
from fiel.domain.money import Currency, UnknownCurrency, currency


def word_at(cursor: Cursor) -> str:
    """The text that is expected here.

    Raises:
        Unreadable: something else stands here.
    """
    node = cursor.node
    if isinstance(node, Scalar) and node.kind is ScalarKind.TEXT:
        return node.text
    if isinstance(node, Scalar) and node.kind is not ScalarKind.NULL:
        raise cursor.refuse(
            "type",
            N_("A text is expected here, not {found}."),
            N_('Put it in quotes: "{value}".'),
            found=kind_of(node),
            value=node.text,
        )
    raise cursor.refuse(
        "type",
        N_("A text is expected here, not {found}."),
        N_("Write a text after the key."),
        found=kind_of(node),
    )


@dataclass(frozen=True)
class Text(Shape[str]):
    """Any text up to a length."""

    longest: int = 200

    @override
    def read(self, cursor: Cursor) -> Read[str]:
        text = word_at(cursor).strip()
        if not 1 <= len(text) <= self.longest:
            raise cursor.refuse(
                "text_length",
                N_("The text must have from 1 to {longest} characters; it has {count}."),
                longest=self.longest,
                count=len(text),
            )
        return text, text

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    @override
    def words(self) -> str:
        return "a text"


@dataclass(frozen=True)
class Identifier(Shape[str]):
    """A name that other parts of the document and the outside refer to."""

    pattern: str = r"^[^\W_][\w.-]{0,62}$"
    rule: str = N_(
        "Use letters, digits, “-”, “_” and “.”, up to 63, starting with a letter or digit."
    )
    reserved: frozenset[str] = frozenset()

    @override
    def read(self, cursor: Cursor) -> Read[str]:
        text = word_at(cursor)
        if len(text) > 63 or not re.fullmatch(self.pattern, text):
            raise cursor.refuse(
                "identifier",
                N_("“{name}” cannot be an id."),
                self.rule,
                name=text[:80],
            )
        if text in self.reserved:
            raise cursor.refuse(
                "reserved",
                N_("“{name}” has a meaning of its own and cannot be an id here."),
                N_("Choose another id."),
                name=text,
            )
        return text, text

    @override
    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "string", "pattern": self.pattern, "maxLength": 63}
        if self.reserved:
            schema["not"] = {"enum": sorted(self.reserved)}
        return schema

    @override
    def words(self) -> str:
        return "an id"


SLUG = Identifier(
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    N_("Use lower-case letters a–z, digits and “-” between them, up to 63."),
)


@dataclass(frozen=True)
class Reference(Shape[str]):
    """The id of something else in the document."""

    named: Named
    also: tuple[str, ...] = ()

    @override
    def read(self, cursor: Cursor) -> Read[str]:
        text = word_at(cursor)
        known = cursor.reading.names.get(self.named, ())
        if text not in known and text not in self.also:
            raise cursor.unknown(
                f"unknown_{self.named}", _NO_SUCH[self.named], text, (*known, *self.also)
            )
        return text, text

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string"}

    @override
    def words(self) -> str:
        words = [*(f"`{word}`" for word in self.also), f"the id of a {self.named}"]
        return " or ".join(words)


_NO_SUCH = {
    Named.UNIT: N_("There is no unit “{name}”."),
    Named.RULE: N_("There is no earning rule “{name}”."),
    Named.TIER: N_("There is no tier “{name}”."),
    Named.REWARD: N_("There is no reward “{name}”."),
    Named.BADGE: N_("There is no badge “{name}”."),
}


NO_SUCH_WORD = N_("“{name}” is not one of the words that can stand here.")


@dataclass(frozen=True)
class Choice[E: StrEnum](Shape[E]):
    """One of a few words."""

    words_of: type[E]

    @override
    def read(self, cursor: Cursor) -> Read[E]:
        text = word_at(cursor)
        try:
            chosen = self.words_of(text)
        except ValueError:
            raise cursor.unknown(
                "choice", NO_SUCH_WORD, text, [str(word) for word in self.words_of]
            ) from None
        return chosen, str(chosen)

    @override
    def schema(self) -> JsonSchema:
        return {"enum": [str(word) for word in self.words_of]}

    @override
    def words(self) -> str:
        return " or ".join(f"`{word}`" for word in self.words_of)


@dataclass(frozen=True)
class Flag(Shape[bool]):
    """Yes or no."""

    @override
    def read(self, cursor: Cursor) -> Read[bool]:
        node = cursor.node
        if not isinstance(node, Scalar) or node.kind is not ScalarKind.BOOLEAN:
            raise cursor.refuse(
                "type",
                N_("True or false is expected here, not {found}."),
                N_("Write true or false, without quotes."),
                found=kind_of(node),
            )
        value = node.text.lower() == "true"
        return value, value

    @override
    def schema(self) -> JsonSchema:
        return {"type": "boolean"}

    @override
    def words(self) -> str:
        return "`true` or `false`"


@dataclass(frozen=True)
class TextsIn(Shape[Mapping[str, str]]):
    """A text, or the text in several languages."""

    longest: int = 200

    @override
    def read(self, cursor: Cursor) -> Read[Mapping[str, str]]:
        text = Text(self.longest)
        if not isinstance(cursor.node, Block):
            value, plain = text.read(cursor)
            return {cursor.reading.locale: value}, {cursor.reading.locale: plain}
        texts: dict[str, str] = {}
        failed = not cursor.node.entries
        for name, node in unique_entries(cursor, cursor.node):
            at = cursor.child(name.text, node)
            if name.text not in LANGUAGES:
                Cursor(name, cursor.reading, at.path, cursor).unknown(
                    "unknown_language", N_("“{name}” is no language here."), name.text, LANGUAGES
                )
                failed = True
                continue
            try:
                texts[name.text] = text.read(at)[0]
            except Unreadable:
                failed = True
        if not cursor.node.entries:
            cursor.refuse(
                "empty", N_("A text is missing here."), N_("Add it in at least one language.")
            )
        if failed:
            raise Unreadable
        return texts, {language: texts[language] for language in LANGUAGES if language in texts}

    @override
    def schema(self) -> JsonSchema:
        text = Text(self.longest).schema()
        by_language = {
            "type": "object",
            "properties": dict.fromkeys(LANGUAGES, text),
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [text, by_language]}

    @override
    def words(self) -> str:
        languages = ", ".join(f"{language}: …" for language in LANGUAGES)
        return f"a text, or one for each language: `{{{languages}}}`"


@dataclass(frozen=True)
class CurrencyCode(Shape[Currency]):
    """A currency by its code."""

    @override
    def read(self, cursor: Cursor) -> Read[Currency]:
        text = word_at(cursor)
        try:
            if not re.fullmatch("[A-Z]{3}", text):
                raise UnknownCurrency(text)
            return currency(text), text
        except UnknownCurrency:
            raise cursor.refuse(
                "currency",
                N_("“{found}” is no currency."),
                N_("Write its code of ISO 4217, like EUR, MXN or CLP."),
                found=text[:60],
            ) from None

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}

    @override
    def words(self) -> str:
        return "an ISO 4217 code like `EUR`"


class Language(StrEnum):
    """The languages that a program can be written in."""

    ES = "es"
    EN = "en"
    PT = "pt"
