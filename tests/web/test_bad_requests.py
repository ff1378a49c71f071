"""Hostile requests: each is answered with its own status and page, none is a fault of ours, nothing runs."""

import io
import re
from collections.abc import Iterable

import pytest

import engine
from tests.drive import PNG, contents
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, extended, field
from tests.web.pages import Answer, Site, Visitor

EVIL = "<script>alert(1)</script>"
ESCAPED = EVIL.replace("<", "&lt;").replace(">", "&gt;")
STRANGE = [
    "x",
    "%00",
    "a%00b",
    "%ed%a0%80",
    "%ff%fe",
    "..",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "....//etc/passwd",
    "C:%5Cboot.ini",
    "'%20OR%201=1--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "x" * 3_000,
    "%0d%0aSet-Cookie:a=b",
    "{{7*7}}",
    "${7*7}",
    "%25s%25n",
    "-1",
    "1e999",
    "NaN",
    "null",
]
PLACES = [
    "/tasks/{}",
    "/instances/{}",
    "/attachments/{}",
    "/attachments/{}?view=1",
    "/processes/{}/start",
    "/instances/{}/records/R01",
    "/instances/{}/diagrams/every.bpmn",
    "/static/{}",
    "/{}",
    "/instances/{}/cancel",
]


@pytest.fixture
def strict(site: Site) -> Site:
    """The site, answering faults of its own with 500 as in production, so that a test sees them."""
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    return site


def clear(answer: Answer, allowed: Iterable[int] = (400, 403, 404, 405, 409, 413, 415, 422)) -> None:
    """A refusal with a page of our own, guarded, that repeats nothing dangerous."""
    assert answer.status in allowed, (answer.status, answer.response.request.path)
    headers, body = answer.response.headers, answer.response.get_data(as_text=True)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert EVIL not in body
    assert "Traceback" not in body
    assert "root:" not in body
    assert "Set-Cookie:a" not in str(headers)


@pytest.mark.parametrize("place", PLACES)
def test_an_address_made_up_leads_nowhere(strict: Site, place: str) -> None:
    """Unknown ids, NUL, half characters, ways out of the folder, SQL, templates, markup, very long ids."""
    visitor = strict.as_("cs")
    for strange in STRANGE:
        clear(visitor.get(place.format(strange)))


@pytest.mark.parametrize(
    "place",
    ["{}", "{}/compare", "{}/versions/1.zip", "{}/versions/1/files/p.bpmn", "p/versions/1/files/{}",
     "p/versions/{}.zip"],
)  # fmt: skip
def test_a_made_up_definition_or_file_of_it_leads_nowhere(strict: Site, place: str) -> None:
    owner = strict.as_("owner")
    for strange in STRANGE:
        clear(owner.get(f"/processes/{place.format(strange)}"))


def test_ways_out_inside_a_case_lead_nowhere(strict: Site) -> None:
    case, visitor = strict.case(name="甲"), strict.as_("cs")
    for strange in STRANGE:
        for place in ("diagrams/{}.bpmn", "diagrams/{}", "records/{}", "{}"):
            clear(visitor.get(f"/instances/{case.id}/{place.format(strange)}"))


QUERIES = [
    "{}=",
    "{}=%00",
    "{}=%ed%a0%80",
    "{}=%ff",
    "{}=-1",
    "{}=0",
    "{}=1e309",
    "{}=99999999999999999999",
    "{}=NaN",
    "{}=W10%3D",
    "{}=bnVsbA==",
    "{}=WzEsMiwzXQ==",
    "{}=WyJcdTAwMDAiLCJhIixmYWxzZV0=",
    "{}=WyJcdWQ4MDAiLCJhIixmYWxzZV0=",
    "{}[]=1",
    "{}=1&{}=2",
    "{}=../..",
    "{}=%3Cscript%3Ealert(1)%3C/script%3E",
    "{}=%27%20OR%201=1",
    "{}=" + "x" * 5_000,
]
NAMES = [
    "view",
    "search",
    "process",
    "element",
    "overdue",
    "sort",
    "direction",
    "order",
    "cursor",
    "limit",
    "state",
    "next",
    "page",
    "version",
    "before",
    "from",
    "to",
]


