"""What the kernel does not do."""

from __future__ import annotations


class CannotFold(Exception):
    """The kernel does not do what a program or a history asks for; the replay does.

    `code` names what that is; `what` is the rule, the unit or the like that asks for it.
    """

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code = code
        self.what = what
