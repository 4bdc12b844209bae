"""What holds for every page of the console: it opens, fits, keeps nobody out, and costs little."""

import pytest
from django.urls import reverse

from tests.web.pages import console_pages
from tests.web.stage import NARROW, WIDE, barriers, is_as_wide_as_its_screen

MOST_SCRIPT = 100_000
MOST_QUERIES = 20


def opened(stage, name):
    return reverse(f"console:{name}", args=[stage.slug])


@pytest.mark.parametrize("name", console_pages())
def test_a_page_opens_for_an_owner_with_few_questions_to_the_database(stage, name):
    client = stage.client("owner")
    path = opened(stage, name)
    answer = client.get(path)  # what is kept in memory is read once
    if answer.status_code in (302, 405):
        return  # it leads on, or is there for a form

    with stage.queries() as asked:
        answer = client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert asked.count < MOST_QUERIES, asked.statements


@pytest.mark.browser
@pytest.mark.parametrize("name", console_pages())
def test_a_page_fits_its_screen_and_keeps_nobody_out(browsing, name):
    path = opened(browsing, name)
    told = browsing.client("owner").get(path)
    if not told.text.lstrip().lower().startswith("<!doctype"):
        return  # it leads on, is there for a form, or is a part of a page
    # What moves is neither of its old colour nor of its new one while it does.
    page = browsing.page("owner", viewport=WIDE, language="es", reduced_motion="reduce")
    scripts = {}
    page.on("response", lambda answer: keep_script(scripts, answer))

    page.goto(f"{browsing.address}{path}")
    page.wait_for_load_state("networkidle")

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").count() == 1
    assert is_as_wide_as_its_screen(page)
    assert barriers(page) == []
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    assert is_as_wide_as_its_screen(page)
    assert barriers(page) == []
    assert sum(scripts.values()) < MOST_SCRIPT


def keep_script(scripts, answer):
    """Keep how large a script is; what draws charts may be larger."""
    if answer.url.endswith(".js") and "/charts-" not in answer.url:
        scripts[answer.url] = len(answer.body())
