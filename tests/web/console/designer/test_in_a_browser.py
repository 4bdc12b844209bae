"""A program is built in a browser: from a model, by forms, and as a text."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.stage import NARROW, WIDE, barriers, is_as_wide_as_its_screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("viewport", "language"), [(WIDE, "es"), (NARROW, "en")], ids=["wide-es", "narrow-en"]
)
def test_a_program_is_built_from_a_model_and_changed_by_forms_and_as_a_text(
    browsing, viewport, language
):
    page = browsing.page("owner", viewport=viewport, language=language)

    def fits():
        page.wait_for_load_state("networkidle")
        assert is_as_wide_as_its_screen(page)
        assert barriers(page) == []

    # A model joins what is there.
    page.goto(browsing.console("designer/models/"))
    fits()
    page.locator("button[name=model][value=club]").click()
    page.wait_for_url("**/designer/")
    fits()

    # A rule is changed, and its words change as it is typed.
    page.goto(browsing.console("designer/earn/entry/club-day/"))
    page.locator("[name='multiply:']").fill("3")
    expect(page.locator("#beside-told .designer-entry")).to_contain_text(re.compile(r"\b3\b"))
    page.locator("#beside input[name=words][value=en]").check()
    expect(page.locator("#beside-told .designer-entry")).to_contain_text("multiplied by 3")

    # Its condition is built from rows.
    builder = page.locator("[data-conditions]")
    builder.locator("[data-at=':add']").click()
    builder.locator("[data-at='0:attribute']").select_option("line.category")
    builder.locator("[data-at='0:operator']").select_option("one_of")
    page.locator(".designer-save button[type=submit]").click()
    expect(builder.locator(".conditions-row .invalid-feedback")).to_be_visible()
    builder.locator("[data-at='0:value']").fill("cafe")
    builder.locator("[data-at='0:value']").press("Enter")
    builder.locator("[data-at='0:value']").fill("te")
    builder.locator("[data-at='0:value']").press("Enter")
    expect(page.locator("#held-where code")).to_have_text('line.category in ["cafe", "te"]')

    # What is wrong is told at its field, and is no loss.
    page.locator("[name='multiply:']").fill("lots")
    expect(page.locator("#fault-multiply .invalid-feedback")).to_be_visible()
    fits()
    page.locator("[name='multiply:']").fill("3")
    expect(page.locator("#fault-multiply .invalid-feedback")).to_have_count(0)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(".designer-save button[type=submit]").click()
    expect(page.locator("[name='multiply:']")).to_have_value("3")
    expect(page.locator("[data-at='0:attribute']")).to_have_value("line.category")
    fits()

    # A sale is tried on it, beside what is in force.
    page.goto(browsing.console("designer/try/"))
    line = page.locator(".try-line").first
    line.locator("[name=category]").fill("cafe")
    line.locator("[name=quantity]").fill("1")
    line.locator("[name=price]").fill("10")
    page.locator("[name=day]").fill("2026-03-04")  # a Wednesday
    page.locator("[name=hour]").fill("12:00")
    expect(page.locator("#try-result .figure-big").first).to_contain_text("30")
    expect(page.locator("#try-result .figure-big").last).to_contain_text("10")
    fits()

    # The same in the document, and back.
    page.goto(browsing.console("designer/document/"))
    text = page.locator("textarea[name=source]")
    assert 'where: \'line.category in ["cafe", "te"]\'' in text.input_value()
    text.fill(text.input_value().replace("multiply: 3", "multiply: thrice"))
    expect(page.locator("#document-faults .is-error")).to_have_count(1)
    expect(page.locator(".editor-numbers .is-error")).to_have_count(1)
    text.fill(text.input_value().replace("multiply: thrice", "multiply: 4"))
    expect(page.locator("#document-faults .is-error")).to_have_count(0)
    fits()
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(".designer-save button[type=submit]").click()
    page.goto(browsing.console("designer/earn/entry/club-day/"))
    expect(page.locator("[name='multiply:']")).to_have_value("4")
    page.wait_for_load_state("networkidle")

    # The draft is let go.
    page.goto(browsing.console("designer/"))
    page.locator("form[action$='discard/'] button").click()
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("dialog .btn-primary").click()
    expect(page.locator("form[action$='discard/']")).to_have_count(0)


def test_a_question_shows_when_it_goes_with_what_was_answered(browsing):
    page = browsing.page("owner", language="en")
    page.goto(browsing.console("designer/earn/entry/base/"))
    expect(page.locator("#q-multiply")).to_be_hidden()
    page.locator("input[name='how:'][value=multiply]").check()
    expect(page.locator("#q-multiply")).to_be_visible()
    expect(page.locator("[name='multiply:']")).to_have_value("2")
    expect(page.locator("#q-give")).to_be_hidden()
    page.locator("[name='event:']").select_option("birthday")
    expect(page.locator("#q-how")).to_be_hidden()
    expect(page.locator("#q-give")).to_be_visible()
    page.locator("[data-conditions] .conditions-turn").click()
    expect(page.locator("[name='where:text']")).to_be_visible()
    page.wait_for_load_state("networkidle")
