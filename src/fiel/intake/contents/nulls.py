"""A null in a body stands for what is left out, wherever leaving it out is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Protocol

from pydantic import ValidationError


class Validator(Protocol):
    """What reads content into a body."""

    def validate_python(self, content: object, /) -> Any:  # noqa: ANN401 - whatever body it is for
        """The body."""
        ...


def read_content(validator: Validator, content: object) -> Any:  # noqa: ANN401 - the body
    """Read content; a null that a field does not take is left out and the rest read again.

    Many tills send every field they know. A body that takes a null, because it forgets what it
    names, gets it.

    Raises:
        ValidationError: it cannot be read, told as it came.
    """
    try:
        return validator.validate_python(content)
    except ValidationError as error:
        nulls = [
            problem["loc"]
            for problem in error.errors()
            if problem["input"] is None and problem["loc"]  # else the whole content is null
        ]
        if not nulls:
            raise
        try:
            return validator.validate_python(_without(content, nulls))
        except ValidationError:
            raise error from None


def _without(content: object, places: Sequence[tuple[int | str, ...]]) -> object:
    kept = deepcopy(content)
    for *way, last in places:
        inside: Any = kept
        for step in way:
            try:
                inside = inside[step]
            except (KeyError, IndexError, TypeError):
                break  # a place that only the validator knows
        else:
            if isinstance(inside, dict):
                inside.pop(last, None)
    return kept
