"""Deploying and starting: versions, pinned bundles, who may start."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

import engine
from engine.diagram.bundle_cache import BundleCache
from engine.errors import (
    BundleChanged,
    BundleRefused,
    FormInvalid,
    NotAllowed,
    ProcessNotFound,
    ReasonRequired,
)
from engine.queries.bundles import stored_sources
from engine.storage.models import Source
from tests.drive import House, contents
from tests.engine.houses import ONE, REWORK

Open = Callable[[Mapping[str, bytes]], House]


def test_the_same_files_make_no_new_version_and_changed_ones_do(house: Open) -> None:
    at = house(ONE)
    again = engine.deploy(at.session, ONE, "owner", "又一次", now=at.clock.now)
    assert (again.versions, again.new) == ({"p": 1}, ())
    changed = engine.deploy(at.session, REWORK, "owner", "加一步审核", now=at.clock.now)
    assert (changed.versions, changed.new) == ({"p": 2}, ("p",))


def test_a_running_case_keeps_its_version(house: Open) -> None:
    at = house(ONE)
    old = at.start("p", gist="旧版")
    at.deploy(REWORK)
    new = at.start("p", gist="新版")
    old.complete("UT_do", "cs", note="x")
    new.complete("UT_do", "cs", note="x")
    assert old.ended_at == "已完成"
    assert new.open_tasks() == ["UT_check"]
    assert (old.view().version, new.view().version) == (1, 2)
    compliance = at.actor("compliance")
    assert engine.get_diagram(at.session, old.id, "p", compliance) == ONE["p.bpmn"]
    assert engine.get_diagram(at.session, new.id, "p", compliance) == REWORK["p.bpmn"]


def test_a_faulty_file_is_refused_with_its_place_and_nothing_is_stored(house: Open) -> None:
    at = house(ONE)
    before = contents(at.session)
    for bad in (
        b"<not xml",
        b"<!DOCTYPE x><x/>",
        ONE["p.bpmn"].replace(b'targetRef="EE_done"', b'targetRef="EE"'),
    ):
        with pytest.raises(BundleRefused) as refused, engine.transaction(at.session):
            engine.deploy(at.session, {"p.bpmn": bad}, "owner", "x")
        assert refused.value.problems[0].file == "p.bpmn"
    with pytest.raises(ReasonRequired):
        engine.deploy(at.session, ONE, "owner", "  ")
    assert contents(at.session) == before


def test_a_stored_bundle_that_was_tampered_with_is_not_run(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    session, pinned = case.house.session, case.view().bundle_hash
    for source in session.scalars(select(Source)):
        source.content = source.content.replace(b"UT_do", b"UT_x")
    session.flush()
    with pytest.raises(BundleChanged):
        BundleCache().get(pinned, lambda: stored_sources(session, pinned))


def test_only_starter_groups_start_and_only_startable_processes(house: Open) -> None:
    files = {
        "p.bpmn": ONE["p.bpmn"].replace(
            b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="qa"'
        )
    }
    at = house(files)
    with pytest.raises(NotAllowed, match="start"):
        at.start("p", "cs", gist="x")
    with pytest.raises(NotAllowed):
        engine.get_start_form(at.session, "p", at.actor("cs"))
    assert engine.startable(at.session, at.actor("cs")) == []
    assert [view.process_id for view in engine.startable(at.session, at.actor("qa"))] == ["p"]
    with pytest.raises(ProcessNotFound):
        at.start("q", "qa")
    at.start("p", "qa", gist="x")


def test_a_start_form_is_checked_like_any_form(house: Open) -> None:
    at = house(ONE)
    before = contents(at.session)
    for raw in ({}, {"gist": "x", "other": "y"}, {"gist": "x", "_secret": "y"}):
        with pytest.raises(FormInvalid):
            at.start("p", **raw)
    assert contents(at.session) == before


def test_the_title_is_the_first_thing_written_that_is_not_personal(house: Open) -> None:
    case = house(ONE).start("p", gist="  阀门  渗漏 ", phone="13812341234")
    assert case.view().title == "阀门 渗漏"
