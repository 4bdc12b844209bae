"""Goals and segments in words: members do not read of them, the merchant does."""

from __future__ import annotations

from fiel.domain.language import N_, percent_text
from fiel.domain.program import Goal, Segment
from fiel.programs.words.speaker import Speaker

METRICS = (
    ("average_spend", N_("Average spend of a purchase")),
    ("purchase_frequency", N_("How often members buy")),
    ("retention", N_("Members who come back")),
    ("new_members", N_("New members")),
    ("engagement", N_("Members who do something")),
    ("profit", N_("Profit")),
)


def goal_in_words(speaker: Speaker, goal: Goal) -> str:
    """What a goal wants to change, to what, and by when."""
    figure = speaker.number(goal.target)
    if goal.relative:
        figure = percent_text(speaker.language, f"{'+' if goal.target > 0 else ''}{figure}")
    return speaker.say(
        N_("{metric}: {target} by {day}"),
        metric=speaker.say(dict(METRICS).get(goal.metric, goal.metric)),
        target=figure,
        day=goal.by,
    )


def segment_in_words(speaker: Speaker, segment: Segment) -> str:
    """What a segment is called, and its rule as the document writes it."""
    return f"{speaker.name(segment.name, segment.id)}: {segment.where.text}"
