"""What the members' room says no with."""

from __future__ import annotations

from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, NotFound, Refusal
from fiel.members.references import KeyKind


class MemberExists(Refusal):
    """Somebody is enrolled with the same phone, e-mail, card or external id."""

    code = "member_exists"

    def __init__(self, kind: KeyKind, member_id: UUID) -> None:
        text = N_("A member with this {field} is already enrolled.")
        problem = FieldProblem(kind, "taken", text, {"field": str(kind)})
        super().__init__(text, problems=[problem], facts={"member": member_id}, field=str(kind))
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
