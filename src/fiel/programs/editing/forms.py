"""Forms over a document: its parts and entries, and everything that is done to them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from fiel.domain.document.findings import Finding
from fiel.domain.language import say
from fiel.programs.editing.known import Known, name_of
from fiel.programs.editing.naming import sample_title
from fiel.programs.editing.parts import Manner, Part, Sample, groups_of, start_of
from fiel.programs.editing.parts.basics import BASICS
from fiel.programs.editing.parts.measuring import AIMS
from fiel.programs.editing.questions import Sent, answered, questions_in
from fiel.programs.editing.said import NoSuchPlace, Number, Said, Way, found_at
from fiel.programs.editing.shipped import without_shipped_names
from fiel.programs.editing.written import Written
from fiel.programs.words.aiming import METRICS


@dataclass(frozen=True)
class Entry:
    """One rule, reward, unit or other entry; `ref` is what addresses call it."""

    ref: str
    index: int
    way: Way
    title: str
    said: Said


def entries_of(part: Part, written: Written, known: Known) -> list[Entry]:
    """The entries of a part, in their order."""
    said = written.at(part.way)
    if part.manner is Manner.NAMED:
        block = said if isinstance(said, dict) else {}
        return [
            Entry(key, index, (*part.way, key), _title(part, value, key, known), value)
            for index, (key, value) in enumerate(block.items())
        ]  # fmt: skip
    found: list[Entry] = []
    for index, value in enumerate(said if isinstance(said, list) else ()):
        told = value.get("id") if isinstance(value, dict) else None
        taken = {entry.ref for entry in found}
        ref = told if isinstance(told, str) and told and told not in taken else f"@{index + 1}"
        found.append(Entry(ref, index, (*part.way, index), _title(part, value, ref, known), value))
    return found


def _title(part: Part, said: Said, ref: str, known: Known) -> str:
    """What people call an entry: by its name, else as the sample that it was begun with, or its id.

    A goal has no name: it is called by what it wants to change.
    """
    metric = found_at(said, ("metric",)) if part is AIMS else None
    if isinstance(metric, str) and metric in (metrics := dict(METRICS)):
        return say(known.language, metrics[metric])
    otherwise = sample_title(part, ref, known.language) or ref
    return name_of(said, otherwise, known.language, known.locale)


def entry_named(part: Part, written: Written, known: Known, ref: str) -> Entry:
    """The entry that an address names.

    Raises:
        NoSuchPlace: there is none.
    """
    for entry in entries_of(part, written, known):
        if entry.ref == ref:
            return entry
    raise NoSuchPlace((*part.way, ref))


def saved(part: Part, written: Written, ref: str | None, sent: Sent, known: Known) -> Written:
    """The document with the answers of a form; the same text where they say nothing new.

    Raises:
        NoSuchPlace: the entry is not there any more.
    """
    questions = questions_in(groups_of(part, known))
    way: Way = part.way if ref is None else entry_named(part, written, known, ref).way
    block = written.said if not way else written.at(way)
    before: Said = {} if block is None else block
    after = without_shipped_names(
        questions, before, answered(questions, before, sent, known), known
    )
    if after == before:
        return written
    if way and after == {} and part.is_optional:
        return written.drop(way)
    return _put_block(written, way, before, after, part.order)


def _put_block(
    written: Written, way: Way, before: Said, after: Said, order: Sequence[str]
) -> Written:
    if way:
        return written.put(way, after, order=order)
    # The whole document is no value of a key: each of its keys is changed by itself.
    old = before if isinstance(before, dict) else {}
    new = after if isinstance(after, dict) else {}
    for key in old:
        if key not in new:
            written = written.drop((key,))
    for key, value in new.items():
        written = written.put((key,), value, order=order)
    return written


def added(part: Part, written: Written, sample: Sample, known: Known) -> tuple[Written, str]:
    """The document with an entry more, and what addresses call it."""
    said = written.at(part.way)
    block = sample.make(known)
    if part.manner is Manner.NAMED:
        ref = free_id(sample.id, list(said) if isinstance(said, dict) else [])
        return written.put((*part.way, ref), dict(block), order=_order_of_part(part)), ref
    ref = free_id(sample.id, _ids(said))
    return written.add(part.way, {"id": ref, **block}, order=_order_of_part(part)), ref


def begun(part: Part, written: Written, known: Known) -> Written:
    """The document with an optional part begun."""
    start = start_of(part, known)
    if written.at(part.way) is not None or not start:
        return written
    return written.put(part.way, dict(start), order=_order_of_part(part))


def ended(part: Part, written: Written) -> Written:
    """The document without an optional part."""
    return written.drop(part.way)


def copied(part: Part, written: Written, ref: str, known: Known) -> tuple[Written, str]:
    """The document with an entry twice, the second under an id of its own.

    Raises:
        NoSuchPlace: the entry is not there any more.
    """
    entry = entry_named(part, written, known, ref)
    said = written.at(part.way)
    if part.manner is Manner.NAMED:
        new = free_id(ref, list(said) if isinstance(said, dict) else [])
        return written.put((*part.way, new), entry.said), new
    new = free_id(ref.lstrip("@") or part.id, _ids(said))
    block = entry.said if isinstance(entry.said, dict) else {}
    return written.add(part.way, {**block, "id": new}, after=entry.index), new


def moved(part: Part, written: Written, ref: str, known: Known, *, up: bool) -> Written:
    """The document with an entry one place up or down.

    Raises:
        NoSuchPlace: the entry is not there any more.
    """
    entry = entry_named(part, written, known, ref)
    if part.manner is not Manner.LIST:
        return written
    return written.swap(part.way, entry.index - 1 if up else entry.index)


def removed(part: Part, written: Written, ref: str, known: Known) -> Written:
    """The document without an entry.

    Raises:
        NoSuchPlace: the entry is not there any more.
    """
    return written.drop(entry_named(part, written, known, ref).way)


def mark_of(said: Said) -> str:
    """A short mark of what something says: another mark, and somebody changed it meanwhile."""
    told = json.dumps(_plain(said), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2s(told.encode(errors="surrogatepass"), digest_size=10).hexdigest()


def free_id(wanted: str, taken: Sequence[str]) -> str:
    """An id like the one that is wanted which nothing has."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "new"
    stem = re.sub(r"-\d+$", "", base)
    if stem not in taken:  # "voucher-5" is no fifth voucher
        stem = base
    if base not in taken:
        return base
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


