"""Whatever is submitted: refused with the field and the reason in both languages, and nothing stored."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    AlreadyEnded,
    EngineError,
    FileTooLarge,
    FormInvalid,
    InstanceNotFound,
    NotACandidate,
    NotAllowed,
    ProcessNotFound,
    ReasonRequired,
    StaleTask,
    TaskNotFound,
    TaskNotOpen,
    UnkeepableText,
    WrongFileType,
)
from engine.records.files import MAX_BYTES
from tests.databases import Databases
from tests.drive import PNG, Case, Clock, House, contents, sign_up
from tests.engine.houses import REWORK
from tests.web.drawn import FILES

E = TypeVar("E", bound=EngineError)
GOOD: dict[str, object] = {"name": "王芳", "pieces": "3", "ours": "是"}


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A database with two processes and people; refusals leave it as it is."""
    folder = tmp_path_factory.mktemp("house")
    with databases.copy("empty") as url:
        database: Engine = engine.create_database_engine(url)
        with Session(database) as session:
            sign_up(session)
            yield House(session, Clock(), folder / "files").deploy({**REWORK, **FILES})
        database.dispose()


@pytest.fixture(scope="module")
def case(house: House) -> Case:
    """A case that waits at UT_fill."""
    return house.start("every", **GOOD)


def refused(house: House, kind: type[E], verb: Callable[[Session], object]) -> E:
    """Runs a verb as an edge would, expects its refusal in two languages, and every row as it was."""
    before = contents(house.session)
    with pytest.raises(kind) as refusal, engine.transaction(house.session):
        verb(house.session)
    assert contents(house.session) == before
    assert refusal.value.message("zh") != refusal.value.message("en")
    return refusal.value


def fill(case: Case, values: dict[str, object], as_: str = "cs") -> Callable[[Session], object]:
    """Completes UT_fill with these values."""
    at, task = case.house, case.task("UT_fill")
    return lambda session: engine.complete_task(session, task.id, at.actor(as_), values, now=at.clock.now)


