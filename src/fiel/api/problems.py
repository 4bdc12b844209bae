"""Problem details (RFC 9457): what a refusal is called outside, and with which status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fiel.api.writing import json_bytes
from fiel.domain.language import N_, say
from fiel.domain.refusal import FieldProblem, Refusal, Sayable

PROBLEM_TYPE = b"application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """The HTTP status of a code, and its short title."""

    status: int
    title: str


# The one table from codes to statuses. A code is never renamed or given another status.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "invalid": Kind(422, N_("The request is not valid")),
        "unauthorized": Kind(401, N_("A valid key is needed")),
        "forbidden": Kind(403, N_("The key may not do this")),
        "not_found": Kind(404, N_("Not found")),
        "program_needed": Kind(404, N_("Which program is meant")),
        "method_not_allowed": Kind(405, N_("The method is not allowed here")),
        "too_large": Kind(413, N_("The body is too large")),
        "unsupported_media_type": Kind(415, N_("The format of the body is not supported")),
        "cashier_needed": Kind(401, N_("A cashier is needed")),
        "cashier_limit": Kind(409, N_("The cashier's limit is reached")),
        "wrong_pin": Kind(403, N_("The PIN is wrong")),
        "till_locked": Kind(429, N_("The till is locked for a while")),
        "pairing_over": Kind(404, N_("The code is not valid any more")),
        "rate_limited": Kind(429, N_("Too many requests")),
        "idempotency_key_reused": Kind(422, N_("The idempotency key was used for another request")),
        "idempotency_in_progress": Kind(409, N_("The first request is still under way")),
        "external_id_reused": Kind(409, N_("The external id was used for another content")),
        "member_exists": Kind(409, N_("The member already exists")),
        "insufficient_points": Kind(409, N_("Not enough points")),
        "out_of_stock": Kind(409, N_("Out of stock")),
        "limit_reached": Kind(409, N_("The limit is reached")),
        "budget_exhausted": Kind(409, N_("The budget is exhausted")),
        "not_eligible": Kind(409, N_("The member is not eligible")),
        "already_captured": Kind(409, N_("Already captured")),
        "already_cancelled": Kind(409, N_("Already cancelled")),
        "already_used": Kind(409, N_("Already used")),
        "redemption_expired": Kind(409, N_("The redemption's time is over")),
        "over_returned": Kind(422, N_("More is returned than was sold")),
        "coupon_reserved": Kind(409, N_("The coupon is reserved")),
        "coupon_used": Kind(409, N_("The coupon has been used")),
        "coupon_expired": Kind(409, N_("The coupon has expired")),
        "coupon_cancelled": Kind(409, N_("The coupon was withdrawn")),
        "insufficient_balance": Kind(409, N_("The gift card has too little")),
        "gift_card_expired": Kind(409, N_("The gift card has expired")),
        "gift_card_cancelled": Kind(409, N_("The gift card was withdrawn")),
        "already_merged": Kind(409, N_("The member was merged before")),
        "not_merged": Kind(409, N_("The member was not merged")),
        "already_claimed": Kind(409, N_("The sale belongs to a member")),
        "not_claimable": Kind(409, N_("The sale cannot be claimed")),
        "in_a_household": Kind(409, N_("The member is in a household")),
        "period_not_over": Kind(409, N_("The month is not over")),
        "period_out_of_order": Kind(409, N_("Another month is to be closed first")),
        "own_approval": Kind(403, N_("Another person has to approve it")),
        "already_decided": Kind(409, N_("Already decided")),
        "already_on_staff": Kind(409, N_("The person works here already")),
        "account_exists": Kind(409, N_("The account already exists")),
        "last_owner": Kind(409, N_("A program cannot be without an owner")),
        "unavailable": Kind(503, N_("The service is not available at the moment")),
        "internal": Kind(500, N_("Something went wrong on our side")),
    }
)


def problem_of(refusal: Refusal, language: str, request_id: str) -> tuple[int, bytes]:
    """The status and the body that tell a caller about a refusal, in the caller's language."""
    content = problem_content(refusal, language, request_id)
    return KINDS[refusal.code].status, json_bytes(content)


def problem_content(refusal: Refusal, language: str, request_id: str) -> dict[str, object]:
    """Problem details: what every problem has, and the facts of this one."""
    kind = KINDS[refusal.code]
    return {
        **{name: _fact(value, language) for name, value in refusal.facts.items()},
        "type": f"urn:fiel:problem:{refusal.code}",
        "title": say(language, kind.title),
        "status": kind.status,
        "code": refusal.code,
        "detail": say(language, refusal.text, **refusal.parameters),
        "errors": [_error(problem, language) for problem in refusal.problems],
        "request_id": request_id,
    }


def internal_problem(language: str, request_id: str) -> tuple[int, bytes]:
    """The answer to a fault of ours: it says nothing about the inside."""
    return problem_of(
        _Internal(N_("Please try again; nothing was left half done.")), language, request_id
    )


class _Internal(Refusal):
    """A fault of the program, told apart from what a caller did."""

    code = "internal"


def _fact(value: object, language: str) -> object:
    return value.said(language) if isinstance(value, Sayable) else value


def _error(problem: FieldProblem, language: str) -> dict[str, str]:
    return {
        "field": problem.field,
        "code": problem.code,
        "detail": say(language, problem.text, **problem.parameters),
    }
