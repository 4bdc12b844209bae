"""Which place of the menu a page belongs to."""

from uuid import UUID

import pytest

from fiel.staff.memberships import Membership
from fiel.staff.roles import Role
from fiel.web.ui.navigation import sections_for

# Every process names its tests alike.
SOMETHING = UUID(int=1)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("", "home"),
        ("members/", "members"),
        (f"members/{SOMETHING}/", "members"),
        ("reports/kpis/", "reports"),
        (f"jobs/{SOMETHING}/", None),
    ],
)
def test_a_page_lights_the_place_it_belongs_to_and_no_other(path, page):
    owner = Membership(SOMETHING, Role.OWNER, ())

    menu = sections_for(owner, "cafe-sol", f"/console/cafe-sol/{path}")

    here = [link.url for section in menu for link in section.links if link.is_here]
    expected = f"/console/cafe-sol/{page}/".replace("home/", "")
    assert here == ([] if page is None else [expected])
