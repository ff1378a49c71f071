"""Attachments: the history vouches for what was in them, so that nobody changes a file unseen."""

import hashlib
from collections.abc import Callable, Mapping
from typing import cast

import pytest
from sqlalchemy import select, text, update

import engine
from engine.commands.submissions import Act, _bind_files
from engine.diagram.element import Element
from engine.errors import FormInvalid
from engine.records.audit import link_hash
from engine.records.file_check import check_files
from engine.records.files import path_of
from engine.storage.models import Attachment, HistoryEvent, ProcessInstance
from tests.drive import PNG, Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START

Open = Callable[[Mapping[str, bytes]], House]
PHOTOS = """{"type": "default", "id": "photos", "components": [
 {"type": "filepicker", "key": "photos", "label": "照片"},
 {"type": "dynamiclist", "path": "parts", "components": [{"type": "filepicker", "key": "proof"}]}]}"""
ASKING = node("userTask", "UT_do", camunda_formRef="photos", camunda_candidateGroups="cs")
FILES = {
    "p.bpmn": diagram(START + ASKING + END + flow("SE", "UT_do") + flow("UT_do", "EE_done")),
    "photos.form": PHOTOS.encode(),
}


@pytest.fixture
def case(house: Open) -> Case:
    """A case with two attachments, one of them in a row of a table."""
    case = house(FILES).start("p", gist="渗漏")
    photo, proof = case.house.attach("cs", "甲.png"), case.house.attach("cs", "乙.png", PNG + b"2")
    case.complete("UT_do", "cs", photos=[photo], parts=[{"proof": [proof]}])
    return case


def attachment(case: Case, name: str) -> Attachment:
    return case.house.session.scalars(select(Attachment).where(Attachment.filename == name)).one()


def broken(case: Case) -> list[tuple[int, str]]:
    return [(link.seq, link.what) for link in engine.verify_chains(case.house.session)]


def faulty(case: Case) -> list[str]:
    """The files whose content is not what their rows say."""
    return [fault.filename for fault in check_files(case.house.session, case.house.folder).faults]


def test_the_history_says_what_was_in_every_file_that_came_with_a_submission(case: Case) -> None:
    event = case.house.session.get_one(HistoryEvent, (case.id, 2))
    assert event.data is not None
    expected = {row.id: row.sha256 for row in case.house.session.scalars(select(Attachment))}
    assert {one["id"]: one["hash"] for one in event.data["attachments"]} == expected  # type: ignore[attr-defined]
    assert len(expected) == 2
    assert (broken(case), faulty(case)) == ([], [])


def test_a_file_that_another_case_got_meanwhile_is_refused_at_its_field(case: Case) -> None:
    """Both forms were checked while it was free; whoever comes second is told, and nothing is vouched for."""
    house, other = case.house, case.house.start("p", gist="二")
    form = engine.get_task(house.session, other.task("UT_do").id, house.actor("cs")).form
    element = cast(Element, None)  # nothing of it is asked here
    photo, proof = attachment(case, "甲.png").id, attachment(case, "乙.png").id
    for field, sent in {"photos": [photo], "parts": [{"proof": [proof]}]}.items():
        act = Act(house.actor("cs"), "cs", element, "", None, form, {field: sent}, house.clock.now)
        with pytest.raises(FormInvalid) as refused:
            _bind_files(house.session, other.id, act)
        assert [problem.field for problem in refused.value.problems] == [field]
    assert {row.instance_id for row in house.session.scalars(select(Attachment))} == {case.id}


def test_a_changed_file_is_found_by_its_row(case: Case) -> None:
    path_of(case.house.folder, attachment(case, "乙.png").sha256).write_bytes(PNG + b"3")
    assert (broken(case), faulty(case)) == ([], ["乙.png"])


@pytest.mark.parametrize("name", ["甲.png", "乙.png"])
def test_a_file_that_was_changed_together_with_its_row_is_found_by_the_history(case: Case, name: str) -> None:
    forged = PNG + b"forged"
    row = attachment(case, name)
    row.sha256, row.size = hashlib.sha256(forged).hexdigest(), len(forged)
    case.house.session.flush()
    path = path_of(case.house.folder, row.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(forged)
    assert faulty(case) == []
    (link,) = engine.verify_chains(case.house.session)
    assert (link.seq, link.what) == (2, "attachment")
    assert (link.text.zh, link.text.en) == (
        "第 2 条历史记录所述的附件被改动",
        "an attachment of event 2 was altered or removed",
    )
    assert not case.view().chain_ok


@pytest.mark.parametrize("statement", ["DELETE FROM attachment", "UPDATE attachment SET instance_id = NULL"])
def test_an_attachment_that_was_removed_from_its_case_is_found(case: Case, statement: str) -> None:
    case.house.session.execute(text(statement))
    assert broken(case) == [(2, "attachment")]


def test_entries_from_before_hashes_of_files_were_kept_stay_valid(case: Case) -> None:
    session = case.house.session
    head = ""
    for event in session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq)):
        event.data = {name: fact for name, fact in (event.data or {}).items() if name != "attachments"}
        event.prev_hash = head
        event.hash = head = link_hash(head, case.id, event)
    session.flush()
    session.execute(update(ProcessInstance).values(chain_head=head))
    assert (broken(case), faulty(case)) == ([], [])
    attachment(case, "甲.png").sha256 = "0" * 64
    session.flush()
    assert (broken(case), faulty(case)) == ([], ["甲.png"])
