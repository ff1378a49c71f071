"""People and groups through `/engine-rest`: who may look at accounts finds all, the others themselves."""

import pytest

import engine
from tests.drive import PEOPLE
from tests.web.pages import Site
from tests.web.programs import program


def test_who_may_look_at_accounts_finds_everybody(site: Site) -> None:
    for person in ("admin", "compliance"):
        by = program(site, person)
        assert [user["id"] for user in by.get("/user")] == sorted(PEOPLE)
        assert by.get("/user/count") == {"count": len(PEOPLE)}
        shown = by.get("/user/cs/profile")
        assert shown == {"id": "cs", "firstName": "cs 先生", "lastName": "", "email": None}


def test_everybody_else_finds_himself(site: Site) -> None:
    cs = program(site, "cs")
    assert [user["id"] for user in cs.get("/user")] == ["cs"]
    assert cs.get("/user?memberOfGroup=qa") == []
    assert cs.get("/user/cs/profile")["firstName"] == "cs 先生"
    assert cs.refused("GET", "/user/qa/profile") == (404, "person_not_found")


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ("memberOfGroup=qa", ["qa", "qa2"]),
        ("idIn=qa,cs,nobody", ["cs", "qa"]),
        ("idIn=qa,cs&id=cs", ["cs"]),
        ("firstName=cs 先生", ["cs"]),
        ("memberOfGroup=qa&sortBy=userId&sortOrder=desc", ["qa2", "qa"]),
        ("memberOfGroup=qa&firstResult=1&maxResults=5", ["qa2"]),
    ],
)
def test_people_are_found_by_their_facts(site: Site, asked: str, people: list[str]) -> None:
    assert [user["id"] for user in program(site, "compliance").get(f"/user?{asked}")] == people


def test_an_account_that_is_switched_off_is_not_offered(site: Site) -> None:
    with engine.transaction(site.house.session):
        engine.set_active(site.house.session, "qa2", False, by="admin", reason="left")
    by = program(site, "compliance")
    assert by.get("/user/count?memberOfGroup=qa") == {"count": 1}
    assert by.refused("GET", "/user/qa2/profile") == (404, "person_not_found")


def test_groups_are_known_to_everybody(site: Site) -> None:
    cs = program(site, "cs")
    groups = sorted({group for held in PEOPLE.values() for group in held})
    assert [group["id"] for group in cs.get("/group")] == groups
    assert cs.get("/group/count") == {"count": len(groups)}
    assert cs.get("/group/qa") == {"id": "qa", "name": "qa 组", "type": "WORKFLOW"}
    assert cs.refused("GET", "/group/x") == (404, "group_not_found")
    assert [group["id"] for group in cs.get("/group?idIn=qa,cs&sortBy=name&sortOrder=desc")] == ["qa", "cs"]


def test_who_is_in_which_group_is_told_like_accounts(site: Site) -> None:
    cs, compliance = program(site, "cs"), program(site, "compliance")
    assert [group["id"] for group in cs.get("/group?member=cs")] == ["cs", "staff"]
    assert cs.get("/group?member=qa") == []
    assert [group["id"] for group in compliance.get("/group?member=qa")] == ["qa", "staff"]
