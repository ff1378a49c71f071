"""Settings come from the environment; nonsense and unsafe production are refused with the variable's name."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
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
        one = COLLEAGUES[7]
        engine.create_person(session, one.person_id, one.name, PASSWORD, by="system", reason="试用")
    with pytest.raises(SettingsError, match=rf"demo people of this database \({one.person_id}\)"):
        create_app(settings)
    with Session(database) as session, engine.transaction(session):
        engine.set_active(session, one.person_id, False, by="system", reason="试用结束")
    create_app(settings)


def test_production_welcomes_people_who_only_are_called_like_the_demo_people(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    with Session(database) as session, engine.transaction(session):
        for one in COLLEAGUES[:4]:
            engine.create_person(session, one.person_id, one.name, SECRET, by="system", reason="入职")
    create_app(Settings(env="production", secret_key=SECRET, database_url=url, cookie_secure=True))


@pytest.mark.parametrize(("given", "warned"), [({}, False), ({"host": "0.0.0.0"}, True)])
def test_a_cookie_without_encryption_beyond_this_machine_is_warned_of(
    given: dict[str, str], warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    create_app(Settings(database_url="sqlite://", **given))
    assert ("ZHIHUAN_COOKIE_SECURE" in caplog.text) is warned


def serving(module: str, url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What a server that refuses to start says, or what importing `module` for one does."""
    command = [sys.executable, *(["-m", "web", "serve"] if module == "web" else ["-c", f"import {module}"])]
    given = {f"ZHIHUAN_{name}": value for name, value in settings.items()}
    environ = {"ZHIHUAN_DATABASE_URL": url, "ZHIHUAN_LANGUAGE": "en", "PYTHONPATH": ".", **given}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(("module", "status"), [("web", 2), ("web.wsgi", 3)])
@pytest.mark.parametrize("older", [False, True])
def test_serving_a_database_without_this_schema_is_refused_with_what_to_do(
    module: str, status: int, older: bool, databases: Databases
) -> None:
    with databases.copy("empty" if older else "bare") as url:
        if older:
            database = engine.create_database_engine(url)
            with database.begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '0017'"))
            database.dispose()
        done = serving(module, url)
    assert done.returncode == status
    assert "run `python -m engine migrate` first" in done.stderr


@pytest.mark.parametrize(("module", "status"), [("web", 2), ("web.wsgi", 3)])
@pytest.mark.parametrize("env", ["development", "production"])
def test_serving_a_database_that_is_not_there_is_refused_with_its_cause_and_without_secrets(
    module: str, status: int, env: str
) -> None:
    address = "postgresql://somebody:hush@127.0.0.1:9/none"
    done = serving(module, address, ENV=env, SECRET_KEY=SECRET)
    assert done.returncode == status
    assert "127.0.0.1:9/none cannot be used" in done.stderr
    assert "hush" not in done.stderr


def test_serving_at_a_taken_port_is_refused_with_the_port_and_the_setting(databases: Databases) -> None:
    with databases.copy("empty") as url, socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serving("web", url, PORT=port)
        working = [sys.executable, "-m", "engine", "worker", "--database-url", url, "--metrics-port", port]
        told = subprocess.run(
            [*working, "--lang", "zh"], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert "ZHIHUAN_PORT" in done.stderr
    assert told.returncode != 0
    assert f"无法在 127.0.0.1:{port} 监听" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_zone_of_the_pages_is_a_setting(tmp_path: Path) -> None:
    app = create_app(Settings(database_url="sqlite://", timezone="Europe/Berlin"))
    assert "Europe/Berlin" in app.test_client().get("/sign-in").get_data(as_text=True)


def test_the_readme_lists_every_setting() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    missing = [name for name in Settings().__dict__ if f"`ZHIHUAN_{name.upper()}`" not in readme]
    assert missing == []
