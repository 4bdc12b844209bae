"""Find members by what somebody types: the beginning of a name, a number, an address, a card.

What is typed is looked up by indexes alone, so that it is as quick among a million members as among
ten. A name is found by the beginnings of its words, in any order; a key by its own beginning; a
phone also by its last four digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

import phonenumbers

from fiel.ledger.scope import Connection
from fiel.members.identity import normal_card
from fiel.members.records import Member
from fiel.members.references import KeyKind
from fiel.members.referral import normal_code

LONGEST = 100
_LEAST_OF_KEY = 3
_MOST_WORDS = 6
_PHONE = re.compile(r"[+(\d][\d\s().\-/]*")
_SPLIT = re.compile(r"[\s.,;'’·-]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Nothing that is kept comes after it.
_LAST = chr(0x10FFFF)
LAST_DIGITS = 4

# How many have words that begin so, as far as it matters.
COUNTED: LiteralString = """
SELECT asked.place::integer, counted.count::integer
FROM unnest(%(firsts)s::text[], %(beyonds)s::text[]) WITH ORDINALITY AS asked (first, beyond, place)
CROSS JOIN LATERAL (
  SELECT count(*) FROM (
    SELECT FROM member_word
    WHERE program_id = %(program)s AND word >= asked.first AND word < asked.beyond
    LIMIT 2000
  ) AS found
) AS counted
"""
# The rarest word leads; who has it must have words that begin with each of the others. Where very
# many have it, only the first of them are looked at: whoever types on has fewer.
BY_WORDS: LiteralString = """
SELECT w.shard, w.member_id
FROM (
  SELECT shard, member_id, word FROM member_word
  WHERE program_id = %(program)s AND word >= %(first)s AND word < %(beyond)s
  ORDER BY word, member_id
  LIMIT 20000
) AS w
WHERE NOT EXISTS (
  SELECT FROM unnest(%(firsts)s::text[], %(beyonds)s::text[]) AS other (first, beyond)
  WHERE NOT EXISTS (
    SELECT FROM (
      SELECT word FROM member_word
      WHERE program_id = %(program)s AND shard = w.shard AND member_id = w.member_id
      OFFSET 0
    ) AS o
    WHERE o.word >= other.first AND o.word < other.beyond))
ORDER BY w.word, w.member_id
LIMIT %(most)s
"""
BY_KEYS: LiteralString = """
SELECT k.shard, k.member_id
FROM unnest(%(kinds)s::text[], %(beginnings)s::text[]) WITH ORDINALITY AS asked (kind, first, place)
CROSS JOIN LATERAL (
  SELECT shard, member_id, value FROM member_key
  WHERE program_id = %(program)s AND kind = asked.kind
    AND value >= asked.first AND value < asked.first || chr(1114111)
  ORDER BY value
  LIMIT %(most)s
) AS k
ORDER BY k.value <> asked.first, asked.place, k.value
LIMIT %(most)s
"""
# Whoever was merged is found by the name that she had, and stands there as who she is now.
NAMED: LiteralString = f"""
SELECT {Member.COLUMNS} FROM member
WHERE program_id = %s AND status = 'active' AND id = ANY(ARRAY(
  SELECT coalesce(survivor_id, id) FROM member WHERE program_id = %s AND id = ANY(%s)))
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What may be meant by what was typed: words of a name, and beginnings of keys."""

    words: tuple[str, ...]
    keys: tuple[tuple[KeyKind, str], ...]
    member_id: UUID | None = None


async def search_members(
    connection: Connection,
    program_id: UUID,
    text: str,
    *,
    region: str | None,
    most: int = 10,
) -> list[Member]:
    """Members whom somebody who types this may mean, the likeliest first."""
    typed = what_is_typed(text, region)
    found: dict[UUID, None] = {}
    if typed.member_id is not None:
        found[typed.member_id] = None
    if typed.keys:
        asked = {
            "program": program_id,
            "kinds": [str(kind) for kind, _ in typed.keys],
            "beginnings": [beginning for _, beginning in typed.keys],
            "most": most,
        }
        rows = await (await connection.execute(BY_KEYS, asked)).fetchall()
        found |= dict.fromkeys(cast(UUID, row[1]) for row in rows)
    if typed.words:
        found |= dict.fromkeys(await _by_words(connection, program_id, typed.words, most))
    if not found:
        return []
    ids = list(found)
    rows = await (await connection.execute(NAMED, (program_id, program_id, ids))).fetchall()
    members = [Member.of_row(row) for row in rows]
    places = {member_id: place for place, member_id in enumerate(ids)}
    # A survivor who is found by a name that was merged into hers comes last.
    members.sort(key=lambda member: places.get(member.id, len(places)))
    return members[:most]


async def _by_words(
    connection: Connection, program_id: UUID, words: Sequence[str], most: int
) -> list[UUID]:
    """Who has, for each word, one that begins so."""
    first, *others = words
    if others:
        counts = dict.fromkeys(words, 0)
        asked = _between(words) | {"program": program_id}
        for place, count in await (await connection.execute(COUNTED, asked)).fetchall():
            counts[words[place - 1]] = count
        if not all(counts.values()):
            return []
        first, *others = sorted(words, key=lambda word: counts[word])
    asked = _between(others) | {
        "program": program_id,
        "first": first,
        "beyond": first + _LAST,
        "most": most * 3,  # a member may have several words that begin so
    }
    rows = await (await connection.execute(BY_WORDS, asked)).fetchall()
    return [cast(UUID, row[1]) for row in rows]


def _between(words: Sequence[str]) -> dict[str, object]:
    return {"firsts": list(words), "beyonds": [word + _LAST for word in words]}


def folded(text: str) -> str:
    """A text without accents and capitals, as the words of names are kept (`fiel_folded`)."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


