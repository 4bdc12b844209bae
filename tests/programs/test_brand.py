"""How a merchant looks: a sound name and colour from the first day, and what it says itself."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from fiel.domain.refusal import Invalid
from fiel.ledger.scope import program_transaction
from fiel.programs.brand import (
    DEFAULT_COLOR,
    Brand,
    BrandWishes,
    brand_of,
    change_brand,
    checked_brand,
    keep_logo,
    logo_of,
)
from fiel.programs.colors import NIGHT, PAPER, contrast, read_color, readable, text_on
from fiel.programs.logos import LARGEST_FILE, logo_within, read_logo, square_icon

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def picture(width=64, height=32, *, format="PNG", color=(10, 120, 90, 255), **told):
    written = BytesIO()
    mode = "RGBA" if format != "JPEG" else "RGB"
    Image.new(mode, (width, height), color[: len(mode)]).save(written, format, **told)
    return written.getvalue()


async def a_program(database, slug):
    program_id = uuid4()
    async with database.owner() as owner:
        await owner.execute(
            "INSERT INTO program (id, slug, name, sandbox, shards, created_at) "
            "VALUES (%s, %s, %s, false, 1, %s)",
            (program_id, slug, "Café Sol", NOW),
        )
    return program_id


@pytest.mark.anyio
async def test_a_program_looks_well_before_anybody_says_how(database):
    program_id = await a_program(database, "cafe-sol")

    async with database.connection() as connection, program_transaction(connection, program_id):
        brand = await brand_of(connection, program_id)

    assert brand == Brand("Café Sol", DEFAULT_COLOR)


@pytest.mark.anyio
async def test_a_brand_is_kept_for_its_own_program_alone(database):
    ours, theirs = await a_program(database, "cafe-sol"), await a_program(database, "rival")
    logo = read_logo(picture())

    async with database.connection() as connection:
        async with program_transaction(connection, ours):
            wishes = BrandWishes("Sol", "#FC0", "cafe-sol.example", "hola@cafe-sol.example", "")
            await change_brand(connection, ours, wishes, now=NOW)
            await keep_logo(connection, ours, logo, now=NOW)
            brand, kept = await brand_of(connection, ours), await logo_of(connection, ours)
        async with program_transaction(connection, theirs):
            other, none = await brand_of(connection, theirs), await logo_of(connection, ours)

    assert (brand.name, brand.color, brand.website) == (
        "Sol",
        "#ffcc00",
        "https://cafe-sol.example",
    )
    assert (kept, brand.logo_version) == (logo, logo.version)
    assert (other.name, other.logo_version, none) == ("Café Sol", None, None)


@pytest.mark.anyio
async def test_a_logo_can_be_taken_away(database):
    program_id = await a_program(database, "cafe-sol")

    async with database.connection() as connection, program_transaction(connection, program_id):
        await keep_logo(connection, program_id, read_logo(picture()), now=NOW)
        await keep_logo(connection, program_id, None, now=NOW)

        assert await logo_of(connection, program_id) is None


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"color": "reddish"}, "color"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://a@b.example"}, "website"),
        ({"email": "nobody"}, "email"),
        ({"name": "x" * 61}, "name"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(told, field):
    with pytest.raises(Invalid) as refused:
        checked_brand(BrandWishes(**told))

    assert [problem.field for problem in refused.value.problems] == [field]


def test_text_on_a_colour_can_always_be_read():
    for color in ("#ffcc00", "#0f766e", "#ffffff", "#000000", "#777777", "#e11d48"):
        assert contrast(color, text_on(color)) >= 4.5


def test_a_colour_becomes_readable_by_day_and_by_night():
    for color in ("#ffcc00", "#0f766e", "#ffffff", "#000000", "#3b2fd0"):
        for ground in (PAPER, NIGHT):
            assert contrast(readable(color, ground), ground) >= 4.5
    assert readable("#0f766e", PAPER) == "#0f766e"


def test_colours_are_read_as_people_write_them():
    assert (read_color("fc0"), read_color(" #0F766E "), read_color("teal")) == (
        "#ffcc00",
        "#0f766e",
        None,
    )


def test_a_logo_is_drawn_anew_and_carries_nothing_else():
    file = picture(2000, 1000, format="JPEG", comment=b"who took it")

    logo = read_logo(file)

    with Image.open(BytesIO(logo.content)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (640, 320))
    assert b"who took it" in file
    assert b"who took it" not in logo.content


def test_the_empty_margin_of_a_logo_goes():
    canvas = Image.new("RGBA", (200, 200))
    canvas.paste(Image.new("RGBA", (60, 40), (1, 2, 3, 255)), (70, 80))
    written = BytesIO()
    canvas.save(written, "PNG")

    with Image.open(BytesIO(read_logo(written.getvalue()).content)) as drawn:
        assert drawn.size == (60, 40)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "format"),
        (b"GIF89a" + b"\0" * 50, "format"),
        (b"not a picture", "format"),
        (picture()[:60], "format"),
        (picture(8, 8), "too_small"),
        (picture(6001, 16), "too_large"),
        (b"\x89PNG" + b"\0" * LARGEST_FILE, "too_large"),
    ],
)
def test_what_is_no_fit_picture_is_refused(file, code):
    with pytest.raises(Invalid) as refused:
        read_logo(file)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_icons_are_square_with_the_logo_or_the_first_letter():
    for logo in (None, read_logo(picture()).content):
        with Image.open(BytesIO(square_icon("Ñandú", "#0f766e", "#ffffff", logo, 192))) as icon:
            assert (icon.size, len(icon.getcolors(1 << 20)) > 1) == ((192, 192), True)


def test_a_logo_fits_into_a_frame():
    with Image.open(BytesIO(logo_within(read_logo(picture(64, 32)).content, 160, 50))) as drawn:
        assert drawn.size == (100, 50)
