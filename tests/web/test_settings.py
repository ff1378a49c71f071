"""Settings come from the environment; nonsense and unsafe production are refused with the variable's name."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from web import create_app
from web.demo.people import COLLEAGUES, PASSWORD
from web.settings import Settings, SettingsError

SECRET = "x" * 40


def test_everything_has_a_default() -> None:
    assert Settings.from_environment({}) == Settings()


def test_every_setting_is_read_from_its_variable() -> None:
    given = {
        "ZHIHUAN_DATABASE_URL": "sqlite:///x.sqlite",
        "ZHIHUAN_FILES": "/srv/files",
        "ZHIHUAN_PORT": "8123",
        "ZHIHUAN_COOKIE_SECURE": "1",
        "ZHIHUAN_TIMEZONE": "Europe/Berlin",
        "ZHIHUAN_LANGUAGE": "en",
    }
    settings = Settings.from_environment(given)
    assert (settings.database_url, settings.files, settings.port) == (
        "sqlite:///x.sqlite",
        Path("/srv/files"),
        8123,
    )
    assert (settings.cookie_secure, settings.timezone, settings.language) == (True, "Europe/Berlin", "en")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"), ("PORT", "http"), ("PORT", "0"), ("PORT", "-1"), ("COOKIE_SECURE", "maybe"),
        ("TIMEZONE", "Mars/Base"), ("TIMEZONE", "../etc"), ("LANGUAGE", "fr"), ("UPLOAD_MB", "lots"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_name_of_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"ZHIHUAN_{name}"):
        Settings.from_environment({f"ZHIHUAN_{name}": value})


@pytest.mark.parametrize("secret", [None, "short"])
def test_production_refuses_a_default_or_short_secret(secret: str | None) -> None:
    given = {"ZHIHUAN_ENV": "production"} | ({"ZHIHUAN_SECRET_KEY": secret} if secret else {})
    with pytest.raises(SettingsError, match="ZHIHUAN_SECRET_KEY"):
        Settings.from_environment(given)


def test_production_refuses_the_demo_people(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(env="production", secret_key=SECRET, database_url=url, cookie_secure=True)
    create_app(settings)
    with Session(database) as session, engine.transaction(session):
        for colleague in COLLEAGUES[:3]:
            engine.create_person(
                session, colleague.person_id, colleague.name, PASSWORD, by="system", reason="试用"
            )
    with pytest.raises(SettingsError, match="demo"):
        create_app(settings)


@pytest.mark.parametrize(("given", "warned"), [({}, False), ({"host": "0.0.0.0"}, True)])
def test_a_cookie_without_encryption_beyond_this_machine_is_warned_of(
    given: dict[str, str], warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    create_app(Settings(database_url="sqlite://", **given))
    assert ("ZHIHUAN_COOKIE_SECURE" in caplog.text) is warned


def test_serving_a_database_without_tables_is_refused_with_what_to_do(databases: Databases) -> None:
    command = [sys.executable, "-m", "web", "serve"]
    with databases.copy("bare") as url:
        environ = {"ZHIHUAN_DATABASE_URL": url, "PYTHONPATH": "."}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "python -m engine migrate" in done.stderr


def test_serving_a_database_that_is_not_there_is_refused_with_its_cause_and_without_secrets() -> None:
    command = [sys.executable, "-m", "web", "serve"]
    environ = {"ZHIHUAN_DATABASE_URL": "postgresql://somebody:hush@127.0.0.1:9/none", "PYTHONPATH": "."}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "127.0.0.1:9/none cannot be used" in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_zone_of_the_pages_is_a_setting(tmp_path: Path) -> None:
    app = create_app(Settings(database_url="sqlite://", timezone="Europe/Berlin"))
    assert "Europe/Berlin" in app.test_client().get("/sign-in").get_data(as_text=True)


def test_the_readme_lists_every_setting() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    missing = [name for name in Settings().__dict__ if f"`ZHIHUAN_{name.upper()}`" not in readme]
    assert missing == []
