"""Comments on tasks: whoever sees the case may say something, and nobody can take it back."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import update

import engine
from engine.errors import (
    BadComment,
    CommentNotFound,
    KeyUsedDifferently,
    TaskNotFound,
    TaskNotOpen,
    UnkeepableText,
)
from engine.storage.models import HistoryEvent
from tests.drive import Case, House, contents
from tests.engine.houses import ONE, OPEN_LOOP

Open = Callable[[Mapping[str, bytes]], House]


def say(case: Case, by: str, text: str, task_id: str = "", key: str | None = None) -> engine.CommentView:
    """One comment, committed."""
    home = case.house
    home.clock.advance(minutes=1)
    with engine.transaction(home.session):
        return engine.add_comment(
            home.session, task_id or case.task("UT_do").id, home.actor(by), text, idempotency_key=key,
            now=home.clock.now,
        )  # fmt: skip


def test_comments_are_read_newest_first_with_who_and_when(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    first, second = say(case, "cs", "  客户催办  "), say(case, "gm", "请今天答复")
    assert (first.by_name, first.text, first.at < second.at) == ("cs 先生", "客户催办", True)
    assert case.page("UT_do", "staff").comments.items == [second, first]


def test_a_comment_is_an_event_of_the_history_and_cannot_be_changed(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    say(case, "qa", "已查证")
    told = case.view().history[-1]
    assert (told.kind, told.text.zh, told.reason) == ("commented", "就“做do”留言", "已查证")
    assert case.view().chain_ok
    session = case.house.session
    session.execute(update(HistoryEvent).where(HistoryEvent.kind == "commented").values(reason="未查证"))
    session.commit()
    assert not case.view().chain_ok


def test_the_role_is_told_of_who_works_on_the_task_only(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    say(case, "cs", "一")
    say(case, "gm", "二")
    assert [event.role for event in case.view().history[-2:]] == ["cs", None]


def test_a_comment_leaves_the_task_as_somebody_sees_it(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    revision = case.page("UT_do", "cs").revision
    say(case, "gm", "请今天答复")
    assert case.page("UT_do", "cs").revision == revision


def test_comments_belong_to_one_round_of_a_task(house: Open) -> None:
    case = house(OPEN_LOOP).start("p", gist="漏油")
    first = case.task("UT_do").id
    said = say(case, "cs", "第一轮")
    case.complete("UT_do", "cs", again=True)
    assert case.page("UT_do", "cs").comments.items == []
    session, reader = case.house.session, case.house.actor("cs")
    assert engine.find_comments(session, first, reader) == [said]
    with pytest.raises(CommentNotFound):
        engine.get_comment(session, case.task("UT_do").id, said.id, reader)
    with pytest.raises(TaskNotOpen):
        say(case, "cs", "迟了", first)


def test_who_does_not_see_the_case_neither_reads_nor_comments(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    task_id = say(case, "cs", "客户催办").task_id
    before = contents(case.house.session)
    for person in ("dept", "admin"):
        with pytest.raises(TaskNotFound):
            say(case, person, "看看")
        with pytest.raises(TaskNotFound):
            engine.find_comments(case.house.session, task_id, case.house.actor(person))
    assert contents(case.house.session) == before


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
def test_a_comment_has_something_to_say_and_an_end(house: Open, text: str) -> None:
    with pytest.raises(BadComment, match="4000"):
        say(house(ONE).start("p", gist="漏油"), "cs", text)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_what_cannot_be_kept_is_refused(house: Open, text: str) -> None:
    with pytest.raises(UnkeepableText):
        say(house(ONE).start("p", gist="漏油"), "cs", text)


def test_the_same_key_says_it_once(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    assert say(case, "cs", "客户催办", key="k") == say(case, "cs", "客户催办", key="k")
    assert case.page("UT_do", "cs").comments.total == 1
    with pytest.raises(KeyUsedDifferently):
        say(case, "cs", "另一句", key="k")


def test_many_comments_are_paged(house: Open) -> None:
    case = house(ONE).start("p", gist="漏油")
    for number in range(23):
        say(case, "cs", f"第 {number}")
    session, reader, task_id = case.house.session, case.house.actor("cs"), case.task("UT_do").id
    seen, cursor = [], None
    for size in (10, 10, 3):
        page = engine.get_task(session, task_id, reader, comments=cursor).comments
        assert (len(page.items), page.total) == (size, 23)
        seen += [view.text for view in page.items]
        cursor = page.next_cursor
    assert seen == [f"第 {number}" for number in reversed(range(23))]
    assert cursor is None
