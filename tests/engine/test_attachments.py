"""Files: what is accepted, how it is kept, who reads it."""

from collections.abc import Callable, Mapping

import pytest

import engine
from engine.errors import (
    AttachmentNotFound,
    FileTooLarge,
    FormInvalid,
    WrongFileType,
)
from engine.records.files import MAX_BYTES
from tests.drive import PNG, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, ONE, START

Open = Callable[[Mapping[str, bytes]], House]
JPG, PDF = b"\xff\xd8\xff\xe0" + bytes(32), b"%PDF-1.7\n" + bytes(32)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(32)


@pytest.mark.parametrize(
    ("name", "content"),
    [("现场 照片.PNG", PNG), ("图.jpg", JPG), ("图.jpeg", JPG), ("报告.pdf", PDF), ("录像.mp4", MP4)],
)
def test_a_file_keeps_its_name_and_its_content(house: Open, name: str, content: bytes) -> None:
    at = house(ONE)
    view, path = engine.read_attachment(
        at.session, at.attach("staff", name, content), at.actor("staff"), at.folder
    )
    assert (view.filename, view.size, path.read_bytes()) == (name, len(content), content)


def test_a_path_in_a_file_name_is_cut_off(house: Open) -> None:
    at = house(ONE)
    for name in ("../../etc/照片.png", "C:\\照片\\照片.png"):
        view, _ = engine.read_attachment(at.session, at.attach("staff", name), at.actor("staff"), at.folder)
        assert view.filename == "照片.png"


WRONG = {
    "a jpg named png": ("照片.png", JPG),
    "a picture named exe": ("照片.exe", PNG),
    "no extension": ("照片", PNG),
    "nothing": ("x.png", b""),
    "html": ("x.html", b"<html>"),
    "svg named png": ("x.png", b"<svg/>"),
    "zip": ("x.zip", b"PK\x03\x04" + bytes(32)),
}


@pytest.mark.parametrize(("name", "content"), WRONG.values(), ids=WRONG)
def test_a_wrong_type_behind_a_right_name_is_refused_and_nothing_is_left(
    house: Open, name: str, content: bytes
) -> None:
    at = house(ONE)
    with pytest.raises(WrongFileType):
        at.attach("staff", name, content)
    assert [path for path in at.folder.rglob("*") if path.is_file()] == []


def test_a_file_above_20_mb_is_refused(house: Open) -> None:
    at = house(ONE)
    with pytest.raises(FileTooLarge):
        at.attach("staff", "照片.png", PNG + bytes(MAX_BYTES))
    assert [path for path in at.folder.rglob("*") if path.is_file()] == []


def test_the_same_content_is_kept_once(house: Open) -> None:
    at = house(ONE)
    assert at.attach("staff", "甲.png") != at.attach("cs", "乙.png")
    assert len([path for path in at.folder.rglob("*") if path.is_file()]) == 1


PHOTOS = """{"type": "default", "id": "photos",
  "components": [{"type": "filepicker", "key": "photos", "label": "照片"}]}"""


def test_a_file_of_a_case_is_read_by_whoever_sees_the_case(house: Open) -> None:
    asking = node("userTask", "UT_do", camunda_formRef="photos", camunda_candidateGroups="cs")
    drawn = diagram(START + asking + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"))
    files = {"p.bpmn": drawn, "photos.form": PHOTOS.encode()}
    case = house(files).start("p", gist="x")
    at = case.house
    photo = at.attach("cs")
    with pytest.raises(AttachmentNotFound):
        engine.read_attachment(at.session, photo, at.actor("qa"), at.folder)
    case.complete("UT_do", "cs", photos=[photo])
    assert engine.read_attachment(at.session, photo, at.actor("qa"), at.folder)[0].id == photo
    assert [view.id for view in case.view().submissions[-1].attachments] == [photo]
    with pytest.raises(AttachmentNotFound):
        engine.read_attachment(at.session, photo, at.actor("dept"), at.folder)
    other = at.start("p", gist="y")
    with pytest.raises(FormInvalid):
        other.complete("UT_do", "cs2", photos=[photo])
