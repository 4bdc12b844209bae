"""Too many requests are refused, and it is said when to come again."""

from __future__ import annotations

from tests.api.server import running_server
from tests.api.shop import Shop


def test_a_key_that_asks_too_often_waits(database_url, monkeypatch):
    monkeypatch.setenv("FIEL_RATE_LIMIT", "3")
    with running_server(database_url) as url:
        shop = Shop(url, database_url)
        answers = [shop.http.get("/program") for _ in range(4)]
        shop.close()

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.json()["code"] == "rate_limited"
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert refused.headers["ratelimit"].startswith('"key";r=0;t=')
    assert refused.headers["ratelimit-policy"] == '"key";q=3;w=60'
