"""A part of a program that has forms of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fiel.programs.editing.known import Known
from fiel.programs.editing.questions import Group
from fiel.programs.editing.said import Said


class Manner(StrEnum):
    """How a part is written: one block, entries in a list, entries under their ids."""

    BLOCK = "block"
    LIST = "list"
    NAMED = "named"


@dataclass(frozen=True)
class Sample:
    """An entry ready to be added and then changed. Texts are message ids.

    `amount` of money fills that place in the hint. `needs` is a kind of what a document names: the
    sample is offered where there is some.
    """

    id: str
    title: str
    hint: str
    make: Callable[[Known], dict[str, Said]]
    amount: int = 0
    needs: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a program: where it stands, what it is for and what its forms ask.

    `order` is how the keys of one block are usually ordered. Texts are message ids.
    """

    id: str
    title: str
    way: tuple[str, ...]
    manner: Manner
    purpose: str
    groups: tuple[Group, ...]
    order: tuple[str, ...]
    samples: tuple[Sample, ...] = ()
    one: str = ""  # what a single entry is called
    inside: str = ""  # the part in whose page it is shown
    is_optional: bool = False  # of a block: whether a program may do without it
