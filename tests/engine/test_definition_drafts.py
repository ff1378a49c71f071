"""Drafts of processes: copied whole, changed file by file, never over somebody else's unseen work."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine.diagram.lint import lint
from engine.errors import (
    BadDraft,
    BadDraftFile,
    BundleRefused,
    DefinitionDraftNotFound,
    DraftFileExists,
    DraftFileNotFound,
    DraftNotOpen,
    EngineError,
    NotAllowed,
    ProcessNotFound,
    ReasonRequired,
    StaleDraft,
)
from engine.storage.models import DefinitionDraftEvent, Source
from tests.drive import PEOPLE, Clock, House, contents, sign_up
from tests.engine.houses import DECIDED
from tests.engine.test_modeler import WHOLE
from tests.engine.test_races import at_once

CLAUSES = "id,regulation,zh,en\nS1-1,S1,一,one\n".encode()


@pytest.fixture
def whole(house: Callable[[Mapping[str, bytes]], House]) -> House:
    """`main` calls `part`, which decides and asks a form; the owner's clauses are there, too."""
    return house({**WHOLE, "clauses.csv": CLAUSES})


def drafted(house: House, process_id: str | None = "main", **facts: str) -> str:
    """The owner begins a draft."""
    with engine.transaction(house.session):
        who = house.actor("owner")
        return engine.create_definition_draft(
            house.session, who, process_id, "改期限", now=house.clock.now, **facts
        )


def save(house: House, draft: str, name: str, content: bytes, revision: int = 1, who: str = "owner") -> int:
    """Somebody saves a file."""
    with engine.transaction(house.session):
        return engine.save_definition_file(
            house.session, house.actor(who), draft, name, content, revision, now=house.clock.now
        )


def view(house: House, draft: str) -> engine.DraftView:
    """The draft as compliance sees it."""
    return engine.get_definition_draft(house.session, draft, house.actor("compliance"))


def refuses(
    house: House, error: type[EngineError], verb: Callable[..., object], *facts: object
) -> EngineError:
    """The verb is refused to the owner and leaves nothing behind."""
    before = contents(house.session)
    with pytest.raises(error) as refused, engine.transaction(house.session):
        verb(house.session, house.actor("owner"), *facts)
    assert contents(house.session) == before
    return refused.value


def test_a_draft_holds_everything_that_its_process_needs_and_lints_alone(whole: House) -> None:
    draft = drafted(whole)
    files = engine.draft_files(whole.session, draft)
    assert set(files) == {"main.bpmn", "part.bpmn", "level.dmn", "note.form", "clauses.csv"}
    assert not [problem for problem in lint(files) if problem.level == "error"]
    shown = view(whole, draft)
    assert (shown.row.base_version, shown.row.latest, shown.row.state) == (1, 1, "open")
    assert {file.name: file.kind for file in shown.files}["level.dmn"] == "decision"


def test_an_unchanged_draft_deploys_to_the_version_that_is_there(whole: House) -> None:
    files = engine.draft_files(whole.session, drafted(whole))
    with engine.transaction(whole.session):
        done = engine.deploy(whole.session, files, "owner", "again")
    assert done.new == ()


def test_a_new_process_begins_with_a_drawing_that_has_no_errors_and_runs(whole: House) -> None:
    draft = drafted(whole, None, new_id="survey")
    files = engine.draft_files(whole.session, draft)
    assert not [problem.text() for problem in lint(files) if problem.level == "error"]
    with engine.transaction(whole.session):
        engine.deploy(whole.session, files, "owner", "new")
    case = whole.start("survey")
    case.complete("UT_do", "staff")
    assert case.ended_at == "已完成"


@pytest.mark.parametrize("new_id", ["", "1st", "a b", "main", "x" * 65, "../x"])
def test_a_new_process_needs_an_id_that_is_free(whole: House, new_id: str) -> None:
    verb = lambda s, who: engine.create_definition_draft(s, who, None, "新流程", new_id=new_id)  # noqa: E731
    refuses(whole, BadDraft, verb)


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "a\x07b"])
def test_a_draft_needs_a_title(whole: House, title: str) -> None:
    refuses(whole, BadDraft, engine.create_definition_draft, "main", title)


def test_only_a_process_that_exists_is_copied(whole: House) -> None:
    refuses(whole, ProcessNotFound, engine.create_definition_draft, "nowhere", "x")


def test_a_save_counts_the_file_and_the_draft_on_and_says_who(whole: House) -> None:
    draft = drafted(whole)
    whole.clock.advance(hours=1)
    assert save(whole, draft, "note.form", WHOLE["forms/note.form"] + b"\n") == 2
    shown = view(whole, draft)
    (file,) = [file for file in shown.files if file.name == "note.form"]
    assert (file.revision, file.updated_by_name, file.updated_at) == (2, "owner 先生", whole.clock.now)
    assert (shown.row.revision, shown.row.updated_at) == (2, whole.clock.now)
    assert [event.kind for event in shown.events] == ["saved", "created"]