@pytest.mark.parametrize(
    ("who", "path"),
    [("cs", "/"), ("cs", "/instances"), ("cs", "/tasks.csv"), ("cs", "/instances.csv"), ("cs", "/sign-in"),
     ("cs", "/processes"), ("owner", "/processes"), ("owner", "/processes.csv"), ("owner", "/processes/p"),
     ("owner", "/processes/p/compare")],
)  # fmt: skip
def test_a_query_made_up_is_answered_or_refused(strict: Site, who: str, path: str) -> None:
    visitor = strict.as_(who)
    strict.case(name="甲")
    for query in QUERIES:
        names = NAMES if len(query) < 100 else NAMES[:3]
        for chosen in (names, ["cursor"], ["limit"]):
            made = "&".join(query.replace("{}", name) for name in chosen)
            answer = visitor.get(f"{path}?{made}")
            clear(answer, (200, 302, 400, 404, 422))
            assert "//" not in answer.location.replace("://localhost", "")


BODIES = [
    {"name": "a\x00b"},
    {"name": "x" * 300},
    {"name": EVIL * 20, "pieces": "x"},
    {"typename": "x"},
    {"__class__": "x"},
    {"actions.0.__class__": "x"},
    {"actions.x.what": "a"},
    {"actions.-1.what": "a"},
    {"actions.99999999999.what": "a"},
    {"actions": "a"},
    {"actions.0": "a"},
    {"actions..what": "a"},
    {"pieces": "NaN"},
    {"pieces": "1e309"},
    {"day": "0000-00-00"},
    {"ours": "maybe"},
    {"owner": "nobody"},
    {"photos": "../../etc/passwd"},
    {"kinds": "丁"},
    {"depts": EVIL},
    {"_action": "explode"},
    {"_action": "remove:actions.99"},
    {"_action": "add:name"},
    {"_action": "add:__class__"},
    {"_revision": "x"},
    {"_revision": "-1"},
    {"_revision": "99999999999999999999"},
    {"_password": "\x00"},
    {"name[]": "a"},
]


def rows(site: Site) -> object:
    """Everything stored."""
    site.house.session.rollback()
    found = contents(site.house.session)
    site.house.session.rollback()
    return found


def test_a_form_made_up_stores_nothing(strict: Site) -> None:
    case, visitor = strict.case(name="甲"), strict.as_("cs")
    address = strict.task(case)
    before = rows(strict)
    for body in BODIES:
        for place in (address, "/processes/every/start"):
            answer = visitor.send(place, {"_action": "complete", "pieces": "5", **body})
            clear(answer, (200, 400, 404, 409, 422))
            if answer.status == 200:  # the page again, for a button that does nothing
                assert answer.all("//form[@method='post']")
    assert rows(strict) == before


def test_what_was_typed_is_shown_again_and_does_not_run(strict: Site) -> None:
    case, visitor = strict.case(name="甲"), strict.as_("cs")
    answer = visitor.send(strict.task(case), {"name": EVIL, "story": f"</textarea>{EVIL}", "pieces": "x"})
    assert answer.status == 422
    assert answer.all("//*[@id='f-name']/@value") == [EVIL]
    assert answer.all("//*[@id='f-story']")[0].text.strip() == f"</textarea>{EVIL}"
    assert not answer.all("//script[not(@src)]")


def test_drafts_and_buttons_do_not_store_what_cannot_be_kept(strict: Site) -> None:
    case, visitor = strict.case(name="甲"), strict.as_("cs")
    for value in ("a\x00b", "x" * 300_000):
        clear(visitor.send(strict.task(case), {"_action": "draft", "story": value}), (400, 413, 422))


def test_other_media_types_are_no_form(strict: Site) -> None:
    visitor = strict.as_("cs")
    address = strict.task(strict.case(name="甲"))
    for kind, data in {
        "application/json": b'{"name": "x"}',
        "text/xml": b"<a/>",
        "multipart/form-data": b"--x",
        "multipart/form-data; boundary=x": b"--x\r\nContent-Disposition: form-data; name=\xff\x00",
        "": b"\x00\xff",
    }.items():
        response = visitor.client.post(address, data=data, content_type=kind)
        clear(Answer(response), (400, 404, 413, 415, 422))


def test_a_form_of_tens_of_thousands_of_fields_is_refused(strict: Site) -> None:
    visitor = strict.as_("cs")
    many = {f"f{number}": "x" for number in range(20_000)}
    clear(visitor.send(strict.task(strict.case(name="甲")), many), (400, 413, 422))


def test_a_body_beyond_every_limit_is_not_read(strict: Site) -> None:
    strict.app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    visitor = strict.as_("cs")
    address = strict.task(strict.case(name="甲"))
    clear(visitor.send(address, {"name": "x" * 2_000_000}), (413,))
    clear(visitor.send("/sign-in", {"username": "x" * 2_000_000, "password": "x"}), (413,))


