"""The brand in the console: what is written is what members see, and what cannot be is said."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import override_settings
from PIL import Image

from tests.connect.wallets.makers import apple_files

SETTINGS = "/console/cafe-sol/settings/"
BRAND = {
    "name": "Sol", "color": "#7c2d12", "website": "cafe-sol.example",
    "email": "hola@cafe-sol.example", "phone": "600 111 222",
}  # fmt: skip


def a_logo():
    written = BytesIO()
    Image.new("RGBA", (300, 100), (1, 2, 3, 255)).save(written, "PNG")
    return written.getvalue()


def test_what_is_written_is_what_members_see(stage):
    owner = stage.client("owner")

    answer = owner.submit(SETTINGS, BRAND, files={"logo": ("logo.png", a_logo(), "image/png")})
    page = owner.get("/m/cafe-sol/").text

    assert answer.status_code == 302
    assert "--brand: #7c2d12" in page
    assert "Join Sol" in page
    assert "https://cafe-sol.example" in page
    with Image.open(BytesIO(owner.get("/m/cafe-sol/logo").content)) as logo:
        assert logo.size == (300, 100)
    assert owner.get("/m/cafe-sol/manifest.webmanifest").json()["theme_color"] == "#7c2d12"
    again = owner.get(SETTINGS).text
    assert 'value="Sol"' in again
    owner.submit(SETTINGS, {**BRAND, "name": "", "remove_logo": "on"})
    assert "Join Café Sol" in owner.get("/m/cafe-sol/").text
    with Image.open(BytesIO(owner.get("/m/cafe-sol/logo").content)) as logo:
        assert logo.size == (256, 256)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"color": "red"}, "color"),
        ({"website": "javascript:x"}, "website"),
        ({"email": "x"}, "email"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(stage, told, field):
    owner = stage.client("owner")

    answer = owner.submit(SETTINGS, BRAND | told)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert BRAND["phone"] in answer.text


def test_a_drawing_is_refused_as_a_logo(stage):
    owner = stage.client("owner")
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"

    answer = owner.submit(SETTINGS, BRAND, files={"logo": ("l.png", drawing, "image/png")})

    assert answer.status_code == 422
    assert 'id="id_logo_error"' in answer.text


def test_a_brand_is_looked_at_before_it_is_kept(stage):
    owner = stage.client("owner")

    shown = owner.submit(f"{SETTINGS}preview/", BRAND | {"color": "#ffee00"})

    assert "background:#ffee00;color:#000000" in shown.text
    assert "#ffee00" not in owner.get("/m/cafe-sol/").text


def test_only_who_may_changes_the_brand(stage):
    for role in ("cashier", "support", "finance", "manager"):
        assert stage.client(role).submit(SETTINGS, BRAND).status_code == 403


def test_what_wallets_need_is_said_until_it_is_there(stage, tmp_path, monkeypatch):
    owner = stage.client("owner")
    before = owner.get(SETTINGS).text
    for name, value in apple_files(tmp_path).items():
        monkeypatch.setenv(name, value)
    unreachable = owner.get(SETTINGS).text
    with override_settings(PUBLIC_URL="https://fiel.example"):
        after = owner.get(SETTINGS).text
    monkeypatch.setenv("FIEL_APPLE_PASS_PASSWORD", "another")
    broken = owner.get(SETTINGS).text

    # Google needs it too, as long as it is not set up.
    assert [page.count("FIEL_URL") for page in (before, unreachable, after)] == [1, 2, 1]
    assert "FIEL_APPLE_WWDR" not in unreachable
    assert "FIEL_APPLE_WWDR" in before
    assert "FIEL_APPLE_WWDR" not in after
    assert "cannot be opened" in broken
