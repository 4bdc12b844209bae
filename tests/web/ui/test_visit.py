"""Who comes to the console, and what is told to whoever may not."""

from uuid import uuid4

from fiel.staff.roles import Right, Role, rights_of


def a_job(stage):
    return f"/console/{stage.slug}/jobs/{uuid4()}/"


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(stage):
    path = a_job(stage)

    answer = stage.client(None).get(path)

    assert answer.status_code == 302
    assert answer.headers["location"] == f"/accounts/login/?next={path}"


def test_a_part_of_a_page_tells_who_was_signed_out_to_load_it_anew(stage):
    answer = stage.client(None).get(a_job(stage), headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


def test_a_program_that_one_does_not_work_for_is_not_there(stage):
    assert stage.client("owner").get("/console/el-rival/jobs/x/").status_code == 404


def test_a_cashier_has_no_console(stage):
    answer = stage.client("cashier").get(a_job(stage))

    assert answer.status_code == 403
    assert "Your role does not have this right." in answer.text


def test_a_job_that_is_not_there_is_not_found(stage):
    assert stage.client("owner").get(a_job(stage)).status_code == 404


def test_every_answer_says_what_a_page_may_load(stage):
    policy = (
        stage.client(None)
        .get("/accounts/login/", follow_redirects=True)
        .headers["content-security-policy"]
    )

    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_an_owner_may_everything_and_a_cashier_nothing():
    assert rights_of(Role.OWNER) == frozenset(Right)
    assert rights_of(Role.CASHIER) == frozenset()
    for role in (Role.MARKETER, Role.MANAGER, Role.FINANCE, Role.SUPPORT):
        assert Right.MANAGE_STAFF not in rights_of(role)
        assert Right.MANAGE_KEYS not in rights_of(role)