def test_without_its_token_no_button_of_any_page_works(strict: Site) -> None:
    case = strict.case(name="甲")
    visitor, task = strict.as_("staff"), strict.task(case)
    strict.app.config["WTF_CSRF_ENABLED"] = True
    before = rows(strict)
    posts = {str(r) for r in strict.app.url_map.iter_rules() if "POST" in (r.methods or ())}
    posts = {rule for rule in posts if not rule.startswith("/engine-rest")}  # no cookie counts there
    assert len(posts) > 8
    for rule in posts:
        path = rule.replace("<task_id>", task.rpartition("/")[2]).replace("<instance_id>", case.id)
        path = path.replace("<process_id>", "every").replace("<person_id>", "cs")
        path = re.sub(r"<int(?:\(.*?\))?:\w+>", "2026", path)
        path = re.sub(r"<any\((\w+).*?>", r"\1", path)
        clear(visitor.send(path, {"name": "x", "reason": "x", "csrf_token": "forged"}), (400,))
    assert rows(strict) == before


def test_markup_in_names_documentation_values_and_file_names_is_only_text(strict: Site) -> None:
    """A diagram, a person's words and a file's name are shown letter by letter on every page."""
    documented = f"<documentation>{ESCAPED}</documentation>"
    asking = node(
        "userTask",
        "UT",
        documented + extended(field("note"), name_en=ESCAPED.replace('"', "&quot;")),
        name=ESCAPED,
        camunda_candidateGroups="cs",
    )
    drawn = diagram(
        documented + START + asking + END + flow("SE", "UT") + flow("UT", "EE_done"),
        "evil",
        attributes=f'name="{ESCAPED}"',
    )
    strict.house.deploy({"evil.bpmn": drawn})
    case = strict.house.start("evil", "staff", gist=f"{EVIL}\"'><img src=x onerror=alert(1)>", phone=EVIL)
    visitor = strict.as_("cs")
    address = f"/tasks/{case.task('UT').id}"
    strict.house.session.rollback()
    name = f'"><img src=x onerror=alert(1)>{EVIL[:8]}.png'
    upload = visitor.send(
        strict.task(strict.case(name="甲")), {"name": "", "photos": (io.BytesIO(PNG), name)}
    )
    pages = [
        "/?view=group",
        "/instances",
        address,
        f"/instances/{case.id}",
        "/processes",
        f"/?view=group&search={EVIL}",
    ]
    answers = [visitor.get(page) for page in pages]
    answers += [
        visitor.post(address, note=EVIL),
        visitor.get("/?view=done"),
        visitor.get(f"/instances/{case.id}"),
        upload,
    ]
    for answer in answers:
        body = answer.response.get_data(as_text=True)
        assert EVIL not in body
        assert "<img src=x" not in body
        assert answer.status == 302 or not answer.all("//script[not(@src)] | //@onerror")
    listed = visitor.get("/tasks.csv?view=done").response
    assert listed.headers["X-Content-Type-Options"] == "nosniff"
    assert listed.mimetype == "text/csv"
    xml = visitor.get(f"/instances/{case.id}/diagrams/evil.bpmn").response
    assert xml.mimetype in ("application/xml", "text/xml")
    assert "script-src 'self'" in xml.headers["Content-Security-Policy"]


def test_a_cell_that_a_spreadsheet_would_run_is_exported_as_text(strict: Site) -> None:
    for formula in ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", '=HYPERLINK("http://x")'):
        strict.house.start("p", "staff", gist=formula)
    strict.house.session.rollback()
    for path in ("/instances.csv", "/tasks.csv?view=group"):
        text = strict.as_("cs").get(path).response.get_data(as_text=True)
        for line in text.splitlines()[1:]:
            for cell in line.split(","):
                assert not cell.strip('"').startswith(("=", "+", "@", "\t", "\r")), line


def test_nobody_acts_or_reads_for_another_group(strict: Site) -> None:
    case = strict.case(name="甲")
    address = strict.task(case)
    stranger: Visitor = strict.as_("dept")
    clear(stranger.get(address), (403, 404))
    clear(stranger.send(address, {"name": "x"}), (403, 404))
    for verb in ("claim", "release", "assign"):
        clear(stranger.send(f"{address}/{verb}", {"person": "dept", "reason": "x"}), (400, 403, 404, 422))
    clear(stranger.send(f"/instances/{case.id}/cancel", {"reason": "x"}), (403, 404))
    assert engine.list_tasks(strict.house.session, strict.house.actor("cs"), "group").items
    strict.house.session.rollback()
