"""What Prometheus reads: what this process counted, and how the work in the database stands."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from engine.commands.worker import run_due
from tests.engine.test_jobs import BROKEN
from tests.web.pages import Site

TOKEN = "a-token-for-the-monitor"


def numbers(client: FlaskClient, **headers: str) -> dict[tuple[str, ...], float]:
    """Every number, by its name and the values of its labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    samples = (sample for family in families for sample in family.samples)
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


@pytest.fixture
def fresh(site: Site) -> Site:
    """The pages, whose gauges are read anew every time."""
    site.app.extensions["zhihuan_numbers"].__init__(0)
    return site


def test_completions_are_counted_when_they_are_committed(site: Site) -> None:
    case, client = site.case("p", gist="x"), site.app.test_client()
    before = numbers(client)["zhihuan_completions_total",]
    address = site.task(case, "UT_do")
    assert site.as_("cs").post(address, note="").status == 422
    assert numbers(client)["zhihuan_completions_total",] == before
    assert site.as_("cs").post(address, note="做好了", _revision="1").status == 302
    assert numbers(client)["zhihuan_completions_total",] == before + 1


def test_refusals_are_counted_once_by_their_code(site: Site) -> None:
    case, client = site.case("p", gist="x"), site.app.test_client()
    address, qa = site.task(case, "UT_do"), site.as_("qa")
    before = numbers(client)
    assert qa.post(f"{address}/claim").status in (403, 404)
    after = numbers(client)
    told = {key: after[key] - before.get(key, 0) for key in after if key[0] == "zhihuan_refusals_total"}
    assert sum(told.values()) == 1, told


def test_open_tasks_are_shown_by_group(fresh: Site) -> None:
    fresh.case("p", gist="x")
    fresh.case("p", gist="y")
    assert numbers(fresh.app.test_client())["zhihuan_tasks_open", "cs"] == 2


def test_due_jobs_their_lag_and_incidents_are_shown(fresh: Site) -> None:
    home, client = fresh.house.deploy(BROKEN), fresh.app.test_client()
    home.clock.advance(hours=-2)
    home.start("p", gist="not a date")
    assert numbers(client)["zhihuan_jobs_due",] == 2  # its timer, and a task of which nobody was told
    run_due(home.session.get_bind(), now=home.clock.now)
    found = numbers(client)
    assert found["zhihuan_jobs_due",] == 1
    assert 3500 < found["zhihuan_job_lag_seconds",] < 3700
    assert found["zhihuan_jobs_failed",] == found["zhihuan_incidents_open",] == 0


def test_how_long_no_worker_has_looked_is_shown_though_nothing_is_due(fresh: Site) -> None:
    client, database = fresh.app.test_client(), fresh.house.session.get_bind()
    assert numbers(client)["zhihuan_worker_last_seen_seconds",] == float("inf")
    run_due(database, now=fresh.house.clock.now - timedelta(minutes=5))
    assert 300 <= numbers(client)["zhihuan_worker_last_seen_seconds",] < 330
    run_due(database)
    assert numbers(client)["zhihuan_worker_last_seen_seconds",] < 30


def test_answers_are_counted_by_endpoint_and_status(site: Site) -> None:
    client = site.app.test_client()
    key, lost = ("auth.sign_in", "GET", "200"), ("none", "GET", "404")
    before = numbers(client)
    client.get("/sign-in")
    client.get("/no/such/place")
    client.get("/nor/this")
    after = numbers(client)
    name = "zhihuan_http_requests_total"
    assert after[(name, *key)] - before.get((name, *key), 0) == 1
    assert after[(name, *lost)] - before.get((name, *lost), 0) == 2


def test_only_programs_on_this_machine_read_it_and_none_behind_a_proxy(site: Site) -> None:
    client = site.app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403


def test_a_token_opens_it_from_anywhere_and_is_then_needed_everywhere(site: Site) -> None:
    settings = site.app.config["SETTINGS"]
    site.app.config["SETTINGS"] = type(settings)(**settings.__dict__ | {"metrics_token": TOKEN})
    client = site.app.test_client()
    far = {"REMOTE_ADDR": "10.1.2.3"}
    for wrong in ({}, {"Authorization": "Bearer no"}, {"Authorization": "Bearer é"}):
        assert client.get("/metrics", headers=wrong).status_code == 403
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=right, environ_base=far).status_code == 200


@pytest.mark.long
def test_processes_that_share_a_folder_count_together(tmp_path: Path) -> None:
    """PROMETHEUS_MULTIPROC_DIR, as prometheus-client documents it."""
    count = "from engine import measures; measures.COMPLETIONS.inc()"
    read = (
        "from web import create_app; from web.settings import Settings\n"
        "app = create_app(Settings(database_url='sqlite://'))\n"
        "print(app.test_client().get('/metrics').get_data(as_text=True))"
    )
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(3):
        subprocess.run([sys.executable, "-c", count], env=environ, check=True)
    told = subprocess.run([sys.executable, "-c", read], env=environ, check=True, capture_output=True)
    assert b"zhihuan_completions_total 3.0" in told.stdout
