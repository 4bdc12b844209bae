"""The rule of a segment in words: rows that say what of a member is compared with what."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext, gettext_noop, override

from fiel.domain.conditions import Scope
from fiel.domain.conditions.rows import Group, Joined, Operator, Row, Value, rows_of
from fiel.domain.program import Program
from fiel.insights.naming import tier_name
from fiel.insights.segments.groups import GROUPS
from fiel.programs.words.speaker import Speaker

_ATTRIBUTES = {
    "member.tier": gettext_noop("the tier"),
    "member.joined_days": gettext_noop("days since joining"),
    "member.birthday_month": gettext_noop("month of the birthday"),
    "member.spend": gettext_noop("spent ever"),
    "member.visits": gettext_noop("purchases ever"),
    "member.attributes": gettext_noop("what you know of the member"),
    "member.recency_days": gettext_noop("days since the last purchase"),
    "member.frequency": gettext_noop("purchases in 365 days"),
    "member.spend_365": gettext_noop("spent in 365 days"),
    "member.average_spend": gettext_noop("average purchase"),
    "member.rfm": gettext_noop("the group by buying habits"),
    "member.answers": gettext_noop("the answer"),
}
_AMOUNTS = frozenset({"member.spend", "member.spend_365", "member.average_spend"})
_SAID = {
    Operator.IS: gettext_noop("%(what)s is %(value)s"),
    Operator.IS_NOT: gettext_noop("%(what)s is not %(value)s"),
    Operator.ONE_OF: gettext_noop("%(what)s is one of %(value)s"),
    Operator.NONE_OF: gettext_noop("%(what)s is none of %(value)s"),
    Operator.LESS: gettext_noop("%(what)s: less than %(value)s"),
    Operator.AT_MOST: gettext_noop("%(what)s: %(value)s or less"),
    Operator.MORE: gettext_noop("%(what)s: more than %(value)s"),
    Operator.AT_LEAST: gettext_noop("%(what)s: %(value)s or more"),
    Operator.STARTS: gettext_noop("%(what)s begins with %(value)s"),
    Operator.ENDS: gettext_noop("%(what)s ends with %(value)s"),
    Operator.CONTAINS: gettext_noop("%(what)s contains %(value)s"),
    Operator.NOT_CONTAINS: gettext_noop("%(what)s does not contain %(value)s"),
    Operator.HAS: gettext_noop("%(what)s include %(value)s"),
    Operator.HAS_NOT: gettext_noop("%(what)s do not include %(value)s"),
    Operator.KNOWN: gettext_noop("%(what)s is known"),
    Operator.UNKNOWN: gettext_noop("%(what)s is not known"),
}


def rule_in_words(text: str, program: Program, language: str) -> str:
    """What a rule asks of a member; empty where it says more than words here can."""
    group = rows_of(text, Scope.SEGMENT)
    if group is None or not group.parts:
        return ""
    with override(language):
        said = _group(group, Speaker(program, language))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _group(group: Group, speaker: Speaker) -> str:
    parts = [_part(part, speaker) for part in group.parts]
    if not all(parts):
        return ""
    if len(parts) == 1:
        return parts[0]
    joined = gettext(" or ") if group.joined is Joined.ANY else gettext(" and ")
    return joined.join(parts)


def _part(part: Row | Group, speaker: Speaker) -> str:
    if isinstance(part, Group):
        inside = _group(part, speaker)
        return f"({inside})" if inside else ""
    if part.attribute not in _ATTRIBUTES:
        return ""
    what = gettext(_ATTRIBUTES[part.attribute])
    if part.key is not None:
        what = f"{what} {speaker.quoted(part.key)}"
    values = [_value(part.attribute, value, speaker) for value in part.values]
    return gettext(_SAID[part.operator]) % {"what": what, "value": speaker.any_of(values)}


def _value(attribute: str, value: Value, speaker: Speaker) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str):
        if attribute == "member.tier":
            return speaker.quoted(tier_name(speaker.program, value, speaker.language))
        if attribute == "member.rfm" and value in GROUPS:
            return speaker.quoted(speaker.say(GROUPS[value][0]))
        return speaker.quoted(value)
    if attribute in _AMOUNTS:
        minor = Fraction(value) * speaker.program.currency.minor_per_major
        if minor.denominator == 1:
            return speaker.money(int(minor))
    return speaker.number(value)
