"""No string of the pages lacks Chinese, and the compiled catalogue is the written one."""

import gettext
import re

from tests.web.pages import Answer, Site
from web import catalogue

WORDS = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    "QF",
    "jpg",
    "png",
    "pdf",
    "mp4",
    "Asia",
    "Shanghai",
    "English",
    "JavaScript",
    "BPMN",
    "bpmn",
    "camunda",
}


def ids(texts):  # type: ignore[no-untyped-def]
    return {text.id if isinstance(text.id, str) else text.id[0] for text in texts if text.id}


def own_words(answer: Answer) -> str:
    """The text of a page without the names of processes and steps, which their owner writes."""
    main = answer.all("//main")[0]
    for chosen in main.xpath(".//select"):
        chosen.drop_tree()
    return str(main.text_content())


def test_every_text_of_the_pages_is_in_the_catalogue_and_nothing_else() -> None:
    assert ids(catalogue.extract()) == ids(catalogue.read())


def test_every_text_has_chinese() -> None:
    assert catalogue.untranslated(catalogue.read()) == []


def test_translations_keep_the_places_that_are_filled_in() -> None:
    for text in catalogue.read():
        if text.id:
            english = text.id[-1] if isinstance(text.id, tuple) else text.id
            chinese = text.string[0] if isinstance(text.string, tuple) else text.string
            places = r"%\(\w+\)[sd]"
            assert sorted(re.findall(places, english)) == sorted(re.findall(places, chinese)), english


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with catalogue.PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text in catalogue.read():
        if text.id and isinstance(text.id, str):
            assert compiled.gettext(text.id) == text.string


def test_a_chinese_page_has_no_english_words_of_ours(site: Site) -> None:
    cs = site.as_("cs")
    for path in ("/", "/instances", "/nowhere", "/?view=done"):
        words = set(WORDS.findall(own_words(cs.get(path)))) - NAMES
        assert not words, (path, words)


def test_an_english_page_has_no_chinese_words_of_ours(site: Site) -> None:
    cs = site.as_("cs", "en")
    for path in ("/", "/instances", "/nowhere", "/?view=done"):
        assert not re.findall(r"[\u4e00-\u9fff]+", own_words(cs.get(path))), path
