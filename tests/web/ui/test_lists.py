"""Lists are cut into pages, sorted by what they have, and written for spreadsheets."""

import pytest
from django.test import RequestFactory

from fiel.platform.schema import set_django_up
from fiel.web.ui.lists import csv_response, page_number, page_of, sorting


@pytest.fixture
def asked():
    set_django_up()
    return lambda query: RequestFactory().get(f"/?{query}")


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 1), ("page=3", 3), ("page=0", 1), ("page=-2", 1), ("page=x", 1), ("page=99999999999", 1)],
)
def test_a_page_that_is_no_number_is_the_first(asked, query, number):
    assert page_number(asked(query)) == number


def test_one_row_more_than_fits_says_that_there_is_another_page():
    page = page_of([1, 2, 3], 2, size=2)

    assert (list(page), page.before, page.after) == ([1, 2], 1, 3)
    assert page_of([1, 2], 1, size=2).after is None


def test_only_columns_that_a_list_has_are_sorted_by(asked):
    columns = {"name": "name", "joined": "joined_at"}

    assert sorting(asked("sort=-joined"), columns, "name") == ("joined_at", True)
    assert sorting(asked("sort=id;drop"), columns, "name") == ("name", False)


def test_a_spreadsheet_runs_nothing_of_a_file():
    written = csv_response("socios", ["name", "points"], [["=1+1", -5], ["-3.5", None]])

    assert written.content.decode() == "\ufeffname,points\r\n'=1+1,-5\r\n-3.5,\r\n"
    assert written["Content-Disposition"] == 'attachment; filename="socios.csv"'
