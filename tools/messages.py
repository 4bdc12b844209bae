"""Keep the translation catalogues: collect message ids, list what is missing, compile.

    python tools/messages.py update     write every message id of the code into the .po files
    python tools/messages.py missing    list the ids without a translation; exit 1 if there are any
    python tools/messages.py compile    write the .mo files that a release carries

A message id is the argument of `N_`, `N_many`, `say`, `say_many` or gettext's own functions in
Python, and what Django's translation tags hold in templates. One catalogue, `fiel`, holds them all;
compiling writes it for Django's templates as well, under the name that Django looks for.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation.template import templatize

from fiel.domain.language import LANGUAGES
from fiel.domain.messages import LOCALE_FOLDER, SOURCE_LANGUAGE, read_catalogue

SOURCE_FOLDER = LOCALE_FOLDER.parent
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)
TEMPLATE_SUFFIXES = {".html", ".txt"}
# What scripts say: `_("…")`, told to them by the page that they run on.
SCRIPTS = SOURCE_FOLDER.parents[1] / "frontend" / "src"
SAID_BY_SCRIPTS = re.compile(r'\b_\(\s*("(?:[^"\\\n]|\\.)*")')
# The faces speak Spanish and English; whatever else the product says is in Portuguese as well.
FACES = (
    "web/",
    "frontend/",
    # What only pages show of the rooms below them.
    "programs/editing/",
    "programs/fitting/",
    "programs/launching/",
    "insights/member_story/",
    "insights/member_page/",
    "connect/materials/",
    "staff/roles.py",
)
IN_ALL_FACES = frozenset({"es"})
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "N_": None,
    "N_many": (1, 2),
    "_": None,
    "say": (2,),
    "say_many": (2, 3),
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}

type MessageId = str | tuple[str, ...]


def collected(folder: Path = SOURCE_FOLDER) -> Catalog:
    """All message ids of the code and templates under a folder."""
    catalogue = Catalog(domain="fiel", charset="utf-8")
    for path in sorted(folder.rglob("*")):
        if path.suffix != ".py" and path.suffix not in TEMPLATE_SUFFIXES:
            continue
        place = path.relative_to(folder).as_posix()
        for message_id in _ids_of(path):
            catalogue.add(message_id, locations=[(place, 0)])
    if folder == SOURCE_FOLDER:
        _add_scripts(catalogue)
    return catalogue


def _add_scripts(catalogue: Catalog) -> None:
    for path in sorted([*SCRIPTS.rglob("*.ts"), *SCRIPTS.rglob("*.tsx")]):
        place = "frontend/" + path.relative_to(SCRIPTS).as_posix()
        for told in SAID_BY_SCRIPTS.findall(path.read_text(encoding="utf-8")):
            catalogue.add(json.loads(told), locations=[(place, 0)])


def missing(language: str, wanted: Catalog) -> list[MessageId]:
    """The wanted ids that the catalogue of a language does not translate, or only guesses."""
    catalogue = read_catalogue(_source(language), language)
    return [
        cast(MessageId, message.id)
        for message in wanted
        if message.id
        and _is_wanted_in(language, message)
        and not _is_translated(catalogue.get(message.id))
    ]


def _is_wanted_in(language: str, message: Message) -> bool:
    """Whether a language has to have a message: not where only faces say it, and in others."""
    only_faces = all(str(place).startswith(FACES) for place, _ in message.locations)
    return language in IN_ALL_FACES or not only_faces


def update() -> None:
    """Write new ids into the catalogues, and drop those that the code no longer has."""
    wanted = collected()
    for language in TRANSLATED:
        catalogue = read_catalogue(_source(language), language)
        # A guess looks like a translation and is wrong: new ids start empty.
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write_if_changed(catalogue, _source(language))


def compile_all() -> None:
    """Write the compiled catalogues for the code and for Django's templates."""
    for language in TRANSLATED:
        source = _source(language)
        catalogue = read_catalogue(source, language)
        for name in ("fiel.mo", "django.mo"):
            with source.with_name(name).open("wb") as file:
                write_mo(file, catalogue)


def _ids_of(path: Path) -> Iterator[MessageId]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATE_SUFFIXES:
        if not settings.configured:
            settings.configure()
        # What lies between the tags is read as Python's, whose lines mind how they are indented.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.lstrip() for line in lines)
    found = extract("python", BytesIO(text.encode()), keywords=KEYWORDS)
    for _line, message_id, _comments, _context in found:
        yield message_id


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string)


def _source(language: str) -> Path:
    return LOCALE_FOLDER / language / "LC_MESSAGES" / "fiel.po"


def _write_if_changed(catalogue: Catalog, path: Path) -> None:
    written = BytesIO()
    # No line numbers and no date: a catalogue changes when its messages do.
    write_po(
        written, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False
    )
    text = HEADER.format(language=catalogue.locale).encode() + written.getvalue()
    if path.read_bytes() != text:
        path.write_bytes(text)


HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; the exit code says whether anything is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("command", choices=("update", "missing", "compile"))
    command = parser.parse_args(arguments).command
    if command == "compile":
        compile_all()
        return 0
    if command == "update":
        update()
    wanted = collected()
    gaps = [(language, gap) for language in TRANSLATED for gap in missing(language, wanted)]
    for language, gap in gaps:
        print(f"{language}: {gap!r}")
    return 1 if command == "missing" and gaps else 0


if __name__ == "__main__":
    sys.exit(main())
