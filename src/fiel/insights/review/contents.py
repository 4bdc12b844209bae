"""A whole review as plain data."""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.program import Program
from fiel.insights.reporting.telling import said
from fiel.insights.review.review import Review
from fiel.insights.review.telling import economics_content, finding_content


def review_content(review: Review, program: Program, language: str) -> Mapping[str, object]:
    """The review under `review`, its economics under `economics`."""
    return {
        "review": {
            "from": review.since,
            "to": review.until,
            "findings": [
                finding_content(finding, program, language) for finding in review.findings
            ],
            "statements": [
                {"code": statement.code, "detail": said(statement.text, language)}
                for statement in review.statements
            ],
        },
        "economics": economics_content(review.economics, program),
    }
