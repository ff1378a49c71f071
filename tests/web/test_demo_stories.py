"""The stories of the demo organisation: what their forms say agrees."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from web.demo.organisation import play
from web.demo.player import REVIEWER, Player
from web.demo.stories import STORIES

SOME = STORIES[::3]


def test_a_registration_says_nothing_else_than_the_start_form(tmp_path: Path, databases: Databases) -> None:
    """Of when we learned of the feedback, of the customer, of the product: of all that both ask for."""
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            compliance = Player(session, tmp_path).actor(REVIEWER)
            for story in SOME:
                play(session, replace(story, until="UT_triage"), tmp_path, datetime.now(UTC))
            for row in engine.list_instances(session, compliance).items:
                case = engine.get_instance(session, row.id, compliance)
                said = {item.element_id: item.values for item in case.submissions}
                start, registered = said["SE_feedback"], said["UT_register"]
                assert start["aware_at"]
                shared = {name for name in start.keys() & registered if start[name]}
                assert {name for name in shared if registered[name] != start[name]} == set(), row.title
        database.dispose()
