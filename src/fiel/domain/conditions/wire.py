"""Protocol buffers as CEL serialises its syntax trees: just enough to read them.

The five messages that are read here do not justify a dependency on a protobuf runtime.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class Fields:
    """The fields of one message, by number, each with its values in order."""

    def __init__(self, message: bytes) -> None:
        self._values: dict[int, list[int | bytes]] = {}
        for number, value in _fields(message):
            self._values.setdefault(number, []).append(value)

    def __contains__(self, number: int) -> bool:
        return number in self._values

    def integer(self, number: int) -> int:
        """A varint as a signed 64-bit number; 0 when absent."""
        value = self._values.get(number, [0])[-1]
        assert isinstance(value, int)
        return value - (1 << 64) if value >> 63 else value

    def double(self, number: int) -> float:
        """A 64-bit float."""
        result: float = struct.unpack("<d", self.raw(number))[0]
        return result

    def raw(self, number: int) -> bytes:
        """A length-delimited value; empty when absent."""
        value = self._values.get(number, [b""])[-1]
        assert isinstance(value, bytes)
        return value

    def text(self, number: int) -> str:
        """A string; empty when absent."""
        return self.raw(number).decode()

    def message(self, number: int) -> Fields:
        """A message inside this one."""
        return Fields(self.raw(number))

    def messages(self, number: int) -> list[Fields]:
        """A repeated message."""
        return [Fields(value) for value in self._values.get(number, ()) if isinstance(value, bytes)]


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, form = tag >> 3, tag & 7
        if form == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if form == _BYTES:
            size, at = _varint(message, at)
        else:
            size = {_FIXED64: 8, _FIXED32: 4}[form]
        yield number, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
