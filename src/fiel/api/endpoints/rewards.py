"""Operations about rewards: the catalogue, and what a member has entry to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok
from fiel.api.bodies.queries import Catalogue
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import redemptions as schemas
from fiel.api.telling import Told, told_time
from fiel.domain.document.days import duration_plain
from fiel.domain.language import N_, pick
from fiel.domain.program import Program, Reward
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.base import NAMED_BY
from fiel.intake.contents.errors import invalid
from fiel.intake.redeeming_catalogue import Access, Offered, accesses_of, catalogue
from fiel.intake.redeeming_words import Reasons
from fiel.intake.resolving import normal
from fiel.members.identity import region_of_zone, sought_key
from fiel.members.references import KeyKind, MemberRef
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope


async def list_rewards(call: Call, query: Annotated[Catalogue, Query()]) -> Answer:
    """The catalogue; for a member, with what can be had now and what is missing."""
    program = call.program
    ref = _sought(query, program)
    async with call.reading() as connection:
        member_id, offered = await catalogue(
            connection, call.program_id, program, ref, now=call.now
        )
    told = [_told_offer(each, program, call.language) for each in offered]
    return ok({"member": member_id, "data": told, "next_cursor": None})


async def list_access(call: Call, member_id: UUID) -> Answer:
    """The perks of a member's tier, and what the member has entry to."""
    program = call.program
    async with call.reading() as connection:
        found = await accesses_of(connection, call.program_id, program, member_id, now=call.now)
    return ok(
        {
            "member": found.member_id,
            "tier": found.tier,
            "perks": found.perks,
            "access": [_told_access(each, program, call.language) for each in found.accesses],
        }
    )


def reward_name(reward: Reward | None, reward_id: str, program: Program, language: str) -> str:
    """What a reward is called; its id where nobody named it."""
    if reward is None:
        return reward_id
    return pick(reward.name, language, program.locale) or reward_id


def _told_offer(offered: Offered, program: Program, language: str) -> Told:
    reward, found = offered.reward, offered.found
    money = program.currency.decimal
    told: Told = {
        "id": reward.id,
        "name": reward_name(reward, reward.id, program, language),
        "kind": str(reward.kind),
        "price": dict(reward.price),
        "sku": reward.sku,
        "amount": None if reward.amount is None else money(reward.amount),
        "percent": None if reward.percent is None else str(reward.percent),
        "valid": None if reward.valid is None else duration_plain(reward.valid),
        "available_from": reward.when and reward.when.first,
        "available_to": reward.when and reward.when.last,
        "stock_left": offered.left.stock,
    }
    if found is not None:
        told |= {
            "eligible": found.is_eligible,
            "reasons": Reasons(program, reward, found).said(language),
            "blocked_by": [str(why) for why in found.whys],
            "missing": dict(found.missing),
            "limit_left": offered.limit_left,
        }
    return told


def _told_access(access: Access, program: Program, language: str) -> Told:
    held = access.redemption
    return {
        "reward": access.reward_id,
        "name": reward_name(access.reward, access.reward_id, program, language),
        "redemption": held and held.id,
        "since": told_time(held.captured_at) if held else None,
        "expires_at": told_time(held.expires_at) if held else None,
    }


def _sought(query: Catalogue, program: Program) -> MemberRef | None:
    told = {kind: getattr(query, kind) for kind in NAMED_BY}
    named: list[MemberRef] = [
        sought_key(KeyKind(kind), value) for kind, value in told.items() if value is not None
    ]
    if query.member is not None:
        named.append(query.member)
    if len(named) > 1:
        text = N_("Name the member once: by member, external_id, phone, email or card.")
        raise invalid([FieldProblem("query", "one_of", text)])
    if not named:
        return None
    ref = normal(named[0], region_of_zone(program.timezone.key))
    if ref is None:
        raise no_such_member()
    return ref


_READ = Manner(Scope.READ)
OFFERS = (
    Offer(
        "GET", "/rewards", list_rewards, _READ, "List rewards", schemas.RewardList,
        refusals=(404,), tag="rewards",
    ),
    Offer(
        "GET", "/members/{member_id}/access", list_access, _READ, "List access",
        schemas.AccessAnswer, refusals=(404,), tag="rewards",
    ),
)  # fmt: skip
