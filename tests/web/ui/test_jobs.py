"""Long jobs go on by themselves, say how far they are, and are not lost silently."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from fiel.web.ui.jobs import SECONDS_OF_SILENCE


@pytest.fixture
def kept(stage):
    """Puts a job into the database as a process would have left it; its path."""

    def keep(state, *, silent=0, **told):
        job, now = uuid4(), datetime.now(UTC)
        columns = {"share": 0.4, "says": "At it", "problem": "", "back_to": "", **told}
        with psycopg.connect(stage.database_url, autocommit=True) as owner:
            owner.execute(
                "INSERT INTO job (program_id, id, kind, title, state, started_at, beat_at,"
                " share, says, problem, back_to) VALUES (%s, %s, 'trial', 'A trial', %s, %s, %s,"
                " %s, %s, %s, %s)",
                [
                    stage.shop.program_id, job, state, now, now - timedelta(seconds=silent),
                    columns["share"], columns["says"], columns["problem"], columns["back_to"],
                ],
            )  # fmt: skip
        return f"/console/{stage.slug}/jobs/{job}/"

    return keep


def test_a_job_under_way_says_how_far_it_is_and_asks_again(stage, kept):
    page = stage.client("owner").get(kept("running")).text

    assert 'aria-valuenow="40"' in page
    assert "At it" in page
    assert "hx-get=" in page


def test_a_job_that_went_down_with_its_process_says_so(stage, kept):
    page = stage.client("owner").get(kept("running", silent=SECONDS_OF_SILENCE + 5)).text

    assert "cut off" in page
    assert "hx-get=" not in page


def test_a_job_that_failed_says_why(stage, kept):
    page = stage.client("owner").get(kept("failed", problem="No sales yet.")).text

    assert "No sales yet." in page


def test_a_job_of_another_program_is_not_there(stage, kept):
    path = kept("running").replace(stage.slug, "el-rival")

    assert stage.client("owner").get(path).status_code == 404
