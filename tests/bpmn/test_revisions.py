"""Revising what is shipped: an unchanged draft of any of its processes has nothing wrong."""

import pytest
from sqlalchemy.orm import Session

import engine
from tests.bpmn.test_diagrams import DIAGRAMS

OWNER = "jiang.bo"


@pytest.mark.parametrize("process_id", [file.stem for file in DIAGRAMS])
def test_a_process_is_checked_beside_the_deployed_ones_that_it_belongs_to(
    company: Session, process_id: str
) -> None:
    """What a called process reads is set by its callers, which the draft does not hold; the limits that it
    stops are started there. What is wrong with those is not told here."""
    owner = engine.get_actor(company, OWNER)
    assert owner is not None
    with engine.transaction(company):
        draft = engine.create_definition_draft(company, owner, process_id, "修订")
    assert engine.draft_problems(company, draft, owner) == ()

    name = f"{process_id}.bpmn"
    drawn = engine.draft_files(company, draft)[name].replace(b'camunda:formRef="', b'camunda:formRef="no_', 1)
    problems = engine.draft_problems(company, draft, owner, {name: drawn})
    assert {problem.file for problem in problems if problem.level == "error"} == {name}
