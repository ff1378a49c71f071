"""What a second round, a colleague or an empty department must not spoil."""

from collections.abc import Callable

import pytest

import engine
from engine.errors import FormInvalid, NotACandidate
from tests.bpmn.case import Case

OpenCase = Callable[..., Case]
WRONG = {"result": "无效", "recurrence": True, "verify_note": "复检仍有泄漏。"}


def test_a_judgement_is_asked_anew_in_the_next_round_while_texts_stay(case: OpenCase) -> None:
    complaint = case().go_to("UT_verify").do("UT_verify", **WRONG).go_to("UT_verify")

    session, task = complaint.player.session, complaint.task("UT_verify")
    values = engine.get_task(session, task.id, complaint.player.actor("li.ming")).values
    assert (values["result"], values["recurrence"]) == (None, None)
    assert values["verify_note"] == "复检仍有泄漏。"


def test_nobody_takes_a_claimed_task_out_of_a_colleagues_hands(case: OpenCase) -> None:
    complaint = case().go_to("UT_verify")
    session, task = complaint.player.session, complaint.task("UT_verify")
    engine.claim_task(session, task.id, complaint.player.actor("li.ming"))

    with pytest.raises(NotACandidate):
        engine.assign_task(session, task.id, complaint.player.actor("zheng.tao"), "zheng.tao", "我来办")
    engine.assign_task(session, task.id, complaint.player.actor("wu.min"), "zheng.tao", "李明请假")


def test_a_group_with_nobody_in_it_is_not_asked_to_assist(case: OpenCase) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")

    with pytest.raises(FormInvalid) as refused:
        complaint.do("qf_investigate.UT_accept", assist_depts=["dept", "customer"])
    assert [problem.field for problem in refused.value.problems] == ["assist_depts"]


def test_a_personal_value_left_masked_is_not_kept_in_a_draft(case: OpenCase) -> None:
    complaint = case().go_to("UT_register")
    session, task = complaint.player.session, complaint.task("UT_register")
    handler = complaint.player.actor("wang.fang")
    engine.save_draft(session, task.id, handler, {"contact_phone": "138****5678", "org": "东川热力"})

    values = engine.get_task(session, task.id, handler).values
    assert (values["contact_phone"], values["org"]) == ("13812345678", "东川热力")
