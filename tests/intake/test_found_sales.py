"""Sales as a till looks for them."""

import pytest

from fiel.intake.found_sales import moment_of_number


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        ("000-000-001", 1),
        ("000000010", 29),
        # What looks alike is read as what it is, however it was typed.
        ("ooo ooo oiy", 29 + 28),
        ("000-000-0001", None),
        ("000-000-0Ñ1", None),
        ("T-1001", None),
    ],
)
def test_the_number_on_a_receipt_is_the_moment_in_letters_that_do_not_look_alike(number, moment):
    assert moment_of_number(number) == moment
