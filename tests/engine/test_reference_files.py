"""The owner's csv files: the clauses of the nine regulations, groups and records, in both languages."""

import csv
import re
from pathlib import Path

import pytest

BPMN = Path(__file__).parents[2] / "bpmn"
CLAUSES = {"S1": 23, "S2": 24, "S3": 20, "S4": 31, "S5": 11, "S6": 15, "S7": 20, "S8": 15, "S9": 31}
HAN = re.compile(r"[\u4e00-\u9fff]")


def rows(name: str) -> list[dict[str, str]]:
    with (BPMN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_clause_of_the_nine_regulations_is_there() -> None:
    """The count for each regulation is that of the requirements; ids are unique."""
    found = [row["id"] for row in rows("clauses.csv")]
    counts = {r: sum(i.startswith(f"{r}-") for i in found) for r in CLAUSES}
    assert counts == CLAUSES
    assert len(found) == len(set(found)) == sum(CLAUSES.values())


@pytest.mark.parametrize("name", ["clauses.csv", "groups.csv", "records.csv", "clocks.csv"])
def test_every_row_reads_in_chinese_and_in_english(name: str) -> None:
    for row in rows(name):
        assert HAN.search(row["zh"]), row["id"]
        assert re.search("[A-Za-z]{2}", row["en"]), row["id"]
        assert not HAN.search(row["en"]), row["id"]
        assert None not in row, row["id"]
        assert all(value is not None and value == value.strip() for value in row.values()), row["id"]


def test_no_clause_only_points_to_another_one() -> None:
    """Each paraphrase says in words what is asked, also where two regulations ask for the same."""
    for row in rows("clauses.csv"):
        assert not re.search(r"S\d-\d|same requirement", row["zh"] + row["en"], re.IGNORECASE), row["id"]


def test_clauses_name_only_groups_and_records_that_exist() -> None:
    groups, records = ({row["id"] for row in rows(name)} for name in ("groups.csv", "records.csv"))
    for row in rows("clauses.csv"):
        assert row["regulation"] == row["id"].partition("-")[0]
        assert set(row["actor"].split()) <= groups, row["id"]
        assert set(row["record"].split()) <= records, row["id"]


def test_each_record_has_a_number_series_of_its_own() -> None:
    patterns = [row["number_pattern"] for row in rows("records.csv") if row["number_pattern"]]
    assert len(patterns) == len(set(patterns)) == 38
    assert all(re.fullmatch(r"[A-Z]{2,3}-YYYY(MM(DD)?)?(-N{2,6})?", pattern) for pattern in patterns)
