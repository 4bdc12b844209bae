"""What no text can have and nobody types is refused before a page reads it."""


def test_a_nul_in_an_address_or_a_form_is_refused(stage):
    client = stage.client("owner")
    asked = [
        client.get(stage.console(path)).status_code
        for path in ("members/?q=a%00b", "members/?store=a%00b", "rewards/a%00b/")
    ]
    told = client.submit(stage.console("launch/add/"), {"title": "a\x00b", "owner": "", "due": ""})

    assert asked == [400, 400, 400]
    assert told.status_code == 400


def test_a_form_that_nobody_types_is_refused(stage):
    client = stage.client("owner")
    large = client.submit(stage.console("launch/add/"), {"title": "a" * 6_000_000})
    many = client.submit(stage.console("launch/add/"), {f"field{n}": "a" for n in range(6_000)})

    assert [large.status_code, many.status_code] == [413, 413]
