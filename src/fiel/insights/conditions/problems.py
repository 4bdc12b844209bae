"""What keeps a condition from being asked of whole tables."""

from __future__ import annotations


class CannotCompile(Exception):
    """A condition that an engine of tables would not answer as a sale is answered.

    It can still be asked of one row after the other: `Condition.matches` always answers.
    """
