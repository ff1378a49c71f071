"""Search over number, title and variables: any part of a word, found through pairs of characters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, true, union_all
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
MOST_PAIRS = 8  # of one word, among which the rarest is found
MORE_PAIRS = 2  # narrow down besides the rarest: planning a condition takes time, and the text is read anyway
HIGHEST = "\U0010ffff"  # the last character that there is
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
    looked_up = [_Word.looked_up(session, word, clear) for word in words]
    worded = and_(true(), *(word.said_in(instance_id, clear) for word in looked_up if not word.is_rare))
    numbered = select(ProcessInstance.id).where(ProcessInstance.business_key.in_(keys))
    if not any(word.is_rare for word in looked_up):
        return or_(instance_id.in_(numbered), worded) if keys else worded
    # Looked up now: a database that has to guess how many they are may walk all instances to find none.
    few = set.intersection(*(word.instances(session, clear) for word in looked_up if word.is_rare))
    known = set(session.scalars(numbered)) if keys else set()
    return and_(instance_id.in_(sorted(few | known)), or_(instance_id.in_(sorted(known)), worded))


def _business_keys(text: str, now: datetime) -> list[str]:
    match = _NUMBER.fullmatch(text)
    if not match:  # a whole number of another process's cases, as it stands
        return [text.upper()] if _WHOLE.fullmatch(text) else []
    year = now.astimezone(OFFICE_ZONE).year
    years = [match["year"]] if match["year"] else [str(year - back) for back in range(YEARS)]
    pattern = CASE_NUMBER.replace("NNNNNN", match["number"].zfill(6))
    return [pattern.replace("YYYY", each) for each in years]


@dataclass(frozen=True)
class _Word:
    """A word that is looked for: its pairs of characters, the one that the fewest instances have, and whether
    those are few.

    A rare word leads to its few instances; a common one is looked for while the list is walked, which ends
    soon because most lines have it. Either way the texts themselves have the last word."""

    text: str
    pairs: list[str]
    rarest: str
    is_rare: bool

    @classmethod
    def looked_up(cls, session: Session, text: str, clear: bool) -> "_Word":
        """With one statement."""
        pairs = sorted(grams_of_word(text))[:MOST_PAIRS]
        rarest, number = _rarest(session, pairs, clear)
        return cls(text, pairs, rarest, number <= RARE)

    def instances(self, session: Session, clear: bool) -> set[str]:
        """The ids of the instances that say a rare word."""
        lead = aliased(SearchGram)
        few = select(lead.instance_id).where(
            *_having(lead, self.rarest, clear),
            *_with_pairs(self._others, clear, lead.instance_id),
            exists().where(*_saying(self.text, clear, lead.instance_id)),
        )
        return set(session.scalars(few))

    def said_in(self, instance_id: Any, clear: bool) -> ColumnElement[bool]:
        """The condition that the instance in a column says a common word. A single character is no way to one
        instance's rows: its text is looked at."""
        named = (self.rarest, *self._others) if len(self.text) > 1 else ()
        asked = [_having(SearchGram, pair, clear, instance_id) for pair in named]
        return and_(*(_while_walking(SearchGram, each) for each in asked),
                    _while_walking(Variable, _saying(self.text, clear, instance_id)))  # fmt: skip

    @property
    def _others(self) -> list[str]:
        return [pair for pair in self.pairs if pair != self.rarest][:MORE_PAIRS]


def _while_walking(table: Any, conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """That there is such a row. With OFFSET it stays a question about each line, where PostgreSQL would else
    join all rows of a common pair before it takes the first page."""
    return select(literal(1)).select_from(table).where(*conditions).offset(0).exists()


def _with_pairs(pairs: Iterable[str], clear: bool, instance_id: Any) -> list[ColumnElement[bool]]:
    return [exists().where(*_having(SearchGram, pair, clear, instance_id)) for pair in pairs]


def _rarest(session: Session, pairs: list[str], clear: bool) -> tuple[str, int]:
    """The pair that the fewest instances have, and how many those are, counted no further than needed."""
    counts = [
        select(literal(pair).label("pair"), select(func.count()).select_from(
            _instances_with(pair, clear).limit(RARE + 1).subquery()
        ).scalar_subquery().label("number"))
        for pair in pairs
    ]  # fmt: skip
    found = session.execute(union_all(*counts)).all()
    return min(((row.pair, row.number) for row in found), key=lambda row: row[1])


def _instances_with(pair: str, clear: bool) -> Select[Any]:
    """Whose texts hold a pair; of a single character an instance has many rows."""
    found = select(SearchGram.instance_id).where(*_having(SearchGram, pair, clear))
    return found if len(pair) > 1 else found.distinct()


def _having(table: Any, pair: str, clear: bool, instance_id: Any = None) -> list[ColumnElement[bool]]:
    """An instance's texts (one instance's, if given) hold a pair of characters, or a single one: then some
    pair begins with it, or a word ends with it."""
    personal = [True, False] if clear else [False]
    spelled = table.gram == pair if len(pair) > 1 else table.gram.between(pair, pair + HIGHEST)
    conditions = [spelled, table.personal.in_(personal)]
    return conditions if instance_id is None else [*conditions, table.instance_id == instance_id]


def _saying(word: str, clear: bool, instance_id: Any) -> list[ColumnElement[bool]]:
    """A variable of the instance has the word in its text."""
    told = [Variable.instance_id == instance_id, Variable.text.contains(word, autoescape=True)]
    return told if clear else [*told, Variable.personal.is_(False)]
