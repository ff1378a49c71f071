"""Every page and every error carries the policy by which a browser runs, loads and sends nothing foreign."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from tests.drive import PASSWORD
from tests.web.access import Company, company
from tests.web.test_access_table import TABLE
from web.draft_editors import STYLES
from web.security import POLICY, SANDBOX

with TABLE.open(encoding="utf-8", newline="") as written:
    READ = [row for row in csv.DictReader(written) if row["verb"] == "GET"]
MODELER = "/drafts/<draft_id>/edit/<name>"
PICTURES = {"'self'", "data:"}  # the viewer's stylesheet draws one arrow as data
OWN = {"'self'"}, {"'none'"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The company; the policy is about the application, the database makes no difference."""
    made = company(tmp_path_factory.mktemp("policy") / "files")
    made.app.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    made.database.dispose()


def directives(answer: TestResponse) -> dict[str, set[str]]:
    """The policy of an answer: each directive with its sources."""
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    parts = [part.split() for part in policy.split(";")]
    assert len({name for name, *_ in parts}) == len(parts), policy
    return {name: set(sources) for name, *sources in parts}


def check(answer: TestResponse) -> None:
    """The headers of an answer let in our own files and nothing else."""
    policy = directives(answer)
    assert policy["default-src"] in OWN
    for name, sources in policy.items():
        if name.endswith("-src"):
            assert sources in OWN or (name, sources) == ("img-src", PICTURES), (name, sources)
    for name in ("base-uri", "frame-ancestors"):
        assert policy[name] == {"'none'"}
    assert policy["form-action"] in OWN
    check_beside(answer)


def check_beside(answer: TestResponse) -> None:
    """The headers beside the policy."""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    check_markup(answer)


def check_markup(answer: TestResponse) -> None:
    """The page needs no exception: no script, style or handler stands in its text."""
    if answer.mimetype != "text/html":
        return
    page = html.fromstring(answer.get_data())
    assert not page.xpath(
        "//script[not(@src)][not(@type='application/json')] | //style | //*[@style] | //base"
    )
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    linked = page.xpath("//script/@src | //link/@href | //img/@src | //form/@action | //iframe/@src")
    assert not [address for address in linked if "//" in address.replace("http://localhost", "")]


@pytest.mark.parametrize("row", READ, ids=lambda row: row["route"])
def test_every_page_carries_the_policy_for_everybody(here: Company, row: dict[str, str]) -> None:
    """Whoever may read it and whoever may not: the modeler has the one exception, tested below."""
    seen = {row[role]: role for role in row if role not in ("route", "verb")}
    for role in seen.values():
        answer = here.answer(role, row["route"])
        assert answer.status_code < 500
        if row["route"] == MODELER and row[role] == "allowed":
            check_beside(answer)
        else:
            check(answer)


def test_the_modeler_has_the_policy_and_one_exception_for_the_style_attributes_that_it_writes(
    here: Company,
) -> None:
    """Its library sets seven style attributes; each is let in by its hash. Scripts get no exception."""
    policy = directives(here.answer("owner", MODELER))
    exception = policy.pop("style-src-attr")
    assert policy == directives(here.answer("owner", "/help"))
    assert "'unsafe-hashes'" in exception
    assert all(source.startswith("'sha256-") for source in exception - {"'unsafe-hashes'"})
    assert len(exception) == len(STYLES) + 1


def test_a_file_that_somebody_brought_is_no_page_of_ours(here: Company) -> None:
    """Attachments, files of drafts and bundles are downloads; shown all the same they run nothing."""
    for route in ("/drafts/<draft_id>/files/<name>", "/processes/<process_id>/versions/<int:version>.zip"):
        answer = here.answer("owner", route)
        assert answer.headers["Content-Security-Policy"] == SANDBOX
        assert answer.headers["Content-Disposition"].startswith("attachment")


def refused(app: Flask, person: str | None, verb: str, path: str, **facts: object) -> TestResponse:
    """What somebody is answered; he signs in first."""
    client = app.test_client()
    if person:
        client.post("/sign-in", data={"username": person, "password": PASSWORD})
    return client.open(path, method=verb, buffered=True, **facts)


ERRORS: dict[int, tuple[str | None, str, str, dict[str, object]]] = {
    400: ("owner", "POST", "/drafts/{draft_id}/files/other.bpmn", {"data": {}}),
    403: ("staff", "GET", "/drafts", {}),
    404: ("staff", "GET", "/nowhere", {}),
    405: ("staff", "DELETE", "/help", {}),
    409: ("owner", "POST", "/publishing/{draft_id}/approve", {"data": {"password": PASSWORD}}),
    422: ("owner", "POST", "/drafts/{draft_id}/discard", {"data": {"reason": ""}}),
}


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_page_carries_the_policy(here: Company, status: int) -> None:
    here.put_back()
    person, verb, path, facts = ERRORS[status]
    answer = refused(here.app, person, verb, path.format(**here.places), **facts)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    check(answer)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409])
def test_every_refusal_of_a_program_carries_the_policy(here: Company, status: int) -> None:
    here.put_back()
    held = {"suspended": True, "reason": "x"}
    person, verb, path, facts = {
        400: ("cs", "POST", "/message", {"json": {}}),
        401: ("cs", "GET", "/version", {"auth": ("cs", "wrong")}),
        403: ("cs", "PUT", "/process-instance/{instance_id}/suspended", {"json": held}),
        404: ("cs", "GET", "/nowhere", {}),
        405: ("cs", "DELETE", "/version", {}),
        409: ("it", "POST", "/external-task/{work}/complete", {"json": {"workerId": "nobody"}}),
    }[status]
    address = f"/engine-rest{path.format(**here.places)}"
    answer = here.app.test_client().open(address, method=verb, **{"auth": (person, PASSWORD), **facts})
    assert (answer.status_code, answer.mimetype) == (status, "application/json"), answer.text
    check(answer)


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Flask]:
    """A company where one attempt a minute is enough, and a page has a fault of ours in it."""
    made = company(tmp_path / "files", sign_in_limit="1 per minute", api_limit="1 per minute", upload_mb=1)
    for path in ("/fault", "/engine-rest/fault"):
        made.app.add_url_rule(path, path, lambda: 1 // 0)
    made.app.config["PROPAGATE_EXCEPTIONS"] = False
    yield made.app
    made.database.dispose()


def test_a_fault_of_ours_too_many_attempts_and_too_much_at_once_carry_the_policy(narrow: Flask) -> None:
    """On a page and for a program."""
    wrong, known = {"username": "cs", "password": "guess"}, ("cs", PASSWORD)
    pages = [refused(narrow, None, "GET", "/fault")]
    pages += [refused(narrow, None, "POST", "/sign-in", data=wrong) for _ in range(2)]
    pages += [refused(narrow, None, "POST", "/language", data={"language": "x" * 2_000_000})]
    told = [narrow.test_client().get("/engine-rest/version", auth=known) for _ in range(2)]
    told += [narrow.test_client().get("/engine-rest/fault", auth=known)]
    assert [answer.status_code for answer in pages] == [500, 422, 429, 413]
    assert [answer.status_code for answer in told] == [200, 429, 500]
    for answer in (*pages, *told):
        check(answer)


def test_the_policies_say_what_they_are_believed_to_say() -> None:
    for policy in (POLICY, SANDBOX):
        assert "unsafe" not in policy
        assert "http" not in policy
