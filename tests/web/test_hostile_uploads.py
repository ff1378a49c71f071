"""Whatever is uploaded over HTTP: refused in words, or kept as a draft that cannot be published."""
# ruff: noqa: E501 - XML reads better unbroken

import io
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.drive import PASSWORD, contents
from tests.engine.faulty.names import DMN
from tests.engine.test_bad_uploads import ASKING, BYTES, CELLS, DECIDING, FORMS, GOOD, HEAD, NAMES, TABLES
from tests.engine.zips import HOSTILE, packed
from tests.web.access import Company, company
from web.security import SANDBOX, limiter

DIAGRAM = GOOD.encode()
COMINGS = {"api_token", "person", "access_log"}  # tables that say when somebody came
UPLOADS: dict[str, dict[str, bytes]] = {
    **{f"diagram: {name}": {"p.bpmn": data} for name, (data, _) in BYTES.items()},
    **{f"decision: {name}": {"p.bpmn": DIAGRAM, "x.dmn": data} for name, (data, _) in BYTES.items()},
    **{f"form: {name}": {"p.bpmn": DIAGRAM, "x.form": data} for name, (data, _) in BYTES.items()},
    **{f"table: {name}": {"p.bpmn": DECIDING, "rate.dmn": text.encode()} for name, text in TABLES.items()},
    **{f"fields: {name}": {"p.bpmn": ASKING, "f.form": data} for name, data in FORMS.items()},
    **{f"cells: {name}": {"p.bpmn": DIAGRAM, "groups.csv": data} for name, data in CELLS.items()},
}
ON_PAGES = [title for title in UPLOADS if not title.startswith(("decision: ", "form: "))]  # the same bytes


@dataclass
class Outside:
    """A host that hostile files name; `asked` counts who came."""

    address: str
    asked: list[object] = field(default_factory=list)


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """It listens, and remembers whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = Outside(f"http://127.0.0.1:{server.getsockname()[1]}")
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    caller, who = server.accept()
                except TimeoutError:
                    continue
                here.asked.append(who)
                caller.close()

        listener = threading.Thread(target=listen)
        listener.start()
        yield here
        over.set()
        listener.join(5)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The company; what is refused is about the application, the database makes no difference."""
    made = company(tmp_path_factory.mktemp("uploads") / "files")
    made.app.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    made.database.dispose()


@pytest.fixture
def owner(here: Company) -> FlaskClient:
    """The owner's browser, before anything has happened."""
    here.put_back()
    with here.app.app_context():
        limiter.reset()
    return here.visitor("owner", again=False)


def sent_file(name: str, data: bytes) -> FileStorage:
    """A file of a form."""
    return FileStorage(io.BytesIO(data), name)


def multipart(**values: object) -> dict[str, object]:
    """A form with files, held in memory: what the test client would leave in a temporary file stays open."""
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def kept(here: Company) -> dict[str, list[object]]:
    """Everything in the database but who came when."""
    with Session(here.database) as session:
        return {name: rows for name, rows in contents(session).items() if name not in COMINGS}


def deployed(here: Company, files: Mapping[str, bytes]) -> TestResponse:
    """What a program is answered that deploys files."""
    parts = {f"part-{n}": sent_file(name, data) for n, (name, data) in enumerate(files.items())}
    client = here.app.test_client()
    address = "/engine-rest/deployment/create"
    return client.post(address, auth=("owner", PASSWORD), **multipart(**{"deployment-name": "x"}, **parts))


def imported(owner: FlaskClient, files: Mapping[str, bytes]) -> TestResponse:
    """What the page of importing answers."""
    parts = [sent_file(name, data) for name, data in files.items()]
    sent = multipart(title="导入", process="p", files=parts)
    return owner.post("/publishing/_import", buffered=True, **sent)


def texts(answer: TestResponse) -> str:
    """What a page says where it refuses."""
    page = html.fromstring(answer.get_data())
    found = page.xpath(
        "//*[@role='alert' or contains(@class, 'problem') or contains(@class, 'bad')] | //*[@class='error-code']/.."
    )
    return " ".join(each.text_content() for each in found)


