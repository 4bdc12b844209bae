"""Why something is suggested, in words."""

from __future__ import annotations

from fiel.domain.language import N_
from fiel.insights.prediction.tastes import Of, Suggestion
from fiel.insights.reporting.report import Say


def reason_of(suggestion: Suggestion) -> Say:
    """Who took what is suggested, beside how many of all did."""
    because = suggestion.because
    if because is None:
        return Say(
            N_("{takers} of all {sharers} members took it: {share} %."),
            {
                "takers": suggestion.takers,
                "sharers": suggestion.sharers,
                "share": _percent(suggestion.share),
            },
        )
    if because.of is Of.CATEGORY:
        text = N_(
            "{takers} of the {sharers} members who buy “{taste}” took it: {share} %, against "
            "{of_all} % of all."
        )
    else:
        text = N_(
            "{takers} of the {sharers} members who took “{taste}” took it too: {share} %, against "
            "{of_all} % of all."
        )
    return Say(
        text,
        {
            "takers": suggestion.takers,
            "sharers": suggestion.sharers,
            "taste": because.id,
            "share": _percent(suggestion.share),
            "of_all": _percent(suggestion.of_all),
        },
    )


def _percent(share: float) -> int:
    return round(share * 100)
