"""What goes along while a document is read: where we are, what was found, what exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from fiel.domain.document.findings import Finding, Severity
from fiel.domain.document.nodes import Block, Listing, Mark, Node, Scalar, ScalarKind
from fiel.domain.language import DEFAULT_LANGUAGE, N_
from fiel.domain.money import Currency

DID_YOU_MEAN = N_("Did you mean “{suggestion}”?")
KNOWN_ARE = N_("Known here: {known}.")
MAX_FINDINGS = 200
MAX_KNOWN_LISTED = 30


class Named(StrEnum):
    """The kinds of thing that a document gives an id and refers to by it."""

    UNIT = "unit"
    RULE = "rule"
    TIER = "tier"
    REWARD = "reward"
    BADGE = "badge"


class Unreadable(Exception):
    """A value could not be read; why is already among the findings."""


@dataclass(slots=True)
class Reading:
    """One reading of a document: its findings so far and what it is known to contain."""

    currency: Currency = field(default_factory=lambda: Currency("XXX", 4))
    locale: str = DEFAULT_LANGUAGE
    names: Mapping[Named, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding, up to more than anybody would read."""
        self.errors += finding.severity is Severity.ERROR
        if len(self.findings) < MAX_FINDINGS and finding not in self.findings:
            self.findings.append(finding)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A value of the document, the way to it, and the reading it is part of."""

    node: Node
    reading: Reading
    path: str = ""
    parent: Cursor | None = None
    key: str = ""

    def child(self, key: str, node: Node) -> Cursor:
        """The cursor on the value of a key."""
        path = f"{self.path}.{key}" if self.path else key
        return Cursor(node, self.reading, path, self, key)

    def item(self, index: int, node: Node) -> Cursor:
        """The cursor on an element of a list."""
        return Cursor(node, self.reading, f"{self.path}[{index}]", self)

    def sibling(self, key: str) -> str | None:
        """The text of another key of the block that this value stands in."""
        if self.parent is None or not isinstance(self.parent.node, Block):
            return None
        return text_at(self.parent.node, key)

    def refuse(
        self,
        code: str,
        text: str,
        remedy: str = "",
        *,
        mark: Mark | None = None,
        **parameters: object,
    ) -> Unreadable:
        """Note an error here; the caller raises what is returned, or reads on."""
        self._note(Severity.ERROR, code, text, remedy, mark, parameters)
        return Unreadable()

    def refuse_with(
        self,
        code: str,
        text: str,
        remedy: str,
        parameters: Mapping[str, object],
        mark: Mark | None = None,
    ) -> Unreadable:
        """Note an error whose parameters come from elsewhere and may have any names."""
        self._note(Severity.ERROR, code, text, remedy, mark, parameters)
        return Unreadable()

    def warn(self, code: str, text: str, remedy: str = "", **parameters: object) -> None:
        """Note a doubt here."""
        self._note(Severity.WARNING, code, text, remedy, None, parameters)

    def _note(
        self,
        severity: Severity,
        code: str,
        text: str,
        remedy: str,
        mark: Mark | None,
        parameters: Mapping[str, object],
    ) -> None:
        place = mark or self.node.mark
        self.reading.add(
            Finding(severity, self.path, place.line, place.column, code, text, remedy, parameters)
        )

    def unknown(
        self, code: str, text: str, name: str, known: Iterable[str], otherwise: str = ""
    ) -> Unreadable:
        """Note a name that nothing here has, with the nearest one that something has."""
        # Looking for what was meant is slow; nobody reads that many findings.
        found = suggestion(name, known) if len(self.reading.findings) < MAX_FINDINGS else {}
        remedy = found.pop("remedy", otherwise)
        return self.refuse_with(code, text, remedy, {"name": name[:80], **found})


def suggestion(name: str, known: Iterable[str]) -> dict[str, str]:
    """The remedy for a name that is not known, with what it speaks of."""
    candidates = sorted(set(known))
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    started = [lower for lower in by_lower if name and lower.startswith(name.lower())]
    if near := get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6) or started:
        return {"remedy": DID_YOU_MEAN, "suggestion": by_lower[near[0]]}
    if not 1 <= len(candidates) <= MAX_KNOWN_LISTED:
        return {}
    return {"remedy": KNOWN_ARE, "known": ", ".join(candidates)}


def text_at(block: Block, key: str) -> str | None:
    """The text of a key's value, where it is a single one."""
    for name, node in block.entries:
        if name.text == key and isinstance(node, Scalar) and node.kind is not ScalarKind.NULL:
            return node.text
    return None


def node_at(node: Node, *keys: str) -> Node | None:
    """The value that a way of keys leads to, if it leads anywhere."""
    for key in keys:
        if not isinstance(node, Block):
            return None
        found = [value for name, value in node.entries if name.text == key]
        if not found:
            return None
        node = found[0]
    return node


def ids_of(node: Node | None) -> tuple[str, ...]:
    """The ids in a list of blocks, whatever else is wrong with them."""
    if not isinstance(node, Listing):
        return ()
    blocks = [item for item in node.items if isinstance(item, Block)]
    return tuple(name for block in blocks if (name := text_at(block, "id")) is not None)


def keys_of(node: Node | None) -> tuple[str, ...]:
    """The keys of a block, whatever else is wrong with it."""
    return tuple(name.text for name, _ in node.entries) if isinstance(node, Block) else ()
