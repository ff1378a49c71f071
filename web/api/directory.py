"""People and groups: who may look at accounts finds everybody, the others find themselves; groups stand on
every page."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import (
    GroupView,
    count_groups,
    count_people,
    find_groups,
    find_people,
    get_group,
    get_profile,
)
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, page, several, sort
from web.api.schemas import COUNT, array, nothing, one_of, record, sorting, text
from web.auth import actor
from web.db import db
from web.i18n import language

KIND = "WORKFLOW"
USER = record(id=text, firstName=text, lastName=text, email=nothing)
GROUP = record(id=text, name=text, type=one_of([KIND]))
USER_FILTERS = {"id": "id", "firstName": "name", "memberOfGroup": "group"}
GROUP_FILTERS = {"id": "id", "name": "name", "member": "member"}
LISTS = {"idIn": "id_in"}
USER_QUERY = dict.fromkeys([*USER_FILTERS, *LISTS], text)
GROUP_QUERY = dict.fromkeys([*GROUP_FILTERS, *LISTS], text)
USER_SORTS = {"userId": "id", "firstName": "name"}
GROUP_SORTS = {"id": "id", "name": "name"}


def _user(person: tuple[str, str]) -> dict[str, Any]:
    """A person has one name here, which no rule parts; mail addresses are the person's own business."""
    person_id, name = person
    return {"id": person_id, "firstName": name, "lastName": "", "email": None}


def _group(view: GroupView) -> dict[str, Any]:
    return {"id": view.id, "name": view.name.get(language()), "type": KIND}


@operation(
    "GET", "/user", "People", answer=array(USER), query={**USER_QUERY, **sorting(USER_SORTS), **PAGING}
)
def users() -> ResponseReturnValue:
    """A page of the people with an account that is switched on."""
    wanted = chosen(USER_FILTERS) | several(LISTS)
    found = find_people(db.session(), actor(), wanted, *page(), sort(USER_SORTS))
    return answer([_user(person) for person in found])


@operation("GET", "/user/count", "How many people there are", answer=COUNT, query=USER_QUERY)
def user_count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_people(db.session(), actor(), chosen(USER_FILTERS) | several(LISTS))})


@operation("GET", "/user/<person_id>/profile", "One person", answer=USER, refuses=(404,))
def profile(person_id: str) -> ResponseReturnValue:
    """One person."""
    return answer(_user(get_profile(db.session(), person_id, actor())))


@operation(
    "GET", "/group", "Groups", answer=array(GROUP), query={**GROUP_QUERY, **sorting(GROUP_SORTS), **PAGING}
)
def groups() -> ResponseReturnValue:
    """A page of the groups."""
    wanted = chosen(GROUP_FILTERS) | several(LISTS)
    found = find_groups(db.session(), actor(), wanted, *page(), sort(GROUP_SORTS))
    return answer([_group(view) for view in found])


@operation("GET", "/group/count", "How many groups there are", answer=COUNT, query=GROUP_QUERY)
def group_count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_groups(db.session(), actor(), chosen(GROUP_FILTERS) | several(LISTS))})


@operation("GET", "/group/<group_id>", "One group", answer=GROUP, refuses=(404,))
def group(group_id: str) -> ResponseReturnValue:
    """One group."""
    return answer(_group(get_group(db.session(), group_id, actor())))
