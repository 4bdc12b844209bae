"""A sheet draws what it is told, inside the place that it is told."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from fiel.connect.materials.sheet import Box, Sheet
from fiel.web.ui.built import BUILT


@pytest.fixture
def sheet():
    return Sheet(100, 50, fonts=BUILT / "fonts", title="Prueba", language="es")


def looked_at(sheet):
    """The page as a picture of one pixel a millimetre."""
    return Image.open(BytesIO(sheet.png(int(sheet.width)))).convert("RGB")


def test_a_place_is_filled_and_nothing_beside_it(sheet):
    sheet.fill(Box(10, 10, 20, 20), "#7c4a21")

    picture = looked_at(sheet)
    assert picture.getpixel((20, 20)) == (0x7C, 0x4A, 0x21)
    assert picture.getpixel((40, 20)) == (255, 255, 255)


def test_a_text_that_does_not_fit_is_written_smaller(sheet):
    box = Box(5, 5, 40, 12)

    assert sheet.write(box, "Café Sol " * 12, size=30, color="#000000") <= 12


def test_letters_of_spanish_and_the_euro_are_there(sheet):
    sheet.write(Box(0, 0, 100, 20), "Ñandú, café: 1,00 €", size=14, color="#000000")

    document = pypdfium2.PdfDocument(sheet.pdf())
    text = document[0].get_textpage().get_text_bounded()
    assert "Ñandú, café: 1,00 €" in text


def test_a_code_is_dark_at_its_corners_and_square(sheet):
    sheet.code(Box(0, 0, 50, 50), "https://cafesol.example/m/cafe-sol/join/")

    picture = looked_at(sheet)
    assert [picture.getpixel(corner)[0] < 60 for corner in ((1, 1), (48, 1), (1, 48))] == [True] * 3
    assert picture.getpixel((70, 20)) == (255, 255, 255)


def test_a_picture_is_as_many_pixels_across_as_asked(sheet):
    assert sheet.png(300).startswith(b"\x89PNG")