def test_saving_what_is_there_already_changes_nothing(whole: House) -> None:
    draft = drafted(whole)
    assert save(whole, draft, "note.form", WHOLE["forms/note.form"]) == 1
    assert view(whole, draft).row.revision == 1


def test_whoever_saves_an_older_revision_is_told_who_was_faster_and_when(whole: House) -> None:
    draft = drafted(whole)
    whole.clock.advance(hours=1)
    save(whole, draft, "note.form", WHOLE["forms/note.form"] + b"\n")
    stale = refuses(
        whole, StaleDraft, engine.save_definition_file, draft, "note.form", WHOLE["forms/note.form"] + b" ", 1
    )
    assert isinstance(stale, StaleDraft)
    assert (stale.saved_by, stale.revision, stale.at) == ("owner 先生", 2, whole.clock.now)
    assert "owner 先生" in stale.message("zh")


def test_every_state_of_a_file_is_kept_by_its_hash(whole: House) -> None:
    draft = drafted(whole)
    contents_saved = [WHOLE["forms/note.form"] + b"\n" * n for n in (1, 2, 3)]
    for n, content in enumerate(contents_saved):
        save(whole, draft, "note.form", content, n + 1)
    statement = (
        select(Source.content)
        .join(DefinitionDraftEvent, DefinitionDraftEvent.source_hash == Source.hash)
        .where(DefinitionDraftEvent.kind == "saved")
        .order_by(DefinitionDraftEvent.id)
    )
    assert list(whole.session.scalars(statement)) == contents_saved


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("main.bpmn", b"<a>\n<b>\n</a>", 3),
        ("main.bpmn", b'<!DOCTYPE a [<!ENTITY x "y">]>\n<a/>', 1),
        ("main.bpmn", b"", 1),
        ("level.dmn", b"<a>" * 200, 1),
        ("note.form", b'{"a": 1,\n "b": }', 2),
        ("note.form", b'{"a": NaN}', 1),
        ("clauses.csv", b"id\n\xff\xfe", 2),
        ("clauses.csv", b"x" * 2_000_001, 1),
        ("main.bpmn", b"<a>" + b" " * 2_000_001 + b"</a>", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_nothing_changes(
    whole: House, name: str, content: bytes, line: int
) -> None:
    draft = drafted(whole)
    refused = refuses(whole, BundleRefused, engine.save_definition_file, draft, name, content, 1)
    assert isinstance(refused, BundleRefused)
    (problem,) = refused.problems
    assert (problem.file, problem.line) == (name, line)


def test_what_can_be_read_may_be_as_wrong_as_it_likes_and_lint_says_so(whole: House) -> None:
    draft = drafted(whole)
    broken = WHOLE["part.bpmn"].replace(b'camunda:formRef="note"', b'camunda:formRef="nowhere"')
    save(whole, draft, "part.bpmn", broken)
    problems = engine.draft_problems(whole.session, draft, whole.actor("owner"))
    assert ("part.bpmn", "UT", "error") in {(p.file, p.element, p.level) for p in problems}


def test_what_is_being_drawn_is_checked_without_being_saved(whole: House) -> None:
    draft = drafted(whole)
    before = contents(whole.session)
    broken = WHOLE["part.bpmn"].replace(b'camunda:formRef="note"', b'camunda:formRef="nowhere"')
    owner = whole.actor("owner")
    problems = engine.draft_problems(whole.session, draft, owner, {"part.bpmn": broken})
    assert [p.element for p in problems if p.level == "error"] == ["UT"]
    assert contents(whole.session) == before
    with pytest.raises(BundleRefused):
        engine.draft_problems(whole.session, draft, owner, {"part.bpmn": b"<a>"})
    with pytest.raises(DraftFileNotFound):
        engine.draft_problems(whole.session, draft, owner, {"nowhere.bpmn": b"<a/>"})


def test_files_are_added_renamed_and_removed(whole: House) -> None:
    draft, owner = drafted(whole), whole.actor("owner")
    with engine.transaction(whole.session):
        engine.add_definition_file(whole.session, owner, draft, "more.dmn", DECIDED["level.dmn"])
        engine.rename_definition_file(whole.session, owner, draft, "more.dmn", "less.dmn")
        engine.remove_definition_file(whole.session, owner, draft, "note.form")
    shown = view(whole, draft)
    assert {file.name for file in shown.files} == {
        "main.bpmn", "part.bpmn", "level.dmn", "less.dmn", "clauses.csv",
    }  # fmt: skip
    told = [(event.kind, event.file, event.reason) for event in shown.events]
    assert told[:3] == [("removed", "note.form", None), ("renamed", "less.dmn", "more.dmn"),
                        ("added", "more.dmn", None)]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["", "a", "a.exe", "../a.bpmn", "a/b.bpmn", "a\x00.bpmn", ".bpmn", "x" * 101]
)
def test_a_file_has_a_plain_name_of_a_known_kind(whole: House, name: str) -> None:
    draft = drafted(whole)
    refuses(whole, BadDraftFile, engine.add_definition_file, draft, name, b"<a/>")
    refuses(whole, BadDraftFile, engine.rename_definition_file, draft, "main.bpmn", name)


