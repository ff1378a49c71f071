"""The disk is full, or the database can only be read: people are told what to do, nothing is lost or half
done, and work goes on by itself as soon as it can. Real servers and workers, on SQLite and PostgreSQL."""

import io
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from engine.errors import DiskFull
from engine.records.files import path_of, store
from tests.crash.cluster import cluster, owned
from tests.crash.disks import disk
from tests.crash.people import Remembered
from tests.crash.rig import disturbed
from tests.databases import Databases, PostgresDatabases, only_on_postgres, only_on_sqlite, postgres_url
from tests.drive import PASSWORD, PNG
from tests.fleet import Fleet
from tests.online import Answer, Browser, Pairs

FULL = {"zh": "磁盘已满，未保存任何内容。", "en": "The disk is full. Nothing was stored."}
READ_ONLY = {"zh": "数据库目前只能读取，未保存任何内容。", "en": "The database can only be read now."}
PATIENCE = 30.0  # seconds until trouble is felt
START = "/processes/asking/start"


class Asker:
    """Somebody who tries to start a case while there is trouble, in one language."""

    def __init__(self, urls: list[str], person: str, language: str) -> None:
        self.browser = Browser(urls)
        assert self.browser.sign_in(person, PASSWORD).status == 302
        token = dict(self.browser.get("/").form("//form[.//input[@name='csrf_token']]") or [])["csrf_token"]
        self.browser.post("/language", [("csrf_token", token), ("language", language)])
        form = self.browser.get(START).form("//form[.//*[@name='gist']]") or []
        self.form: Pairs = [(name, value) for name, value in form if name != "gist"]
        self.name = language
        self.browser.close()

    def refused(self, memory: Remembered) -> Answer:
        """The page that refuses to start the case; there may be room for some before."""
        give_up, number = time.monotonic() + PATIENCE, 0
        while time.monotonic() < give_up:
            number += 1
            gist = f"{self.name}/{number}"
            answer = self.browser.post(START, [*self.form, ("gist", gist)])
            if answer.status != 302:
                return answer
            memory.started.add(gist)
        raise AssertionError("no trouble")


def trouble(
    url: str,
    folder: Path,
    begin: Callable[[Fleet], None],
    end: Callable[[], None],
    said: dict[str, str],
    python: Sequence[str] = (sys.executable,),
    cut: bool = False,
) -> None:
    """Lets people work, begins trouble, checks what the pages say, ends it, and lets everything finish.

    What the pages refused must not be there afterwards, and no process may have died. `cut`: the trouble cuts
    connections, each of which may say so once before the database says what it is."""
    seed = random.randrange(10**6)
    told: dict[str, tuple[int, str]] = {}

    def disturb(fleet: Fleet, memory: Remembered) -> None:
        askers = {lang: Asker(fleet.urls, who, lang) for lang, who in (("zh", "staff2"), ("en", "vp"))}
        time.sleep(2)
        begin(fleet)
        for language, asker in askers.items():
            answer = asker.refused(memory)
            for _ in range(9 if cut else 0):
                if said[language] not in answer.body:
                    answer = asker.refused(memory)
            told[language] = answer.status, answer.body
            asker.browser.close()
        time.sleep(3)
        end()
        assert fleet.dead == []

    outcome = disturbed(url, folder, 1, seed, disturb, frozenset({503}), python)
    for language, sentence in said.items():
        status, body = told[language]
        assert (status, sentence in body) == (503, True), body[-1500:]
    print(outcome.line(url, seed, "trouble"), outcome.memory.answers)
    assert outcome.faults == [], f"seed {seed}"


@pytest.mark.long
def test_a_full_disk_under_sqlite(databases: Databases, tmp_path: Path) -> None:
    only_on_sqlite("its file lies on a small disk")
    with disk(tmp_path / "disk", 48) as small:
        url = f"sqlite:///{small.folder / 'zhihuan.sqlite'}"
        trouble(url, tmp_path, lambda _: small.fill(), small.free, FULL)


@pytest.mark.long
def test_a_read_only_file_under_sqlite(databases: Databases, tmp_path: Path) -> None:
    """The servers are started again while the file may only be read, and not when that is over.

    Somebody else, a backup say, has it open: so the files beside it stay, and stay writable."""
    only_on_sqlite("its file is made read-only")
    path = tmp_path / "zhihuan.sqlite"
    backup = sqlite3.connect(path)

    def lock(fleet: Fleet) -> None:
        for member in fleet.members:
            member.end()
        backup.execute("SELECT count(*) FROM person").fetchall()
        path.chmod(0o444)
        fleet.start()

    plain = (sys.executable, "-m", "tests.unprivileged")
    trouble(f"sqlite:///{path}", tmp_path, lock, lambda: path.chmod(0o644), READ_ONLY, plain)
    backup.close()


def test_a_full_disk_under_attachments(tmp_path: Path) -> None:
    """No half of a file stays, and the whole one is kept as soon as there is room."""
    with disk(tmp_path / "disk", 1) as small:
        small.fill()
        with pytest.raises(DiskFull):
            store(small.folder / "files", "照片.png", io.BytesIO(PNG))
        small.free()
        kept = store(small.folder / "files", "照片.png", io.BytesIO(PNG))
        files = [path for path in (small.folder / "files").rglob("*") if path.is_file()]
        assert files == [path_of(small.folder / "files", kept.sha256)]


@pytest.mark.postgres
def test_a_full_disk_under_postgres(databases: Databases, tmp_path: Path) -> None:
    """The tables lie on a small disk; the log of the server, as it should, on another one."""
    only_on_postgres("a table space on a small disk")
    with cluster() as server, disk(server.folder / "disk", 96) as small:
        owned(small.folder)
        do(server.url, f"CREATE TABLESPACE small LOCATION '{small.folder}'")
        do(server.url, "ALTER DATABASE template1 SET TABLESPACE small")
        made = PostgresDatabases(server.url)
        with made.copy("bare") as url:
            trouble(url.partition("?")[0], tmp_path, lambda _: small.fill(), small.free, FULL)
        made.close()


@pytest.mark.postgres
def test_a_read_only_database_under_postgres(
    databases: Databases, server: PostgresDatabases, tmp_path: Path
) -> None:
    only_on_postgres("a default of its sessions")
    with server.copy("bare") as url:
        name = make_url(url).database
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

        def lock(_: Fleet) -> None:
            do(postgres_url() or "", f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            do(postgres_url() or "", cut)

        def unlock() -> None:
            do(postgres_url() or "", f"ALTER DATABASE {name} RESET default_transaction_read_only")

        trouble(url, tmp_path, lock, unlock, READ_ONLY, cut=True)


def do(url: str, statement: str) -> None:
    """One statement of the server's owner."""
    plain = make_url(url).set(drivername="postgresql+psycopg")
    database = create_engine(plain, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with database.connect() as connection:
        connection.execute(text(statement))