def refuses(answer: TestResponse) -> None:
    """A page refuses in Chinese, and shows nothing of what was refused as markup or from this machine."""
    assert 400 <= answer.status_code < 500, answer.status_code
    assert re.search(r"[\u4e00-\u9fff]{2}", texts(answer)), answer.text
    assert "root:" not in answer.text
    assert not html.fromstring(answer.get_data()).xpath("//script[not(@src)]")


@pytest.mark.parametrize("title", UPLOADS)
def test_a_program_is_refused_in_the_shape_of_a_parse_error_and_nothing_is_kept(
    here: Company, title: str
) -> None:
    here.put_back()
    before = kept(here)
    answer = deployed(here, UPLOADS[title])
    assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.\n")
    errors = [e for kinds in answer.json["details"].values() for e in kinds["errors"]]
    assert errors
    assert all(e["message"] and e["line"] >= 1 <= e["column"] for e in errors)
    assert "root:" not in answer.text
    assert kept(here) == before


@pytest.mark.long
@pytest.mark.parametrize("title", ON_PAGES)
def test_an_import_is_refused_or_becomes_a_draft_that_is_not_published(
    here: Company, owner: FlaskClient, title: str
) -> None:
    """Files one by one, and the same in an archive."""
    for files in (UPLOADS[title], {"x.zip": packed(UPLOADS[title])}):
        here.put_back()
        before = kept(here)
        answer = imported(owner, files)
        if answer.status_code == 302:
            stays_a_draft(owner, answer.headers["Location"])
        else:
            refuses(answer)
            assert any(name in texts(answer) for name in (*UPLOADS[title], *files))
            assert kept(here) == before


def stays_a_draft(owner: FlaskClient, page: str) -> None:
    """A draft whose file can be read, but not run: its pages show it, and publishing it is refused."""
    drafts = page.replace("publishing", "drafts")
    for address in (page, drafts):
        assert owner.get(address).status_code == 200
    (revision,) = re.findall(r'name="revision" value="(\d+)"', owner.get(page).text)[:1] or ["1"]
    sent = owner.post(f"{page}/submit", data={"reason": "x", "revision": revision}, buffered=True)
    refuses(sent)
    unused = "没有可发布" in texts(sent)  # a file that no process uses changes nothing
    assert sent.status_code == (409 if unused else 422)


def stays_out(here: Company, owner: FlaskClient, answer: TestResponse, before: object, name: str) -> None:
    """A file of the draft was refused and nothing is kept; or it is one that can be read, and is inert."""
    draft = here.places["draft_id"]
    assert answer.status_code < 500
    if kept(here) == before:
        return
    shown = owner.get(f"/drafts/{draft}/files/{name}", buffered=True)
    assert shown.headers["Content-Security-Policy"] == SANDBOX
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert owner.get(f"/drafts/{draft}/edit/{name}/text").status_code == 200
    stays_a_draft(owner, f"/publishing/{draft}")


@pytest.mark.parametrize("title", ON_PAGES)
def test_a_draft_refuses_a_file_that_cannot_be_read_and_is_never_published_with_one_that_cannot_run(
    here: Company, owner: FlaskClient, title: str
) -> None:
    """A new file, what the modeler sends, what the editor of texts sends."""
    (*_, name), draft = UPLOADS[title], f"/drafts/{here.places['draft_id']}"
    data, before, new = UPLOADS[title][name], kept(here), name.replace("p.bpmn", "new.bpmn")
    added = owner.post(f"{draft}/files", buffered=True, **multipart(file=sent_file(new, data)))
    assert added.status_code == 302
    assert texts(owner.get(draft, buffered=True))
    stays_out(here, owner, added, before, new)
    if new != "new.bpmn":
        return
    here.put_back()
    sent = multipart(content=sent_file("x", data), revision="1")
    saved = owner.post(f"{draft}/files/other.bpmn", buffered=True, **sent)
    if saved.status_code != 200:
        assert (saved.status_code, saved.json["code"]) == (422, "bundle_refused")
        assert re.search(r"[\u4e00-\u9fff]{2}", saved.json["message"])
        assert kept(here) == before
    stays_out(here, owner, saved, before, "other.bpmn")
    here.put_back()
    typed = multipart(content=data.decode("utf-8", "replace"), revision="1")
    text = owner.post(f"{draft}/edit/other.bpmn/text", buffered=True, **typed)
    if text.status_code != 302:
        refuses(text)
        assert kept(here) == before
    stays_out(here, owner, text, before, "other.bpmn")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_an_unknown_kind_is_refused(here: Company, owner: FlaskClient, name: str) -> None:
    before = kept(here)
    files = {"p.bpmn": DIAGRAM, name or " ": DIAGRAM}
    answer = deployed(here, files)
    assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    refuses(imported(owner, files))
    data = {"name": name, "file": (io.BytesIO(DIAGRAM), name or " ")}
    assert owner.post(f"/drafts/{here.places['draft_id']}/files", data=data).status_code == 302
    assert kept(here) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_an_archive_that_harms_is_refused_everywhere(here: Company, owner: FlaskClient, name: str) -> None:
    """As what it is, and under the name of a diagram."""
    before, data = kept(here), HOSTILE[name]()
    refuses(imported(owner, {"x.zip": data}))
    refuses(imported(owner, {"x.bpmn": data}))
    for file in ("x.zip", "x.bpmn"):
        answer = deployed(here, {file: data})
        assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    assert kept(here) == before


