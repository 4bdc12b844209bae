"""The translation catalogues: English message ids and what they are in other languages."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
SOURCE_LANGUAGE = "en"

# A message id leads to its text; one with a plural leads to its singular and plural text.
type Translations = dict[str, str | tuple[str, ...]]


@cache
def translations(language: str) -> Translations:
    """What each message id is in a language; empty for the language the ids are written in.

    The compiled catalogue is read when it is there and no older than its source; otherwise the
    source itself, so that nothing depends on a build step.
    """
    if language == SOURCE_LANGUAGE:
        return {}
    folder = LOCALE_FOLDER / language / "LC_MESSAGES"
    source, compiled = folder / "fiel.po", folder / "fiel.mo"
    if compiled.exists() and not _is_older(compiled, source):
        return _from_compiled(compiled)
    return translated(read_catalogue(source, language)) if source.exists() else {}


def read_catalogue(source: Path, language: str) -> Catalog:
    """Read a .po file."""
    with source.open("rb") as file:
        return read_po(file, locale=language, domain="fiel")


def translated(catalogue: Catalog) -> Translations:
    """The messages of a catalogue that have a translation which somebody has looked at."""
    found: Translations = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            if message.string:
                found[message.id] = str(message.string)
        elif message.string and all(message.string):
            found[message.id[0]] = tuple(message.string)
    return found


def _is_older(compiled: Path, source: Path) -> bool:
    return source.exists() and compiled.stat().st_mtime < source.stat().st_mtime


def _from_compiled(compiled: Path) -> Translations:
    with compiled.open("rb") as file:
        catalogue = GNUTranslations(file)
    # The standard library offers no public way to list what a catalogue holds.
    entries: dict[str | tuple[str, int], str] = catalogue._catalog  # type: ignore[attr-defined]
    found: Translations = {}
    for key, text in entries.items():
        if isinstance(key, str):
            if key:
                found[key] = text
        else:
            earlier = found.get(key[0], ())
            assert isinstance(earlier, tuple), "a message id has a plural or has none"
            # A catalogue lists the forms of a message in order of their numbers.
            found[key[0]] = (*earlier, text)
    return found
