"""Publishing a draft: a reason, a second person, no errors, nobody's work overwritten unseen."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    BadImport,
    BundleRefused,
    DraftChanged,
    DraftNotOpen,
    DraftNotSubmitted,
    DraftOutdated,
    EngineError,
    NotAllowed,
    NothingToPublish,
    OwnDraft,
    ReasonRequired,
    SignatureRequired,
    WrongPassword,
)
from engine.storage.models import Base, DefinitionDraft, Notification, PersonGroup
from tests.drive import PASSWORD, Clock, House, actor, contents, sign_up
from tests.engine.test_modeler import STUCK, WHOLE, asking
from tests.engine.test_races import at_once
from tests.engine.zips import HOSTILE, packed

CLAUSES = "id,regulation,zh,en\nS1-1,S1,一,one\n".encode()
RENAMED = asking(name="填写记录")


def promote(session: Session, *people: str) -> None:
    """Makes people process owners."""
    session.add_all([PersonGroup(person_id=person, group_id="owner") for person in people])
    session.commit()


@pytest.fixture
def whole(house: Callable[[Mapping[str, bytes]], House]) -> House:
    """`main` calls `part`; three process owners: owner, qa and vp."""
    made = house({**WHOLE, "clauses.csv": CLAUSES})
    promote(made.session, "qa", "vp")
    return made


def drafted(house: House, process_id: str = "part", **changed: bytes) -> str:
    """The owner begins a draft and saves what is given; by default the step gets another name."""
    files = {name.replace("_", "."): data for name, data in changed.items()} or {"part.bpmn": RENAMED}
    with engine.transaction(house.session):
        who, now = house.actor("owner"), house.clock.now
        draft = engine.create_definition_draft(house.session, who, process_id, "改步骤", now=now)
        for name, data in files.items():
            engine.save_definition_file(house.session, who, draft, name, data, 1, now=now)
    return draft


def seen(house: House, draft: str, who: str = "owner") -> engine.PublishView:
    """The page of publishing."""
    return engine.get_publishing(house.session, draft, house.actor(who))


def submit(house: House, draft: str, who: str = "owner", reason: str = "客户要求", **facts: object) -> bool:
    """Somebody submits the draft as it stands."""
    revision = seen(house, draft).draft.row.revision
    with engine.transaction(house.session):
        return engine.submit_definition_draft(
            house.session, house.actor(who), draft, reason, revision, now=house.clock.now, **facts
        )  # type: ignore[arg-type]


def approve(house: House, draft: str, who: str = "qa", password: str | None = PASSWORD) -> int:
    """Somebody approves the draft as it stands."""
    revision = seen(house, draft).draft.row.revision
    with engine.transaction(house.session):
        return engine.approve_definition_draft(
            house.session, house.actor(who), draft, revision, password, now=house.clock.now
        )


def send_back(house: House, draft: str, who: str = "qa", why: str = "缺少说明") -> None:
    """Somebody sends the draft back."""
    with engine.transaction(house.session):
        engine.return_definition_draft(house.session, house.actor(who), draft, why, now=house.clock.now)


def refused(
    house: House, error: type[EngineError], verb: Callable[..., object], *facts: object, **more: object
) -> EngineError:
    """The verb is refused and leaves nothing behind."""
    before = contents(house.session)
    with pytest.raises(error) as found:
        verb(house, *facts, **more)
    assert contents(house.session) == before
    return found.value


def version(house: House, process_id: str) -> int:
    """The version that starts now."""
    view = engine.get_deployed_definition(house.session, house.actor("owner"), process_id=process_id)
    return view.version


def test_a_second_owner_approves_signs_and_publishes(whole: House) -> None:
    running = whole.start("main", gist="x")
    draft = drafted(whole)
    assert submit(whole, draft) is False
    assert version(whole, "part") == 1
    assert approve(whole, draft) == 2
    view = seen(whole, draft)
    assert (view.draft.row.state, view.draft.row.version, view.draft.reason) == ("published", 2, "客户要求")
    assert (view.draft.submitted_by_name, view.draft.decided_by_name) == ("owner 先生", "qa 先生")
    assert view.signature
    assert [e.kind for e in view.draft.events][:2] == ["published", "submitted"]
    (now, before) = engine.get_definition(whole.session, "part", whole.actor("owner")).versions
    assert (now.published_by_name, now.reason, before.version) == ("qa 先生", "客户要求", 1)
    assert running.task("UT").name == "填写"
    assert whole.start("main", gist="x").task("UT").name == "填写记录"


def test_whoever_decides_on_a_draft_is_not_said_to_have_changed_it(whole: House) -> None:
    draft = drafted(whole)
    submit(whole, draft)
    before = engine.get_definition_draft(whole.session, draft, whole.actor("qa")).row
    approve(whole, draft)
    after = engine.get_definition_draft(whole.session, draft, whole.actor("qa"))
    assert (after.row.updated_by_name, after.row.updated_at) == (before.updated_by_name, before.updated_at)
    assert after.row.revision > before.revision
    assert after.events[0].by_name != before.updated_by_name


def test_without_the_setting_submitting_publishes(whole: House) -> None:
    draft = drafted(whole)
    assert submit(whole, draft, approval=False) is True
    assert version(whole, "part") == 2
    assert seen(whole, draft).draft.row.state == "published"


def test_nobody_approves_what_he_worked_on(whole: House) -> None:
    draft = drafted(whole)
    with engine.transaction(whole.session):
        engine.save_definition_file(
            whole.session, whole.actor("vp"), draft, "note.form", WHOLE["forms/note.form"] + b"\n", 1
        )
    submit(whole, draft, "qa")
    for who in ("owner", "vp", "qa"):
        refused(whole, OwnDraft, approve, draft, who)
        assert not seen(whole, draft, who).approval.allowed
    promote(whole.session, "gm")
    assert approve(whole, draft, "gm") == 2


@pytest.mark.parametrize("who", ["staff", "compliance", "admin"])
def test_only_owners_submit_approve_and_send_back(whole: House, who: str) -> None:
    draft = drafted(whole)
    refused(whole, NotAllowed, submit, draft, who)
    submit(whole, draft)
    refused(whole, NotAllowed, approve, draft, who)
    refused(whole, NotAllowed, send_back, draft, who)


def test_a_submitted_draft_is_frozen_until_it_is_sent_back_with_a_note(whole: House) -> None:
    draft = drafted(whole)
    submit(whole, draft)
    with pytest.raises(DraftNotOpen), engine.transaction(whole.session):
        engine.save_definition_file(whole.session, whole.actor("owner"), draft, "part.bpmn", asking(), 2)
    refused(whole, ReasonRequired, send_back, draft, why=" ")
    send_back(whole, draft)
    view = seen(whole, draft)
    assert (view.draft.row.state, view.draft.decision_note) == ("open", "缺少说明")
    refused(whole, DraftNotSubmitted, approve, draft)
    submit(whole, draft)
    assert approve(whole, draft) == 2  # having sent it back is not having worked on it


def test_submitting_needs_a_reason_and_the_draft_as_it_was_read(whole: House) -> None:
    draft = drafted(whole)
    refused(whole, ReasonRequired, submit, draft, reason="  ")
    with pytest.raises(DraftChanged), engine.transaction(whole.session):
        engine.submit_definition_draft(whole.session, whole.actor("owner"), draft, "x", 1)


def test_approving_asks_for_the_password(whole: House) -> None:
    draft = drafted(whole)
    submit(whole, draft)
    refused(whole, SignatureRequired, approve, draft, password=None)
    with pytest.raises(WrongPassword):
        approve(whole, draft, password="wrong")
    assert (seen(whole, draft).draft.row.state, version(whole, "part")) == ("submitted", 1)


def test_errors_refuse_with_file_and_element(whole: House) -> None:
    draft = drafted(whole, part_bpmn=RENAMED.replace(b'formRef="note"', b'formRef="none"'))
    found = refused(whole, BundleRefused, submit, draft)
    assert ("part.bpmn", "UT") in {(p.file, p.element) for p in found.problems}  # type: ignore[attr-defined]
    assert ("part.bpmn", "UT") in {(p.file, p.element) for p in seen(whole, draft).errors}


def test_a_diagram_in_which_cases_get_stuck_is_refused_with_the_path_that_leads_there(whole: House) -> None:
    draft = drafted(whole, "other", other_bpmn=STUCK)
    found = refused(whole, BundleRefused, submit, draft)
    (problem,) = [p for p in found.problems if p.code == "sound.deadlock"]  # type: ignore[attr-defined]
    assert (problem.file, problem.element) == ("other.bpmn", "J")
    assert "s → X → " in problem.en


def test_a_draft_that_changes_nothing_is_not_published(whole: House) -> None:
    draft = drafted(whole, part_bpmn=asking())
    refused(whole, NothingToPublish, submit, draft)


def test_a_draft_begun_before_another_version_needs_a_deliberate_word(whole: House) -> None:
    draft, other = drafted(whole), drafted(whole, part_bpmn=asking(name="另一个名字"))
    submit(whole, other, approval=False)
    found = refused(whole, DraftOutdated, submit, draft)
    assert (found.latest, seen(whole, draft).outdated) == (2, 2)  # type: ignore[attr-defined]
    refused(whole, DraftOutdated, submit, draft, over_version=1)
    submit(whole, draft, over_version=2)
    assert seen(whole, draft).over == 2
    assert approve(whole, draft) == 3
    assert seen(whole, draft).over == 2


def test_what_is_published_while_a_draft_waits_refuses_its_approval(whole: House) -> None:
    draft, other = drafted(whole), drafted(whole, part_bpmn=asking(name="另一个名字"))
    submit(whole, draft)
    submit(whole, other, approval=False)
    refused(whole, DraftOutdated, approve, draft)


def test_a_draft_does_not_bring_back_tables_that_it_never_touched(whole: House) -> None:
    draft = drafted(whole)
    newer = CLAUSES + "S1-2,S1,二,two\n".encode()
    whole.deploy({**WHOLE, "clauses.csv": newer})
    submit(whole, draft, approval=False)
    assert set(engine.list_clauses(whole.session)) == {"S1-1", "S1-2"}


def test_a_draft_may_change_a_table_alone(whole: House) -> None:
    draft = drafted(whole, clauses_csv=CLAUSES + "S1-2,S1,二,two\n".encode())
    submit(whole, draft)
    assert approve(whole, draft) == 1
    assert set(engine.list_clauses(whole.session)) == {"S1-1", "S1-2"}


def test_the_difference_to_what_runs_now_is_shown(whole: House) -> None:
    view = seen(whole, drafted(whole))
    assert view.compared
    assert (view.against, view.same) == (1, False)
    (part,) = view.compared.processes
    assert [(c.id, c.how) for c in part.changes] == [("UT", "changed")]


def test_those_who_may_approve_are_told_and_whoever_submitted_hears_the_outcome(whole: House) -> None:
    draft = drafted(whole)
    submit(whole, draft)
    send_back(whole, draft)
    submit(whole, draft)
    approve(whole, draft, "vp")
    told = {(n.person_id, n.kind) for n in whole.session.scalars(select(Notification))}
    asked = {(who, "draft_submitted") for who in ("qa", "vp")}
    assert told == asked | {("owner", "draft_returned"), ("owner", "draft_published")}
    page = engine.list_notifications(whole.session, whole.actor("qa"))
    assert page.items[0].text.zh == "修订稿待批准：分流程"
    assert page.items[0].leads_on


@pytest.mark.parametrize("decide", [approve, send_back])
def test_whoever_decides_has_read_that_it_waited(whole: House, decide: Callable[..., object]) -> None:
    """For those who were asked as well and did not decide, it stays unread."""
    draft, other = drafted(whole), drafted(whole, part_bpmn=asking(name="另一个名字"))
    for each in (draft, other):
        submit(whole, each)
    decide(whole, draft)
    unread = select(Notification.person_id, Notification.facts).where(
        Notification.kind == "draft_submitted", Notification.read_at.is_(None)
    )
    rows = whole.session.execute(unread)
    found = sorted((who, facts["link"] == f"/publishing/{draft}") for who, facts in rows)
    assert found == [("qa", False), ("vp", False), ("vp", True)]


def test_the_rows_of_a_table_that_differ_are_shown_and_make_no_new_version(whole: House) -> None:
    draft = drafted(whole, clauses_csv=CLAUSES.replace(b"one", b"single") + "S1-2,S1,二,two\n".encode())
    (part,) = seen(whole, draft).tables
    assert part.id == "clauses.csv"
    assert [(c.id, c.how) for c in part.changes] == [("S1-1", "changed"), ("S1-2", "added")]
    submit(whole, draft)
    approve(whole, draft)
    view = seen(whole, draft)
    assert (view.renewed, [part.id for part in view.tables]) == (False, ["clauses.csv"])


def test_a_changed_diagram_makes_a_new_version(whole: House) -> None:
    draft = drafted(whole)
    assert not seen(whole, draft).tables
    submit(whole, draft, approval=False)
    assert seen(whole, draft).renewed


def test_two_approve_at_once_and_one_wins(each_database: Engine, clock: Clock, tmp_path: Path) -> None:
    with Session(each_database) as session:
        sign_up(session)
        promote(session, "qa", "vp")
        house = House(session, clock, tmp_path).deploy(WHOLE)
        draft = drafted(house)
        submit(house, draft)
        revision = seen(house, draft).draft.row.revision
        approvers = [actor(session, who) for who in ("qa", "vp")]
        session.rollback()
        outcomes = at_once(
            each_database,
            *(
                lambda own, who=who: engine.approve_definition_draft(own, who, draft, revision, PASSWORD)
                for who in approvers
            ),
        )
        assert [got for got in outcomes if got == 2] == [2], outcomes
        (lost,) = [got for got in outcomes if got != 2]
        assert isinstance(lost, DraftNotSubmitted)
        assert lost.state == "published"
        assert version(house, "part") == 2


def imported(house: House, uploads: Mapping[str, bytes], who: str = "owner", **facts: str) -> str:
    """Somebody imports files."""
    with engine.transaction(house.session):
        return engine.import_definition_draft(
            house.session, house.actor(who), uploads, "导入", now=house.clock.now, **facts
        )


def test_an_exported_bundle_is_imported_and_published_as_the_same_bundle(
    whole: House, tmp_path: Path
) -> None:
    owner = whole.actor("owner")
    archive = engine.export_bundle(whole.session, "main", 1, owner)
    hashed = engine.get_definition(whole.session, "main", owner).chosen.bundle_hash
    fresh = engine.create_database_engine("sqlite://")
    Base.metadata.create_all(fresh)
    with Session(fresh) as session:
        sign_up(session)
        there = House(session, whole.clock, tmp_path)
        draft = imported(there, {"main-v1.zip": archive})
        submit(there, draft, approval=False)
        view = engine.get_definition(session, "main", there.actor("owner"))
        assert (view.chosen.version, view.chosen.bundle_hash) == (1, hashed)
    fresh.dispose()
    draft = imported(whole, {"main-v1.zip": archive})
    assert seen(whole, draft).same
    refused(whole, NothingToPublish, submit, draft)


def test_single_files_are_completed_from_what_is_deployed(whole: House) -> None:
    draft = imported(whole, {"part.bpmn": RENAMED})
    view = seen(whole, draft)
    assert (view.draft.row.process_id, view.draft.row.base_version, view.errors) == ("part", 1, ())
    form = WHOLE["forms/note.form"].replace(b'"label": "text"', b'"label": "more"')
    with pytest.raises(BadImport):
        imported(whole, {"note.form": form})
    draft = imported(whole, {"note.form": form}, process_id="part")
    submit(whole, draft, approval=False)
    assert version(whole, "part") == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_nothing(whole: House, name: str) -> None:
    refused(whole, BadImport, imported, {"bundle.zip": HOSTILE[name]()})


def test_a_file_that_cannot_be_read_is_refused_with_its_line(whole: House) -> None:
    found = refused(whole, BundleRefused, imported, {"a.zip": packed({"part.bpmn": b"<a>\n</b>"})})
    assert [(p.file, p.line) for p in found.problems] == [("part.bpmn", 2)]  # type: ignore[attr-defined]


def test_only_owners_import(whole: House) -> None:
    refused(whole, NotAllowed, imported, {"part.bpmn": RENAMED}, "compliance")
    assert whole.session.scalars(select(DefinitionDraft)).all() == []


def test_checks_are_made_while_a_draft_may_be_published_and_not_afterwards(whole: House) -> None:
    """What was published or given up stands; its page compares it and checks nothing."""
    draft = drafted(whole)
    assert seen(whole, draft).draft.row.pending
    assert seen(whole, draft).problems
    submit(whole, draft)
    assert seen(whole, draft).draft.row.pending
    approve(whole, draft)
    view = seen(whole, draft)
    assert (view.draft.row.pending, view.problems) == (False, ())
    assert view.compared is not None
    assert view.compared.processes


def test_an_unchanged_draft_is_checked_once_and_a_changed_one_again(whole: House) -> None:
    draft = drafted(whole)
    first, again = seen(whole, draft).problems, seen(whole, draft).problems
    assert again is first
    with engine.transaction(whole.session):
        engine.save_definition_file(
            whole.session, whole.actor("owner"), draft, "part.bpmn", asking(name="又改了"), 2
        )
    assert seen(whole, draft).problems is not first
