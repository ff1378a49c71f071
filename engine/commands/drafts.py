"""What a draft may hold: anything that was typed, as long as it can be kept."""

import json
from collections.abc import Mapping

from engine.commands.instances import undeclared
from engine.diagram.forms import Form
from engine.errors import FieldProblem, FormInvalid
from engine.storage.session import is_keepable

MAX_LENGTH = 200_000  # characters of one field as JSON: a table of long texts
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


def _fits(value: object) -> bool:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):  # no JSON, NaN, or nested without end
        return False
    return len(text) <= MAX_LENGTH and "\\u0000" not in text and is_keepable(text)
