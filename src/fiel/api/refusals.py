"""What the door itself says no with, before any service is asked."""

from __future__ import annotations

from fiel.domain.refusal import Refusal


class Unauthorized(Refusal):
    """The request brings no key, or one that is unknown or revoked."""

    code = "unauthorized"


class Forbidden(Refusal):
    """The key is good but lacks the scope that the operation asks for."""

    code = "forbidden"


class RateLimited(Refusal):
    """The key has made more requests than it may; `facts` says when to come again."""

    code = "rate_limited"


class TooLarge(Refusal):
    """The body is larger than the operation reads."""

    code = "too_large"


class UnsupportedMediaType(Refusal):
    """The body is in a format that the operation does not read."""

    code = "unsupported_media_type"


class MethodNotAllowed(Refusal):
    """The path exists, but not with this method."""

    code = "method_not_allowed"


class NoSuchPath(Refusal):
    """There is no such path."""

    code = "not_found"


class IdempotencyKeyReused(Refusal):
    """The idempotency key already stands for a request with another content."""

    code = "idempotency_key_reused"


class IdempotencyInProgress(Refusal):
    """The first request with this idempotency key is still under way."""

    code = "idempotency_in_progress"


class Unavailable(Refusal):
    """The database cannot be reached at the moment; nothing was changed."""

    code = "unavailable"