def test_a_file_is_neither_added_nor_renamed_over_another_nor_to_another_kind(whole: House) -> None:
    draft = drafted(whole)
    refuses(whole, DraftFileExists, engine.add_definition_file, draft, "main.bpmn", b"<a/>")
    refuses(whole, DraftFileExists, engine.rename_definition_file, draft, "main.bpmn", "part.bpmn")
    refuses(whole, BadDraftFile, engine.rename_definition_file, draft, "main.bpmn", "main.dmn")
    refuses(whole, DraftFileNotFound, engine.remove_definition_file, draft, "nowhere.bpmn")
    refuses(whole, DraftFileNotFound, engine.save_definition_file, draft, "nowhere.bpmn", b"<a/>", 1)


def test_a_discarded_draft_stays_readable_and_no_longer_changes(whole: House) -> None:
    draft, owner = drafted(whole), whole.actor("owner")
    refuses(whole, ReasonRequired, engine.discard_definition_draft, draft, " ")
    with engine.transaction(whole.session):
        engine.discard_definition_draft(whole.session, owner, draft, "superseded")
    assert (view(whole, draft).row.state, view(whole, draft).may_edit) == ("discarded", False)
    assert view(whole, draft).events[0].reason == "superseded"
    refuses(whole, DraftNotOpen, engine.save_definition_file, draft, "note.form", b"{}", 1)
    refuses(whole, DraftNotOpen, engine.discard_definition_draft, draft, "again")


def test_owners_draft_reviewers_read_and_nobody_else_sees_a_draft(whole: House) -> None:
    draft = drafted(whole)
    verbs: list[Callable[[engine.Actor], object]] = [
        lambda who: engine.create_definition_draft(whole.session, who, "main", "x"),
        lambda who: engine.save_definition_file(whole.session, who, draft, "note.form", b"{}", 1),
        lambda who: engine.add_definition_file(whole.session, who, draft, "a.form", b"{}"),
        lambda who: engine.rename_definition_file(whole.session, who, draft, "note.form", "a.form"),
        lambda who: engine.remove_definition_file(whole.session, who, draft, "note.form"),
        lambda who: engine.discard_definition_draft(whole.session, who, draft, "x"),
    ]
    reads: list[Callable[[engine.Actor], object]] = [
        lambda who: engine.list_definition_drafts(whole.session, who),
        lambda who: engine.get_definition_draft(whole.session, draft, who),
        lambda who: engine.read_draft_file(whole.session, draft, "note.form", who),
        lambda who: engine.draft_problems(whole.session, draft, who),
    ]
    for person in PEOPLE.keys() - {"owner"}:
        for verb in verbs + ([] if person in ("compliance", "admin") else reads):
            with pytest.raises(NotAllowed), engine.transaction(whole.session):
                verb(whole.actor(person))
    for read in reads:
        read(whole.actor("compliance"))


def test_the_list_pages_filters_and_searches(whole: House) -> None:
    owner = whole.actor("owner")
    made = []
    for _ in range(5):
        whole.clock.advance(minutes=1)
        made.append(drafted(whole))
    other = drafted(whole, "part")
    with engine.transaction(whole.session):
        engine.discard_definition_draft(whole.session, owner, made[0], "x", now=whole.clock.advance(hours=1))
    first = engine.list_definition_drafts(whole.session, owner, process_id="main", state="open", limit=3)
    assert [row.id for row in first.items] == made[:1:-1][:3]
    rest = engine.list_definition_drafts(
        whole.session, owner, process_id="main", state="open", limit=3, cursor=first.next_cursor
    )
    assert [row.id for row in rest.items] == [made[1]]
    assert (first.total, rest.next_cursor) == (4, None)
    assert [row.id for row in engine.list_definition_drafts(whole.session, owner, search="PAR").items] == [
        other
    ]


def test_a_made_up_draft_is_not_found(whole: House) -> None:
    refuses(whole, DefinitionDraftNotFound, engine.save_definition_file, "nowhere", "note.form", b"{}", 1)
    for read in (view, lambda house, draft: engine.draft_files(house.session, draft)):
        with pytest.raises(DefinitionDraftNotFound):
            read(whole, "nowhere")


def test_of_two_owners_who_save_one_file_at_the_same_moment_one_wins(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    with Session(each_database) as session:
        sign_up(session)
        house = House(session, clock, tmp_path).deploy(WHOLE)
        draft, owner = drafted(house), house.actor("owner")
        session.rollback()
        for revision in range(1, 20):
            saves = [
                lambda own, n=n, r=revision: engine.save_definition_file(  # type: ignore[misc]
                    own, owner, draft, "note.form", WHOLE["forms/note.form"] + b" " * n + b"\n" * r, r
                )
                for n in (1, 2)
            ]
            outcomes = at_once(each_database, *saves)
            assert sorted(map(str, outcomes), key=len)[0] == str(revision + 1)
            assert [type(outcome) for outcome in outcomes].count(StaleDraft) == 1
