"""What the build made is found by the names that pages use."""

import pytest

from fiel.web.ui.built import BUILT, NotBuilt, asset, icon_paths


def test_an_entry_has_a_script_and_styles_named_by_their_content():
    console = asset("console")

    assert console.script.startswith("/static/assets/console-")
    for file in (console.script, *console.styles, *console.preloads):
        assert (BUILT / file.removeprefix("/static/")).is_file()
    assert console.styles


def test_an_entry_that_is_none_says_how_to_make_it():
    with pytest.raises(NotBuilt, match="make setup"):
        asset("nothing")


def test_an_icon_that_was_not_gathered_is_empty():
    assert "<path" in icon_paths("check")
    assert icon_paths("no-such-icon") == ""
