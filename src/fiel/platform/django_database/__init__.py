"""The database as Django reaches it: what the process serves, with the application's rights."""

from __future__ import annotations


class _Served:
    """The connection string that Django uses now, and the role that it takes."""

    url: str | None = None
    role: str | None = None


def serve_to_django(url: str, role: str | None) -> None:
    """Let Django's connections of this process be to a database, under a role of its own."""
    _Served.url, _Served.role = url, role


def served_url() -> str | None:
    """What `serve_to_django` was told; None before."""
    return _Served.url


def served_role() -> str | None:
    """The role that a connection takes; None for the owner's own rights."""
    return _Served.role
