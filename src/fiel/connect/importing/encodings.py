"""Which encoding a text file is in, found by reading it whole once."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from fiel.domain.language import N_
from fiel.domain.refusal import Refusal

_CHUNK = 1 << 20
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252")
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class BrokenEncoding(Refusal):
    """The file's bytes are not text in the encoding."""

    code = "broken_encoding"


@dataclass(frozen=True, slots=True)
class _Flaw:
    """The first byte that cannot be read, and whether letters beyond ASCII were read before."""

    line: int
    byte: int
    value: int
    after_others: bool


def text_encoding(path: Path, told: str | None = None) -> str:
    """The encoding of a file: UTF-8 with or without its mark, or Windows-1252.

    A file that has begun as UTF-8 and then breaks is broken, not Windows-1252: reading it so
    would turn every accent before the flaw into two wrong letters.

    Raises:
        BrokenEncoding: names the line and the byte.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_WIDE_MARKS):
        raise BrokenEncoding(N_("The file is in UTF-16 or UTF-32. Save it as UTF-8."))
    encoding = told or ("utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8")
    flaw = _first_flaw(path, encoding)
    if flaw is None:
        return encoding
    may_be_windows = told is None and encoding == "utf-8" and not flaw.after_others
    if may_be_windows and _first_flaw(path, "cp1252") is None:
        return "cp1252"
    raise BrokenEncoding(
        N_(
            "Line {line}: the byte {value} at position {byte} of the file is no text in {encoding}."
            " Save the file as UTF-8, or name its encoding with --encoding."
        ),
        facts={"line": flaw.line, "byte": flaw.byte, "encoding": encoding},
        line=str(flaw.line),
        byte=str(flaw.byte),
        value=f"0x{flaw.value:02X}",
        encoding=encoding,
    )


def _first_flaw(path: Path, encoding: str) -> _Flaw | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, read, beyond_ascii = 1, 0, False
    pending = b""
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = decoder.getstate()[0]
            if b"\0" in chunk:
                at = chunk.index(b"\0")
                return _Flaw(lines + chunk.count(b"\n", 0, at), read + at, 0, after_others=True)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                at = error.start
                source = pending + chunk
                before = source[:at]
                return _Flaw(
                    line=lines + before.count(b"\n"),
                    byte=read - len(pending) + at,
                    value=source[at],
                    after_others=beyond_ascii or not before.isascii(),
                )
            if not chunk:
                return None
            beyond_ascii = beyond_ascii or not text.isascii()
            lines += chunk.count(b"\n")
            read += len(chunk)
