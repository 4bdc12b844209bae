"""Every page of the console under every role: who may not is told so, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from fiel.platform.schema import set_django_up
from fiel.staff.roles import Right, Role, rights_of
from tests.web.stage import Stage

NOBODY = UUID(int=0)
FILLED = {"uuid": str(NOBODY), "int": "1", "slug": "x", "str": "x", "path": "x"}

# What most needs to be kept: these pages, by name, open to these roles and to nobody else.
KEPT = {
    "staff": {Role.OWNER},
    "staff-invite": {Role.OWNER},
    "staff-rules": {Role.OWNER},
    "staff-rights": {Role.OWNER},
    "staff-withdraw": {Role.OWNER},
    "staff-person": {Role.OWNER},
    "staff-remove": {Role.OWNER},
    "staff-sign-out": {Role.OWNER},
    "keys": {Role.OWNER},
    "key-new": {Role.OWNER},
    "key-revoke": {Role.OWNER},
    "approval-approve": {Role.OWNER, Role.MANAGER},
    "audit": {Role.OWNER, Role.FINANCE},
}


@dataclass(frozen=True)
class Door:
    """A page of the console: its name, an address of it, and the right that it asks for."""

    name: str
    path: str
    right: Right | None

    def opens_to(self, role: Role) -> bool:
        rights = rights_of(role)
        return self.right in rights if self.right else bool(rights)


def doors() -> list[Door]:
    set_django_up()
    (console,) = [
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.namespace == "console"
    ]
    return list(_doors_in(console, "console/cafe-sol/"))


def _doors_in(resolver: URLResolver, before: str) -> Iterator[Door]:
    for each in resolver.url_patterns:
        path = before + _filled(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _doors_in(each, path)
            continue
        assert isinstance(each, URLPattern)
        assert hasattr(each.callback, "right"), f"{path} is no page of the console"
        yield Door(each.name or "", f"/{path}", each.callback.right)


def _filled(route: str) -> str:
    parts = []
    for part in route.split("<"):
        inside, closing, rest = part.partition(">")
        parts.append(FILLED[inside.partition(":")[0]] + rest if closing else part)
    return "".join(parts)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_let_in_where_its_rights_say_and_nowhere_else(stage: Stage, role: Role) -> None:
    client, wrong = stage.client(role), []
    for door in doors():
        if door.opens_to(role):
            if client.get(door.path).status_code == 403 and door.name != "approvals":
                wrong.append(("kept out", door.name))
            continue
        # Neither by looking nor by sending a form.
        answers = {client.get(door.path).status_code, client.submit(door.path).status_code}
        if not answers <= {403, 405} or 403 not in answers:
            wrong.append((f"let in: {answers}", door.name))

    assert wrong == []


def test_who_is_not_signed_in_is_led_to_the_door(stage: Stage) -> None:
    client, wrong = stage.client(None), []
    for door in doors():
        answer = client.get(door.path)
        led = answer.headers.get("location", "").startswith("/accounts/login/?next=/console/")
        if answer.status_code != 405 and not led:
            wrong.append((door.name, answer.status_code))

    assert wrong == []


def test_what_most_needs_to_be_kept_is_kept() -> None:
    open_to = {
        door.name: {role for role in Role if door.opens_to(role)}
        for door in doors()
        if door.name in KEPT
    }

    assert open_to == KEPT


def test_a_cashier_has_no_console() -> None:
    assert [door.name for door in doors() if door.opens_to(Role.CASHIER)] == []


def test_another_programs_pages_are_not_there_at_all(stage: Stage) -> None:
    client = stage.client("owner")

    assert client.get("/console/cafe-luna/staff/").status_code == 404
