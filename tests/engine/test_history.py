"""The hash chain: whatever somebody does to the past in the database, the first broken link is named."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import text

import engine
from engine.records.audit import content_hash, link_hash
from engine.storage.models import HistoryEvent, Submission
from tests.databases import ON_POSTGRES
from tests.drive import Case, House
from tests.engine.houses import DECIDED, REWORK, ROUTED

Open = Callable[[Mapping[str, bytes]], House]
UNGUARDED = "SET session_replication_role = replica" if ON_POSTGRES else "PRAGMA foreign_keys=OFF"
SWAP = "UPDATE history_event SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)"

COPIED = [f'"{column.name}"' for column in Submission.__table__.columns if column.name != "id"]


@pytest.fixture
def case(house: Open) -> Case:
    """A case with a turn of rework behind it."""
    case = house(REWORK).start("p", gist="阀门渗漏")
    for good in (False, True):
        case.complete("UT_do", "cs", note="清洗")
        case.complete("UT_check", "qa", good=good)
    return case


def broken(case: Case, *statements: str) -> list[tuple[int, str]]:
    """What verify says after somebody with a database console did this."""
    session = case.house.session
    session.execute(text(UNGUARDED))
    for statement in statements:
        session.execute(text(statement))
    return [(link.seq, link.what) for link in engine.verify_chains(session)]


def test_an_untouched_history_verifies(case: Case) -> None:
    assert engine.verify_chains(case.house.session) == []


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE history_event SET actor_name = '别人' WHERE seq = 2"], (2, "altered")),
        (["UPDATE history_event SET reason = '改' WHERE seq = 1"], (1, "altered")),
        (["UPDATE history_event SET at = '2020-01-01 00:00:00' WHERE seq = 4"], (4, "altered")),
        (["UPDATE history_event SET data = replace(data, 'UT_do', 'UT_xx') WHERE seq = 2"], (2, "altered")),
        (["DELETE FROM history_event WHERE seq = 2"], (2, "missing")),
        (["DELETE FROM history_event WHERE seq = 1"], (1, "missing")),
        (["DELETE FROM history_event WHERE seq = 2", "UPDATE history_event SET seq = seq - 1 WHERE seq > 2"],
         (2, "missing")),
        ([SWAP, "UPDATE history_event SET seq = -seq WHERE seq < 0"], (2, "reordered")),
        (["DELETE FROM history_event WHERE seq > 3"], (4, "truncated")),
        (["DELETE FROM history_event"], (1, "missing")),
        (["UPDATE process_instance SET chain_head = 'x'"], (6, "altered")),
        (["UPDATE submission SET \"values\" = '{\"note\":\"没做\"}' WHERE seq = 2"], (2, "submission")),
        (["DELETE FROM submission WHERE seq = 2"], (2, "submission")),
        (["UPDATE submission SET \"by\" = 'cs2' WHERE seq = 2"], (2, "submission")),
        (["UPDATE submission SET by_name = '别人' WHERE seq = 2"], (2, "submission")),
        (["UPDATE submission SET at = '2020-01-01 00:00:00' WHERE seq = 2"], (2, "submission")),
        (["UPDATE submission SET element_id = 'UT_check' WHERE seq = 2"], (2, "submission")),
        (["UPDATE signature SET meaning = '批准'"], (3, "signature")),
        (["DELETE FROM signature"], (3, "signature")),
        (["UPDATE issued_record SET content = replace(content, 'qa', 'qb')"], (3, "record")),
        (["UPDATE issued_record SET issued_by = 'qa2'"], (3, "record")),
        (["UPDATE issued_record SET name = '别的'"], (3, "record")),
        ([f"INSERT INTO submission SELECT 'x', {', '.join(COPIED)} FROM submission WHERE seq = 2"],
         (6, "unvouched")),
    ],
    ids=["name", "reason", "time", "path", "deleted", "first deleted", "deleted and renumbered", "swapped",
         "truncated", "emptied", "head", "submission", "submission deleted", "submitted by another",
         "submitted under another name", "submitted earlier", "submitted elsewhere", "signature",
         "signature deleted", "record", "record issued by another", "record renamed", "submission added"],
)  # fmt: skip
def test_tampering_is_found_at_the_first_broken_link(
    case: Case, statements: list[str], expected: tuple[int, str]
) -> None:
    assert broken(case, *statements) == [expected]


def test_a_link_rewritten_with_its_own_hash_is_still_found(case: Case) -> None:
    """Somebody who knows how the hash is made changes event 3 and its hash: event 4 does not follow on it."""
    session = case.house.session
    event = session.get_one(HistoryEvent, (case.id, 3))
    event.actor_name = "别人"
    event.hash = link_hash(event.prev_hash, case.id, event)
    session.flush()
    assert broken(case) == [(3, "altered")]


def test_only_the_tampered_case_is_named_and_in_both_languages(case: Case) -> None:
    other = case.house.start("p", gist="另一件")
    statement = f"DELETE FROM history_event WHERE instance_id = '{other.id}'"
    case.house.session.execute(text(statement))
    (link,) = engine.verify_chains(case.house.session)
    assert (link.instance_id, link.business_key) == (other.id, other.business_key)
    assert "缺少第 1 条" in link.text.zh
    assert "event 1 is missing" in link.text.en
    assert case.view().chain_ok
    assert not other.view().chain_ok


def test_the_history_reads_as_sentences_in_both_languages(case: Case) -> None:
    history = case.view().history
    assert [event.kind for event in history] == ["started", *["completed"] * 4, "ended"]
    assert history[1].text.zh == "完成了“做do”"
    assert history[1].text.en == "completed “做do”"
    assert (history[1].actor_name, history[1].role) == ("cs 先生", "cs")
    assert history[-1].text.zh == "案件结束：已完成"
    assert [clause.id for clause in history[1].clauses] == ["S1-3.1a"]


def test_a_record_is_frozen_numbered_and_carries_the_signature(case: Case) -> None:
    first, second = case.view().records
    assert (first.number, second.number) == ("R02-2026-00001", "R02-2026-00002")
    view = engine.get_record(case.house.session, case.id, second.number, case.house.actor("compliance"))
    assert view.intact
    assert view.submission.values == {"good": True}
    assert view.submission.signature is not None
    assert view.submission.signature.content_hash == content_hash({"good": True})
    case.house.session.execute(text("UPDATE issued_record SET content = replace(content, 'qa', 'qb')"))
    case.house.session.expire_all()
    assert not engine.get_record(
        case.house.session, case.id, second.number, case.house.actor("compliance")
    ).intact


def test_a_decision_reads_in_the_words_of_its_table(house: Open) -> None:
    view = house(DECIDED).start("p", gist="x").view()
    (decided,) = [event for event in view.history if event.kind == "decided"]
    assert decided.text.zh == "“定级”：严重度为“重大”"
    assert decided.text.en == "“定级”: severity = major"
    (level,) = [variable for variable in view.variables if variable.name == "level"]
    assert (level.value, level.label.en, level.words) == ("重大", "severity", engine.Text("重大", "major"))


def test_a_group_that_a_decision_names_reads_as_its_name(house: Open) -> None:
    """Where all that a column may answer are groups, the history and the data say the group's name; figures
    stand apart from the words."""
    view = house(ROUTED).start("p", gist="x").view()
    (decided,) = [event for event in view.history if event.kind == "decided"]
    assert decided.text.zh == "“定级”：严重度为“重大”，归口部门为“vp 组”，办理时限（小时）为 48"
    assert decided.text.en == "“定级”: severity = major, owner group = vp 组, hours = 48"
    (owner,) = [variable for variable in view.variables if variable.name == "owner_group"]
    assert (owner.value, owner.words) == ("vp", engine.Text("vp 组", "vp 组"))