NUL, HALF = "a\x00b", "a\ud800b"
NEVER = [NUL, HALF, "a\x1bb", "a\x7fb", "a\x85b", {"a": 1}, [1], [["a"]], 1.5, True, b"bytes", object()]
WRONG: dict[str, list[object]] = {
    "name": [*NEVER, "x" * 201, "x" * 3_000_000, "a\nb"],
    "story": [*NEVER, "x" * 10_001],
    "pieces": [
        "a", "1e9", "0x10", "1_000", "1,5", "0", "-1", "1.5", 1.5, "9" * 400, 10**400, 10**15,
        float("nan"), float("inf"), float("-inf"), "NaN", "Infinity", True, [1, 2], {"a": 1}, NUL, HALF, b"3",
    ],
    "day": ["2026-02-30", "22.11.2026", "2026-11-22T10:00", "0001-01-01", "99999-01-01", 20261122, ["x"]],
    "moment": ["2026-11-22", "25:00", "2026-11-22 25:00", "2026-11-22T10:00+99:00", 1.7e9, {}, NUL, HALF],
    "state": ["旧的", "新 ", "new", 0, True, ["新", "旧"], {"新": 1}, NUL, HALF],
    "ours": ["也许", "true", 1, ["是"], {"是": 1}, HALF],
    "kinds": [["甲", "丁"], "丁", [["甲"]], [{"a": 1}], {"甲": True}, 7, ["甲", NUL]],
    "urgent": ["yes", "1", 2, ["on", "on"], {"a": 1}, HALF],
    "owner": ["nobody", "cs", "qa' OR '1'='1", ["qa"], {"id": "qa"}, 5, NUL, HALF, "x" * 10_000],
    "depts": [["nobody"], "none", [["qa"]], {"qa": 1}, 5, [NUL], [HALF], ["qa"] * 51],
    "photos": [["none"], "../../etc/passwd", [["x"]], {"id": 1}, 5, [NUL], [HALF], ["x"] * 21],
    "actions": [
        "x", 5, {"what": "a"}, ["x"], [["what"]], [{"what": "a"}] * 1_001, [{"what": ""}, {"due": "soon"}],
        [{"what": NUL}], [{"what": HALF}], [{"what": "a", "typename": "x"}],
        [{"what": "a", "__class__": "x"}],
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [pytest.param(f, v, id=f"{f}-{n}") for f, values in WRONG.items() for n, v in enumerate(values)],
)
def test_a_value_of_a_wrong_kind_is_refused_at_its_field(case: Case, field: str, value: object) -> None:
    refusal = refused(case.house, FormInvalid, fill(case, {**GOOD, field: value}))
    assert {problem.field.partition(".")[0] for problem in refusal.problems} == {field}
    assert all(p.zh and p.en and p.zh != p.en and len(p.en) < 500 for p in refusal.problems)


UNDECLARED = [
    "typename", "__class__", "__init__", "_action", "constructor", "__proto__", "", " ", "name ", "NAME",
    "actions.0.what", "name\x00", "a\ud800", "<script>", "x" * 100_000, "instance_id", "assignee",
]  # fmt: skip


@pytest.mark.parametrize("name", UNDECLARED, ids=range(len(UNDECLARED)))
def test_what_no_form_declares_is_refused_in_every_verb(case: Case, name: str) -> None:
    at, task = case.house, case.task("UT_fill")
    raw: dict[str, object] = {**GOOD, name: "x"}
    who, now = at.actor("cs"), at.clock.now
    refused(at, FormInvalid, fill(case, raw))
    refused(at, FormInvalid, lambda s: engine.save_draft(s, task.id, who, raw, now=now))
    refused(at, FormInvalid, lambda s: engine.start_instance(s, "every", who, raw, now=now))


def test_every_problem_is_named_at_once(case: Case) -> None:
    raw = {"pieces": "x", "day": "y", "actions": [{"what": ""}, {"what": "a"}, {"due": "z"}], "typename": "x"}
    refusal = refused(case.house, FormInvalid, fill(case, raw))
    fields = {problem.field for problem in refusal.problems}
    assert fields == {"name", "pieces", "day", "actions.2.what", "actions.2.due", "typename"}


def test_a_missing_value_is_refused_and_a_whole_form_of_blanks_too(case: Case) -> None:
    for raw in ({}, {"name": None}, {"name": ""}, {"name": " \u3000\n"}, {"name": []}, {"name": [""]}):
        refusal = refused(case.house, FormInvalid, fill(case, dict(raw)))
        assert [problem.field for problem in refusal.problems] == ["name"]


DRAFTS = [
    NUL,
    HALF,
    float("nan"),
    float("inf"),
    object(),
    b"bytes",
    {1, 2},
    ["x" * 1_000] * 300,
    "x" * 3_000_000,
]


@pytest.mark.parametrize("value", DRAFTS, ids=range(len(DRAFTS)))
def test_a_draft_that_no_database_keeps_is_refused(case: Case, value: object) -> None:
    at, task = case.house, case.task("UT_fill")
    raw = {"name": "x", "story": value}
    refusal = refused(
        at, FormInvalid, lambda s: engine.save_draft(s, task.id, at.actor("cs"), raw, now=at.clock.now)
    )
    assert [problem.field for problem in refusal.problems] == ["story"]


EXE, SCRIPT = b"MZ\x90\x00" + bytes(64), b"<html><script>alert(1)</script></html>"
FILES_WRONG = {
    "a program named jpg": ("照片.jpg", EXE),
    "a page named png": ("照片.png", SCRIPT),
    "a picture with script as svg": (
        "照片.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ),
    "a gif named png": ("照片.png", b"GIF89a" + SCRIPT),
    "a page before a PDF": ("报告.pdf", SCRIPT + b"%PDF-1.7\n"),
    "a zip with a PDF's name": ("报告.pdf", b"PK\x03\x04" + bytes(64)),
    "a shell script named mp4": ("录像.mp4", b"#!/bin/sh\nrm -rf /\n"),
    "another container named mp4": ("录像.mp4", b"\x1a\x45\xdf\xa3" + bytes(64)),
    "two extensions": ("照片.png.exe", PNG),
    "a page with a picture's head": ("照片.html", PNG + SCRIPT),
    "a picture named as a PDF": ("报告.pdf", PNG),
    "an extension only": (".png", SCRIPT),
    "no name": ("", PNG),
    "dots": ("..", PNG),
    "a NUL in the name": ("照片.png\x00.exe", PNG),
}


@pytest.mark.parametrize(("name", "content"), FILES_WRONG.values(), ids=FILES_WRONG.keys())
def test_a_wrong_file_behind_a_right_name_is_refused(house: House, name: str, content: bytes) -> None:
    stream = io.BytesIO(content)
    refused(
        house,
        WrongFileType,
        lambda s: engine.add_attachment(s, house.actor("cs"), house.folder, name, stream),
    )
    assert not [path for path in house.folder.rglob("*") if path.is_file()]


def test_a_file_name_keeps_no_path_no_control_character_and_no_half_character(house: House) -> None:
    for given, kept in {
        "../../x/照片.png": "照片.png", "C:\\x\\照片.png": "照片.png", "照\x00片\n.png": "照片.png",
        "照\ud800片.png": "照片.png", "a\u202egnp.exe.png": "agnp.exe.png", "长" * 400 + ".png": None,
        '<img src=x onerror="a">.png': '<img src=x onerror="a">.png',
    }.items():  # fmt: skip
        with engine.transaction(house.session):
            view = engine.add_attachment(
                house.session, house.actor("cs"), house.folder, given, io.BytesIO(PNG), now=house.clock.now
            )
        assert view.filename == kept or (kept is None and len(view.filename) <= 200)
    for path in house.folder.rglob("*"):
        if path.is_file():
            path.unlink()


class Endless(io.RawIOBase):
    """A picture that never ends."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.given += len(buffer)
        buffer[: len(PNG)] = PNG[: len(buffer)]
        return len(buffer)


def test_a_file_that_is_too_large_is_not_read_to_its_end(house: House) -> None:
    stream = Endless()
    refused(
        house,
        FileTooLarge,
        lambda s: engine.add_attachment(s, house.actor("cs"), house.folder, "a.png", stream),  # type: ignore[arg-type]
    )
    assert stream.given < MAX_BYTES + 4_000_000
    assert not [path for path in house.folder.rglob("*") if path.is_file()]


def test_somebody_elses_file_cannot_be_taken_into_ones_own_case(house: House, case: Case) -> None:
    foreign = house.attach("sales")
    refusal = refused(house, FormInvalid, fill(case, {**GOOD, "photos": [foreign]}))
    assert [problem.field for problem in refusal.problems] == ["photos"]
    own = house.attach("cs")
    values: dict[str, object] = {**GOOD, "photos": [own]}
    with engine.transaction(house.session):
        other = house.start("every", **GOOD)
        fill(other, values)(house.session)
    refused(house, FormInvalid, fill(case, values))


def test_a_task_of_another_group_is_not_for_the_curious(house: House, case: Case) -> None:
    for person in ("qa", "dept", "gm", "staff", "admin"):
        refused(house, NotACandidate, fill(case, GOOD, person))
        who, task = house.actor(person), case.task("UT_fill")
        for verb in (engine.claim_task, engine.release_task):
            refused(house, NotACandidate, lambda s, v=verb, w=who, t=task: v(s, t.id, w))
        refused(house, NotACandidate, lambda s, w=who, t=task: engine.save_draft(s, t.id, w, {}))


def test_a_finished_task_a_stale_form_and_a_task_that_never_was_are_refused(house: House) -> None:
    case = house.start("every", **GOOD)
    task, who = case.task("UT_fill"), house.actor("cs")
    page = case.page("UT_fill", "cs")
    with engine.transaction(house.session):
        engine.claim_task(house.session, task.id, house.actor("cs2"), now=house.clock.now)
    stale = refused(
        house, StaleTask, lambda s: engine.complete_task(s, task.id, who, GOOD, revision=page.revision)
    )
    assert "cs2" in stale.message("zh")
    with engine.transaction(house.session):
        engine.complete_task(house.session, task.id, house.actor("cs2"), GOOD, now=house.clock.now)
    done = refused(house, TaskNotOpen, lambda s: engine.complete_task(s, task.id, who, GOOD))
    assert "cs2" in done.message("en")
    for strange in ("", "x", "' OR 1=1 --", "../" * 9, "x" * 10_000, case.id):
        refused(house, TaskNotFound, lambda s, i=strange: engine.complete_task(s, i, who, GOOD))
        refused(house, TaskNotFound, lambda s, i=strange: engine.get_task(s, i, who))
        refused(house, TaskNotFound, lambda s, i=strange: engine.save_draft(s, i, who, {}))


def test_a_cancelled_case_takes_nothing_more(house: House) -> None:
    case = house.start("every", **GOOD)
    task, who = case.task("UT_fill"), house.actor("cs")
    cancel = engine.cancel_instance
    for reason in ("", " \n", "\u3000"):
        refused(house, ReasonRequired, lambda s, r=reason: cancel(s, case.id, house.actor("staff"), r))
    refused(house, NotAllowed, lambda s: cancel(s, case.id, who, "x"))
    with engine.transaction(house.session):
        cancel(house.session, case.id, house.actor("staff"), "误报", now=house.clock.now)
    refused(house, TaskNotOpen, lambda s: engine.complete_task(s, task.id, who, GOOD))
    refused(house, TaskNotOpen, lambda s: engine.claim_task(s, task.id, who))
    refused(house, AlreadyEnded, lambda s: cancel(s, case.id, house.actor("staff"), "again"))
    for strange in ("", "x", task.id):
        refused(house, InstanceNotFound, lambda s, i=strange: cancel(s, i, who, "x"))


def test_a_process_that_is_not_there_or_not_for_you_is_not_started(house: House) -> None:
    for strange in ("", "x", "../p"):
        refused(
            house, ProcessNotFound, lambda s, i=strange: engine.start_instance(s, i, house.actor("cs"), {})
        )


SORTS = ["name; DROP TABLE person", "", "__class__", "due "]
CURSORS = ["x", "AAAA", "eyJ9", "W10=", "e30=", "a\x00b", "\ud800", "W251bGwsbnVsbF0=", "x" * 100_000]


@pytest.mark.parametrize("cursor", CURSORS, ids=range(len(CURSORS)))
def test_a_cursor_that_no_page_gave_is_refused_or_starts_anew(house: House, cursor: str) -> None:
    for verb in (engine.list_tasks, engine.list_instances):
        with suppress(EngineError):
            assert verb(house.session, house.actor("cs"), cursor=cursor).items is not None  # type: ignore[operator]


@pytest.mark.parametrize("search", ["%", "_", "\\", "'", '"', "x" * 10_000, "QF-", "\u202e"])
def test_a_search_for_anything_is_answered(house: House, search: str) -> None:
    for verb in (engine.list_tasks, engine.list_instances):
        assert verb(house.session, house.actor("cs"), search=search).items is not None  # type: ignore[operator]


@pytest.mark.parametrize("text", [NUL, HALF])
def test_a_text_that_no_database_keeps_is_refused_wherever_it_is_said(
    house: House, case: Case, text: str
) -> None:
    """As an id, a reason or a search; SQLite would keep NUL, PostgreSQL would not."""
    task, case_id = case.task("UT_fill").id, case.id
    cs, lead, staff = house.actor("cs"), house.actor("cs_lead"), house.actor("staff")
    verbs: list[Callable[[Session], object]] = [
        lambda s: engine.complete_task(s, text, cs, GOOD),
        lambda s: engine.get_task(s, text, cs),
        lambda s: engine.start_instance(s, text, cs, GOOD),
        lambda s: engine.get_instance(s, text, cs),
        lambda s: engine.read_attachment(s, text, cs, house.folder),
        lambda s: engine.list_tasks(s, cs, search=text),
        lambda s: engine.cancel_instance(s, case_id, staff, text),
        lambda s: engine.assign_task(s, task, lead, "cs2", text),
        lambda s: engine.assign_task(s, task, lead, text, "x"),
        lambda s: engine.deploy(s, REWORK, "owner", text),
    ]
    for verb in verbs:
        refused(house, UnkeepableText, verb)


def test_the_folder_of_files_stays_as_it_was(house: House, tmp_path: Path) -> None:
    """A name cannot lead out of the folder: content lies under its hash."""
    kept = house.attach("cs", "../../../../tmp/照片.png")
    view, path = engine.read_attachment(house.session, kept, house.actor("cs"), house.folder)
    assert house.folder in path.parents
    assert path.name == view.sha256