def what_is_typed(text: str, region: str | None) -> Typed:
    """What may be meant by a text: a phone number without its prefix is one of the region."""
    plain = " ".join(text.split())[:LONGEST]
    if not plain:
        return Typed((), ())
    member_id = _uuid(plain)
    if member_id is not None:
        return Typed((), ((KeyKind.EXTERNAL_ID, plain),), member_id)
    keys: list[tuple[KeyKind, str]] = []
    is_number = _PHONE.fullmatch(plain) is not None
    if is_number:
        keys += [(KeyKind.PHONE, beginning) for beginning in _phones(plain, region)]
    if len(plain) >= _LEAST_OF_KEY:
        keys.append((KeyKind.EXTERNAL_ID, plain))
        if " " not in plain:
            keys.append((KeyKind.EMAIL, plain.lower()))
            keys.append((KeyKind.REFERRAL_CODE, normal_code(plain)))
        card = normal_card(plain)
        if card:
            keys.append((KeyKind.CARD, card))
    # A number is no name; the last digits of a phone are kept as a word.
    is_long = is_number and len(re.sub(r"\D", "", plain)) > LAST_DIGITS
    return Typed(() if is_long else _words(plain), tuple(keys))


def _words(plain: str) -> tuple[str, ...]:
    """The words of a name, the longest first: it has the fewest who bear it."""
    if "@" in plain:
        return ()
    words = dict.fromkeys(word for word in _SPLIT.split(folded(plain)) if word)
    return tuple(sorted(words, key=len, reverse=True)[:_MOST_WORDS])


def _phones(plain: str, region: str | None) -> list[str]:
    """How the beginning of a phone number is kept, for each way in which it may be meant."""
    digits = re.sub(r"\D", "", plain)
    if len(digits) < _LEAST_OF_KEY:
        return []
    if plain.startswith("+"):
        return [f"+{digits}"]
    if digits.startswith("00"):
        return [f"+{digits[2:]}"] if len(digits) > _LEAST_OF_KEY else []
    found = []
    if region is not None:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        prefix = metadata.national_prefix if metadata else None
        own = digits.removeprefix(prefix) if prefix and digits.startswith(prefix) else digits
        found.append(f"+{phonenumbers.country_code_for_region(region)}{own}")
    return list(dict.fromkeys([*found, f"+{digits}"]))


def _uuid(plain: str) -> UUID | None:
    try:
        return UUID(plain) if len(plain) == 36 else None
    except ValueError:
        return None
