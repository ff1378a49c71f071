"""Search over number, title and variables: any part of a word, found through pairs of characters."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.queries.access import sees_clear
from engine.queries.views import Actor
from engine.records.numbering import CASE_NUMBER, OFFICE_ZONE
from engine.records.variables import grams_of_word
from engine.storage.models import ProcessInstance, SearchGram, Variable

_NUMBER = re.compile(r"(?:qf-?)?(?:(?P<year>\d{4})-)?0*(?P<number>\d{1,6})", re.IGNORECASE)
_WHOLE = re.compile(r"[A-Za-z]{1,8}-\d{4}-\d{3,9}")
YEARS = 10  # how far back a bare number is looked for
MOST_WORDS = 8  # further words of a search are not looked for: a database bears only so long a condition
MOST_PAIRS = 8  # of one word; they only narrow down where the whole word is then looked for
RARE = 2000  # a pair of characters in at most so many instances leads straight to them


def found_by(
    session: Session, text: str, actor: Actor, instance_id: InstrumentedAttribute[Any], now: datetime
) -> ColumnElement[bool]:
    """The condition that the instance in a column has this number, or all these words in its texts.

    Personal data are searched only for actors who see them in clear."""
    words = text.casefold().split()[:MOST_WORDS]
    if not words:
        return false()
    keys = _business_keys(text.strip(), now)
    clear = sees_clear(actor)
    worded = and_(*(_with_word(session, word, clear, instance_id) for word in words))
    numbered = select(ProcessInstance.id).where(ProcessInstance.business_key.in_(keys))
    return or_(instance_id.in_(numbered), worded) if keys else worded


def _business_keys(text: str, now: datetime) -> list[str]:
    match = _NUMBER.fullmatch(text)
    if not match:  # a whole number of another process's cases, as it stands
        return [text.upper()] if _WHOLE.fullmatch(text) else []
    year = now.astimezone(OFFICE_ZONE).year
    years = [match["year"]] if match["year"] else [str(year - back) for back in range(YEARS)]
    pattern = CASE_NUMBER.replace("NNNNNN", match["number"].zfill(6))
    return [pattern.replace("YYYY", each) for each in years]


def _with_word(
    session: Session, word: str, clear: bool, instance_id: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """A rare word leads to its few instances; a common one is looked for while the list is walked, which ends
    soon because most lines have it. Either way the texts themselves have the last word."""
    pairs = sorted(grams_of_word(word))[:MOST_PAIRS]
    rarest, number = _rarest(session, pairs, clear)
    if number > RARE:
        return and_(*(exists().where(*_having(SearchGram, p, clear, instance_id)) for p in pairs),
                    _said(word, clear, instance_id))  # fmt: skip
    lead = aliased(SearchGram)
    others = [exists().where(*_having(SearchGram, p, clear, lead.instance_id)) for p in pairs if p != rarest]
    few = select(lead.instance_id).where(*_having(lead, rarest, clear), *others)
    return instance_id.in_(few.where(_said(word, clear, lead.instance_id)))


def _rarest(session: Session, pairs: list[str], clear: bool) -> tuple[str, int]:
    """The pair that the fewest instances have, and how many those are, counted no further than needed."""
    counts = [
        select(literal(pair).label("pair"), select(func.count()).select_from(
            select(SearchGram.instance_id).where(*_having(SearchGram, pair, clear)).limit(RARE + 1).subquery()
        ).scalar_subquery().label("number"))
        for pair in pairs
    ]  # fmt: skip
    found = session.execute(union_all(*counts)).all()
    return min(((row.pair, row.number) for row in found), key=lambda row: row[1])


def _having(table: Any, pair: str, clear: bool, instance_id: Any = None) -> list[ColumnElement[bool]]:
    """An instance's texts (one instance's, if given) hold a pair of characters."""
    personal = [True, False] if clear else [False]
    conditions = [table.gram == pair, table.personal.in_(personal)]
    return conditions if instance_id is None else [*conditions, table.instance_id == instance_id]


def _said(word: str, clear: bool, instance_id: Any) -> ColumnElement[bool]:
    told = [Variable.instance_id == instance_id, Variable.text.contains(word, autoescape=True)]
    return exists().where(*told, *([] if clear else [Variable.personal.is_(False)]))