type Where = tuple[Part, str | None, str]  # the part, the entry, and the name of the question


def where_is(
    finding: Finding, written: Written, known: Known, parts: Sequence[Part]
) -> Where | None:
    """The form and the question that a finding is about; None where no form asks for it."""
    way = steps(finding.path)
    best: tuple[int, Where] | None = None
    for part in parts:
        for ref, base in _bases(part, written, known):
            if way[: len(base)] != base:
                continue
            inside = way[len(base) :]
            named = [
                (len(question.way), question.name)
                for question in questions_in(groups_of(part, known))
                if inside[: len(question.way)] == question.way
            ]
            length, name = max(named, default=(0, ""), key=lambda found: found[0])
            found = len(base) * 10 + length + (1 if ref is not None else 0)
            if (name or base) and (best is None or found > best[0]):
                best = (found, (part, ref, name))
    return None if best is None else best[1]


def steps(path: str) -> Way:
    """The way that a path of a finding writes: "earn[1].give.per"."""
    return tuple(
        int(place) if place else key
        for key, place in re.findall(r"([^.\[\]]+)(?![^\[]*\])|\[(\d+)\]", path)
    )


def _bases(part: Part, written: Written, known: Known) -> list[tuple[str | None, Way]]:
    if part.manner is Manner.BLOCK:
        return [(None, part.way)]
    entries = entries_of(part, written, known)
    return [(None, part.way), *((entry.ref, entry.way) for entry in entries)]


def _order_of_part(part: Part) -> tuple[str, ...]:
    return BASICS.order if len(part.way) == 1 else ()


def _ids(said: Said) -> list[str]:
    entries = said if isinstance(said, list) else []
    return [told for each in entries if isinstance(told := found_at(each, ("id",)), str)]


def _plain(said: Said) -> object:
    if isinstance(said, Number):
        return {"#": said.text}
    if isinstance(said, dict):
        return {key: _plain(each) for key, each in said.items()}
    return [_plain(each) for each in said] if isinstance(said, list) else said
