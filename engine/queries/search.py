"""Search over number, title and variables: any part of a word, found through pairs of characters."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, intersect, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.queries.access import sees_clear
from engine.queries.views import Actor
from engine.records.numbering import CASE_NUMBER, OFFICE_ZONE
from engine.records.variables import grams_of_word
from engine.storage.models import ProcessInstance, SearchGram, Variable

_NUMBER = re.compile(r"(?:qf-?)?(?:(?P<year>\d{4})-)?0*(?P<number>\d{1,6})", re.IGNORECASE)
YEARS = 10  # how far back a bare number is looked for
MOST_WORDS = 20  # further words of a search are not looked for: a database bears only so long a condition
MOST_PAIRS = 20  # of one word; they only narrow down where the whole word is then looked for


def found_by(
    text: str, actor: Actor, instance_id: InstrumentedAttribute[Any], now: datetime
) -> ColumnElement[bool]:
    """The condition that the instance in a column has this number, or all these words in its texts.

    Personal data are searched only for actors who see them in clear."""
    words = text.casefold().split()[:MOST_WORDS]
    if not words:
        return false()
    keys = _business_keys(text.strip(), now)
    numbered = select(ProcessInstance.id).where(ProcessInstance.business_key.in_(keys))
    worded = and_(*(_with_word(word, sees_clear(actor), instance_id) for word in words))
    return or_(instance_id.in_(numbered), worded) if keys else worded


def _business_keys(text: str, now: datetime) -> list[str]:
    match = _NUMBER.fullmatch(text)
    if not match:
        return []
    year = now.astimezone(OFFICE_ZONE).year
    years = [match["year"]] if match["year"] else [str(year - back) for back in range(YEARS)]
    pattern = CASE_NUMBER.replace("NNNNNN", match["number"].zfill(6))
    return [pattern.replace("YYYY", each) for each in years]


def _with_word(word: str, clear: bool, instance_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Pairs narrow the instances down through the index; the texts of those few are then read."""
    pairs = [_having(pair, clear) for pair in sorted(grams_of_word(word))[:MOST_PAIRS]]
    candidates: Any = intersect(*pairs)
    told = [Variable.instance_id == instance_id, Variable.text.contains(word, autoescape=True)]
    if not clear:
        told.append(Variable.personal.is_(False))
    return instance_id.in_(candidates) & exists().where(and_(*told))


def _having(pair: str, clear: bool) -> Any:
    statement = select(SearchGram.instance_id).where(SearchGram.gram == pair)
    return statement if clear else statement.where(SearchGram.personal.is_(False))
