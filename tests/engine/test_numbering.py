"""Case and record numbers: without gaps, by year of the office."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.errors import FormInvalid
from engine.records.numbering import next_number
from tests.drive import Clock, House, actor, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import ONE, task

Open = Callable[[Mapping[str, bytes]], House]


def test_cases_are_numbered_in_the_order_of_their_start(house: Open) -> None:
    at = house(ONE)
    keys = [at.start("p", gist=f"第{i}件").business_key for i in range(3)]
    assert keys == ["QF-2026-000001", "QF-2026-000002", "QF-2026-000003"]


def test_a_refused_start_takes_no_number(house: Open) -> None:
    at = house(ONE)
    with pytest.raises(FormInvalid):
        at.start("p", gist="")
    assert at.start("p", gist="x").business_key == "QF-2026-000001"


def test_a_rolled_back_start_gives_its_number_back(house: Open) -> None:
    at = house(ONE)
    engine.start_instance(at.session, "p", at.actor("staff"), {"gist": "x"}, now=at.clock.now)
    at.session.rollback()
    assert at.start("p", gist="x").business_key == "QF-2026-000001"


@pytest.mark.parametrize(
    ("pattern", "now", "expected"),
    [
        ("QF-YYYY-NNNNNN", datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "QF-2026-000001"),
        ("QF-YYYY-NNNNNN", datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "QF-2027-000001"),
        ("BG-YYYYMM-NN", datetime(2026, 3, 1, tzinfo=UTC), "BG-202603-01"),
        ("BF-YYYYMMDD", datetime(2026, 3, 1, 17, tzinfo=UTC), "BF-20260302"),
        ("HY-YYYY-NNN", datetime(2026, 3, 1, tzinfo=UTC), "HY-2026-001"),
    ],
)
def test_a_pattern_counts_in_the_year_month_and_day_of_the_office(
    session: Session, pattern: str, now: datetime, expected: str
) -> None:
    assert next_number(session, pattern, now) == expected


def test_a_record_numbered_like_the_case_carries_the_number_of_the_case(house: Open) -> None:
    records = (
        b"id,zh,en,number_pattern,copies\nR01,\xe7\x99\xbb\xe8\xae\xb0\xe8\xa1\xa8,Register,QF-YYYY-NNNNNN,\n"
    )
    again = diagram(
        node("startEvent", "SE") + task("UT_a", record="R01") + task("UT_b", record="R01")
        + node("endEvent", "EE") + flow("SE", "UT_a") + flow("UT_a", "UT_b") + flow("UT_b", "EE")
    )  # fmt: skip
    at = house({"p.bpmn": again, "records.csv": records})
    case = at.start("p")
    case.complete("UT_a", "cs")
    case.complete("UT_b", "cs")
    assert [r.number for r in case.view().records] == [case.business_key, f"{case.business_key}-2"]
    assert at.start("p").business_key == "QF-2026-000002"


def test_starts_at_the_same_moment_leave_no_gap_and_no_double(each_database: Engine, tmp_path: Path) -> None:
    """Six threads start ten cases each, every third is rolled back: the 42 kept are numbered 1 to 42."""
    clock = Clock()
    with Session(each_database) as session:
        sign_up(session)
        House(session, clock, tmp_path).deploy(ONE)

    def start_ten(thread: int) -> list[str]:
        keys = []
        for turn in range(10):
            with Session(each_database) as session:
                who = actor(session, "staff")
                started = engine.start_instance(
                    session, "p", who, {"gist": f"{thread}-{turn}"}, now=clock.now
                )
                if turn % 3 == 2:
                    session.rollback()
                else:
                    session.commit()
                    keys.append(started.business_key)
        return keys

    with ThreadPoolExecutor(6) as pool:
        keys = sorted(key for found in pool.map(start_ten, range(6)) for key in found)
    assert keys == [f"QF-2026-{number:06}" for number in range(1, 43)]
    with Session(each_database) as session:
        assert engine.verify_chains(session) == []
