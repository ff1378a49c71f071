"""What a draft may hold: anything that was typed, if it can be kept; and who typed what is personal."""

import json
from collections.abc import Collection, Mapping

from engine.commands.instances import undeclared
from engine.diagram.forms import Form
from engine.errors import FieldProblem, FormInvalid
from engine.queries.access import sees_clear
from engine.queries.masking import is_masked
from engine.queries.personal import draft_author
from engine.queries.views import Actor
from engine.storage.guards import is_keepable
from engine.storage.locked import LockedTask

MAX_LENGTH = 200_000  # characters of one field as JSON: a table of long texts
EMPTY: tuple[object, ...] = (None, "", [], False)
UNKEEPABLE = ("内容过长，或含有无法保存的字符。", "Too long, or with characters that cannot be kept.")


def check_draft(form: Form | None, raw: Mapping[str, object]) -> None:
    """Raises FormInvalid with a problem for each field that does not exist or cannot be kept."""
    known = form.field_names if form else frozenset()
    problems = [undeclared(name) for name in raw if name not in known]
    problems += [
        FieldProblem(name, *UNKEEPABLE) for name, value in raw.items() if name in known and not _fits(value)
    ]
    if problems:
        raise FormInvalid(problems)


def typed_into(
    form: Form | None, task: LockedTask, actor: Actor, raw: Mapping[str, object], *, joins: bool = False
) -> dict[str, object]:
    """The columns of a draft after `actor` has typed `raw` into the form as he sees it; `joins`: what `raw`
    leaves out stays.

    A personal value left masked is no entry, nor is an empty field where somebody else's entry is hidden from
    the actor: that entry stays, and stays its author's."""
    before, personal = task.draft or {}, form.personal_names if form else frozenset()
    authors = {name: draft_author(task, name) for name in before.keys() & personal}
    hidden = {name for name, by in authors.items() if by != actor.person_id and not sees_clear(actor)}
    typed = {name: value for name, value in raw.items() if not _left_alone(name, value, personal, hidden)}
    draft = {n: v for n, v in before.items() if joins or n in hidden} | typed
    mine = {name for name in typed.keys() & personal if name in hidden or before.get(name) != typed[name]}
    by = {n: actor.person_id if n in mine else authors.get(n) for n in draft.keys() & personal}
    return {"draft": draft or None, "draft_by": by or None}


def _left_alone(name: str, value: object, personal: Collection[str], hidden: Collection[str]) -> bool:
    return (name in personal and is_masked(value)) or (name in hidden and value in EMPTY)


def _fits(value: object) -> bool:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):  # no JSON, NaN, or nested without end
        return False
    return len(text) <= MAX_LENGTH and "\\u0000" not in text and is_keepable(text)
