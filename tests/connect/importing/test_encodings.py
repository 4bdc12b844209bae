"""A file's encoding is found, or its flaw is named by line and byte."""

from pathlib import Path

import pytest

from fiel.connect.importing import encodings
from fiel.connect.importing.encodings import BrokenEncoding, text_encoding


def written(folder: Path, content: bytes) -> Path:
    path = folder / "ventas.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"ticket;total\n1;2\n", "utf-8"),
        ("artículo\ncafé\n".encode(), "utf-8"),
        ("artículo\ncafé\n".encode("utf-8-sig"), "utf-8-sig"),
        ("artículo\ncafé a 3 €\n".encode("cp1252"), "cp1252"),
        ("ventas\n売上\n".encode(), "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, content: bytes, encoding: str) -> None:
    assert text_encoding(written(tmp_path, content)) == encoding


def test_a_flaw_in_utf_8_is_named_and_not_taken_for_windows_1252(tmp_path: Path) -> None:
    path = written(tmp_path, "café\nté\n".encode() + b"caf\xe9\n")

    with pytest.raises(BrokenEncoding) as refusal:
        text_encoding(path)

    # "café\n" is 6 bytes and "té\n" 4: the flaw is the fourth byte after them.
    assert refusal.value.facts == {"line": 3, "byte": 13, "encoding": "utf-8"}


def test_a_flaw_is_found_where_two_parts_of_the_reading_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "_CHUNK", 4)
    path = written(tmp_path, "abcé\n".encode() + b"x\xc3(\n")

    with pytest.raises(BrokenEncoding) as refusal:
        text_encoding(path)

    assert refusal.value.facts == {"line": 2, "byte": 7, "encoding": "utf-8"}


@pytest.mark.parametrize(
    "content",
    ["ticket\n1\n".encode("utf-16"), b"ticket\n1\0\n", b"caf\xe9 \x81\n"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenEncoding):
        text_encoding(written(tmp_path, content))


def test_an_encoding_that_was_named_is_held_to(tmp_path: Path) -> None:
    with pytest.raises(BrokenEncoding):
        text_encoding(written(tmp_path, b"caf\xe9\n"), "utf-8")