def test_a_refusal_is_told_in_the_language_of_the_person(here: Company, owner: FlaskClient) -> None:
    files = {"p.bpmn": BYTES["an entity"][0]}
    chinese = deployed(here, files).json["message"], texts(imported(owner, files))
    owner.post("/language", data={"language": "en"})
    english = deployed(here, files).json["message"], texts(imported(owner, files))
    for zh, en in zip(chinese, english, strict=True):
        assert re.search(r"[\u4e00-\u9fff]{2}", zh)
        assert not re.search(r"[\u4e00-\u9fff]{2}", en)
        assert "p.bpmn" in zh
        assert "p.bpmn" in en


def calls(outside: Outside) -> dict[str, dict[str, bytes]]:
    """Files that name another host in every way that their formats know."""
    at = outside.address
    schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {at}/x.xsd"'
    doctype = f'<!DOCTYPE definitions SYSTEM "{at}/x.dtd" [<!ENTITY e SYSTEM "{at}/e">]>'
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{at}/i" parse="text"/>'
    brought = (
        f'<import importType="http://www.w3.org/2001/XMLSchema" location="{at}/x.xsd" namespace="urn:x"/>'
    )
    asked = FORMS["a key twice"].replace(b'"components"', f'"$schema": "{at}/f.json", "components"'.encode())
    return {
        "a document type": {"p.bpmn": GOOD.replace(HEAD, HEAD + doctype).encode()},
        "an entity": {"p.bpmn": GOOD.replace(HEAD, HEAD + doctype).replace("</process>", "&e;</process>").encode()},
        "an inclusion": {"p.bpmn": GOOD.replace("</process>", f"{include}</process>").encode()},
        "a schema": {"p.bpmn": GOOD.replace("<definitions", f"<definitions {schema}", 1).encode()},
        "a stylesheet": {"p.bpmn": GOOD.replace(HEAD, f'{HEAD}<?xml-stylesheet href="{at}/x.xsl"?>').encode()},
        "an import": {"p.bpmn": GOOD.replace("<process ", f"{brought}<process ", 1).encode()},
        "a schema of a table": {"p.bpmn": DECIDING, "rate.dmn": DMN.replace("<definitions", f"<definitions {schema}", 1).encode()},
        "a schema of a form": {"p.bpmn": ASKING, "f.form": asked},
    }  # fmt: skip


def test_no_file_makes_the_server_ask_anybody(here: Company, owner: FlaskClient, outside: Outside) -> None:
    """External entities, schemas, imports and stylesheets, in a deployment, an import, a draft and on its
    pages: refused or passed over, and none of them is fetched."""
    for title, files in calls(outside).items():
        here.put_back()
        assert deployed(here, files).status_code in (200, 400), title
        here.put_back()
        for sent in (files, {"x.zip": packed(files)}):
            answer = imported(owner, sent)
            assert answer.status_code in (302, 422), title
            if answer.status_code == 302:
                assert owner.get(answer.headers["Location"]).status_code == 200
    assert outside.asked == []
    with socket.create_connection(("127.0.0.1", int(outside.address.rpartition(":")[2])), timeout=5):
        pass  # it would have been noticed
    for _ in range(50):
        if outside.asked:
            break
        threading.Event().wait(0.1)
    assert len(outside.asked) == 1
