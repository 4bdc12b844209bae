"""What the members' room says no with."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, NotFound, Refusal
from fiel.members.references import KeyKind

_TAKEN: Mapping[KeyKind, str] = {
    KeyKind.EXTERNAL_ID: N_("A member with this external id is already enrolled."),
    KeyKind.PHONE: N_("A member with this phone is already enrolled."),
    KeyKind.EMAIL: N_("A member with this e-mail is already enrolled."),
    KeyKind.CARD: N_("A member with this card is already enrolled."),
    KeyKind.REFERRAL_CODE: N_("A member with this referral code is already enrolled."),
}


class MemberExists(Refusal):
    """Somebody is enrolled with the same phone, e-mail, card or external id."""

    code = "member_exists"

    def __init__(self, kind: KeyKind, member_id: UUID) -> None:
        text = _TAKEN[kind]
        problem = FieldProblem(kind, "taken", text)
        super().__init__(text, problems=[problem], facts={"member": member_id})
        self.kind = kind
        self.member_id = member_id


class ExternalIdReused(Refusal):
    """The external id already stands for something with another content."""

    code = "external_id_reused"


class AlreadyMerged(Refusal):
    """The member was merged into somebody else before."""

    code = "already_merged"


class NotMerged(Refusal):
    """The member cannot be parted from anybody: it stands alone, or its survivor was merged on."""

    code = "not_merged"


class AlreadyClaimed(Refusal):
    """The sale belongs to somebody: it named a member, or another one claimed it."""

    code = "already_claimed"


class InAHousehold(Refusal):
    """The member is in a household already."""

    code = "in_a_household"


def no_such_member() -> NotFound:
    """The refusal where no member is who the request names."""
    return NotFound(N_("There is no such member in this program."))
