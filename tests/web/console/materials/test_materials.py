"""Materials come as files that print, and their code leads to joining."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from fiel.connect.materials.designs import DESIGNS


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(document[0].get_textpage().get_text_bounded().split())


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_a_material_is_a_pdf_of_its_size_and_a_picture_of_its_width(stage, design):
    marketer = stage.client("marketer")
    pdf = marketer.get(f"/console/cafe-sol/materials/{design.name}.pdf")
    png = marketer.get(f"/console/cafe-sol/materials/{design.name}.png")

    document = pypdfium2.PdfDocument(pdf.content)
    page = document[0]
    assert pdf.headers["content-type"] == "application/pdf"
    assert round(page.get_width() * 25.4 / 72) == design.width
    assert round(page.get_height() * 25.4 / 72) == design.height
    assert Image.open(BytesIO(png.content)).width == design.pixels


def test_all_designs_can_be_asked_for_at_once(stage):
    with ThreadPoolExecutor(len(DESIGNS)) as browsers:
        asked = [
            browsers.submit(
                stage.client("owner").get, f"/console/cafe-sol/materials/{name}.png?width=200"
            )
            for name in DESIGNS
        ]
    assert [answer.result().status_code for answer in asked] == [200] * len(DESIGNS)


def test_a_poster_says_the_promise_in_the_language_that_is_asked_for(stage):
    def said(language):
        pdf = stage.client("owner").get(f"/console/cafe-sol/materials/poster.pdf?in={language}")
        return text_of(pdf.content)

    assert "You earn 1 point for every €1.00" in said("en")
    assert "Acumulas 1 punto por cada 1,00 €" in said("es")


def test_a_design_that_there_is_not_is_not_found(stage):
    assert stage.client("owner").get("/console/cafe-sol/materials/flag.pdf").status_code == 404


def test_a_cashier_makes_no_posters(stage):
    assert stage.client("cashier").get("/console/cafe-sol/materials/poster.pdf").status_code == 403


def test_the_email_leads_to_joining_and_cannot_carry_anothers_script(stage):
    page = stage.client("owner").get("/console/cafe-sol/materials/email.html?in=en")

    assert f'href="{stage.address}/m/cafe-sol/join/"' in page.text
    assert "Join Café Sol" in page.text
    assert "<script" not in page.text


def test_the_rules_are_a_page_and_a_pdf_for_anybody(stage):
    anybody = stage.client(None)
    page = anybody.get("/m/cafe-sol/rules/")
    pdf = anybody.get("/m/cafe-sol/rules.pdf")
    spanish = anybody.get("/m/cafe-sol/rules.pdf?language=es")
    after = anybody.get("/m/cafe-sol/rules/")

    assert "You earn 1 point for every €1.00" in page.text
    assert "You earn 1 point for every €1.00" in text_of(pdf.content)
    assert "Version 1" in text_of(pdf.content)
    assert "Acumulas 1 punto por cada 1,00 €" in text_of(spanish.content)
    assert "You earn 1 point for every €1.00" in after.text  # a file changes no page's language


def test_who_prints_is_told_that_a_code_leads_nowhere_yet(stage):
    page = stage.client("owner").get("/console/cafe-sol/materials/").text

    assert "The code leads to this computer alone" in page
    assert "Nobody can join by the code yet" in page
