"""The editor of decision tables without a browser: what is typed is saved, checked or kept, never lost."""

import io
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import DECIDED, END, START, task
from tests.engine.tables import table
from tests.web.pages import Answer, Site, Visitor
from tests.web.test_drafts import begun

BPMN = Path(__file__).parents[2] / "bpmn"
NAME = "approval_level.dmn"
SHIPPED = (BPMN / NAME).read_bytes()
HOSTILE = """<script>alert(1)</script>"'&{{ 7*7 }}"""


def opened(site: Site, content: bytes = SHIPPED, name: str = NAME) -> tuple[Visitor, str]:
    """The owner has put a decision file into a draft; the address of its tables."""
    owner, draft = begun(site)
    owner.post(f"{draft}/files", file=(io.BytesIO(content), name), name="")
    return owner, f"{draft}/edit/{name}/table"


def fields(page: Answer) -> dict[str, object]:
    """What a browser would send of the form of the page."""
    found: dict[str, list[str]] = {}
    form = page.all("//form[@id='tables']")[0]
    for field in form.xpath(".//input[@name] | .//textarea[@name]"):
        text = field.text_content().removeprefix("\n") if field.tag == "textarea" else field.get("value", "")
        found.setdefault(field.get("name"), []).append(text.replace("\n", "\r\n"))
    for each in form.xpath(".//select[@name][not(@disabled)]"):
        found[each.get("name")] = each.xpath("./option[@selected]/@value") or each.xpath("./option[1]/@value")
    return dict(found)


def pressed(visitor: Visitor, path: str, page: Answer, act: str = "save", **typed: str) -> Answer:
    """Sends the form of a page as it stands there, with what was typed, by the button `act`."""
    return visitor.send(path, {**fields(page), "act": act, **typed})


def saved(visitor: Visitor, path: str) -> bytes:
    """The file as it is saved."""
    return visitor.get(path.replace("/edit/", "/files/").removesuffix("/table")).response.data


def cells(page: Answer, rule: int) -> list[str]:
    """What stands in the cells of a rule, from 1."""
    found = page.all(f"//tr[@id='t0-rule-{rule}']//textarea")
    return [cell.text_content().removeprefix("\n") for cell in found]


@pytest.mark.parametrize("path", sorted(BPMN.glob("*.dmn")), ids=lambda path: path.stem)
def test_a_shipped_table_saved_unedited_stays_as_it_is(site: Site, path: Path) -> None:
    owner, address = opened(site, path.read_bytes(), path.name)
    answer = pressed(owner, address, owner.get(address))
    assert answer.status == 302
    assert saved(owner, address) == path.read_bytes()
    page = owner.get(address)
    assert "没有任何改动" in page.text
    assert page.all("//input[@name='revision']/@value") == ["1"]


def test_a_decision_of_a_draft_opens_as_a_table(site: Site) -> None:
    owner, address = opened(site)
    assert owner.get(address.removesuffix("/table")).location == address
    page = owner.get(address)
    assert cells(page, 2)[:4] == ['"严重"', "-", '"vp"', "true"]
    assert "方案审批层级" in page.text
    for name in ("p.bpmn", "none.dmn"):
        assert owner.get(address.replace(NAME, name)).status == 404


def test_an_edited_cell_is_saved_and_nothing_else(site: Site) -> None:
    owner, address = opened(site)
    answer = pressed(owner, address, owner.get(address), **{"t0.r2.i1": ">= 50000"})
    assert (answer.status, answer.location) == (302, address)
    assert saved(owner, address) == SHIPPED.replace(b"&gt;= 100000", b"&gt;= 50000")
    assert "已保存" in owner.get(address).text


def test_rules_and_columns_are_added_copied_moved_and_removed_and_stored_only_by_saving(site: Site) -> None:
    owner, address = opened(site)
    page = pressed(owner, address, owner.get(address), "add rule 0 0", **{"t0.r3.note": "其余"})
    assert cells(page, 2) == ["-", "-", "", "", ""]
    page = pressed(owner, address, page, "up rule 0 n1", **{"t0.rn1.i1": "> 7", "t0.rn1.o1": "true"})
    page = pressed(owner, address, page, "copy rule 0 n1")
    page = pressed(owner, address, page, "remove rule 0 0")
    page = pressed(owner, address, page, "add input 0")
    page = pressed(owner, address, page, "down output 0 0", **{"t0.in1.source": "batch_qty"})
    assert [cells(page, n)[:5] for n in (1, 2)] == [["-", "> 7", "-", "true", ""]] * 2
    assert cells(page, 5)[-1] == "其余"
    assert "尚未保存" in page.text
    assert saved(owner, address) == SHIPPED
    assert pressed(owner, address, page).status == 302
    written = saved(owner, address).decode()
    assert written.index("Output_need_8d") < written.index("Output_approval_group")
    assert "Rule_major" not in written
    assert "<text>batch_qty</text>" in written


def test_a_rule_goes_to_the_number_that_is_typed(site: Site) -> None:
    owner, address = opened(site)
    typed = {"t0.r3.number": "1", "t0.r0.number": "99999", "t0.r1.number": "x"}
    page = pressed(owner, address, owner.get(address), "check", **typed)
    assert [cells(page, n)[0] for n in (1, 2, 3, 4)] == ["-", '"严重"', "-", '"重大"']
    assert page.all("//input[@type='number']/@value") == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("act", "number", "left"),
    [
        ("remove rule 0 3", {"t0.r3.number": "1"}, [0, 1, 2]),
        ("remove rule 0 0", {"t0.r3.number": "1"}, [3, 1, 2]),
        ("up rule 0 2", {"t0.r0.number": "4"}, [2, 1, 3, 0]),
        ("copy rule 0 1", {"t0.r1.number": "4"}, [0, 2, 3, 1, 1]),
        ("remove rule 0 7", {}, [0, 1, 2, 3]),
    ],
)
def test_a_button_acts_on_its_own_rule_also_when_numbers_were_typed_before(
    site: Site, act: str, number: dict[str, str], left: list[int]
) -> None:
    owner, address = opened(site)
    page = owner.get(address)
    before = [cells(page, n) for n in range(1, 5)]
    assert f"{act[:-1]}3" in page.all("//button[@name='act']/@value")
    after = pressed(owner, address, page, act, **number)
    assert [cells(after, n + 1) for n in range(len(left))] == [before[n] for n in left]
    assert not cells(after, len(left) + 1)


def test_new_rules_keep_their_names_wherever_they_move(site: Site) -> None:
    owner, address = opened(site)
    page = pressed(owner, address, owner.get(address), "add rule 0")
    page = pressed(owner, address, page, "add rule 0 0", **{"t0.rn1.note": "一"})
    page = pressed(owner, address, page, "up rule 0 n2", **{"t0.rn2.note": "二"})
    notes = {key: fields(page)[f"t0.r{key}.note"] for key in ("n1", "n2")}
    assert notes == {"n1": ["一"], "n2": ["二"]}
    assert fields(page)["t0.rule"] == ["n2", "0", "1", "2", "3", "n1"]


def test_a_check_of_what_nobody_edited_leaves_nothing_to_save(site: Site) -> None:
    owner, address = opened(site)
    for typed, told in (({}, ""), ({"t0.r0.note": "x"}, "尚未保存")):
        page = pressed(owner, address, owner.get(address), "check", **typed)
        assert page.all("//*[@id='unsaved']")[0].text_content() == told
        assert bool(page.all("//form[@data-unsaved]")) == bool(told)


def test_a_problem_on_the_page_of_the_draft_leads_to_its_cell(site: Site) -> None:
    rows = [(f"{n}" if n != 299 else "?", f'"w{n}"') for n in range(300)]
    owner, address = opened(site, table([("n", "number", "")], [("word", "string", "")], rows), "grade.dmn")
    draft = owner.get(address.partition("/edit/")[0])
    (link,) = draft.all("//a[contains(@href, '/edit/grade.dmn') and contains(@href, 'line=')]/@href")
    found = owner.get(owner.get(link).location).location
    assert found == f"{address}?from=0:300#t0-r300-c1"
    cell = owner.get(found).all("//textarea[@id='t0-r300-c1']")[0]
    assert cell.get("aria-invalid") == "true"


def test_what_lint_says_stands_at_the_cell_with_table_rule_and_column_and_what_was_typed(site: Site) -> None:
    owner, address = opened(site)
    typed = {"t0.r1.i0": "严重", "t0.r2.o0": '"nobody"', "t0.o1.source": "no name"}
    checked = pressed(owner, address, owner.get(address), "check", **typed)
    assert checked.status == 200
    assert saved(owner, address) == SHIPPED
    pressed(owner, address, owner.get(address), **typed)
    for page in (checked, owner.get(address)):
        cell = page.all("//textarea[@id='t0-r2-c1']")[0]
        assert (cell.text.strip(), cell.get("aria-invalid")) == ("严重", "true")
        problem = page.all(f"//*[@id='{cell.get('aria-describedby')}']")[0].text_content()
        assert "文本须加英文双引号" in problem
        assert "nobody" in page.all("//*[@id='t0-r3-c3-problem']")[0].text_content()
        assert "no name" in page.all("//*[@id='t0-c4-problem']")[0].text_content()
        links = {
            a.get("href"): " ".join(a.text_content().split()) for a in page.all("//*[@id='problems']//a")
        }
        assert links["#t0-r2-c1"] == "方案审批层级 · 第 2 条规则 · 严重度"
        assert links["#t0-c4"] == "方案审批层级 · 需 8D 报告"
    assert "<text>严重</text>" in saved(owner, address).decode()


def test_whoever_saves_after_somebody_else_is_told_and_keeps_what_was_typed(site: Site) -> None:
    owner, address = opened(site)
    mine = theirs = owner.get(address)
    assert pressed(owner, address, theirs, **{"t0.r0.note": "他们的"}).status == 302
    stored = saved(owner, address)
    for act in ("save", "check", "add rule 0", "save"):
        mine = pressed(owner, address, mine, act, **{"t0.r1.note": "我的"})
        assert mine.status == 409
        assert "owner 先生" in mine.all("//*[@id='table-refusal']")[0].text_content()
        assert cells(mine, 2)[-1] == "我的"
        assert saved(owner, address) == stored


def test_every_saved_state_of_a_table_is_kept(site: Site) -> None:
    owner, address = opened(site)
    for text in ("一", "二"):
        pressed(owner, address, owner.get(address), **{"t0.r0.note": text})
    draft = owner.get(address.partition("/edit/")[0])
    assert draft.text.count(f"已保存 {NAME}") == 2
    assert owner.get(address).all("//input[@name='revision']/@value") == ["3"]


def test_a_character_that_cannot_be_stored_is_refused_by_rule_and_column(site: Site) -> None:
    owner, address = opened(site)
    answer = pressed(owner, address, owner.get(address), **{"t0.r2.i1": "> \x0b1", "t0.r0.note": "留着"})
    assert answer.status == 422
    assert "第 3 条规则的“预计费用（元）”" in answer.all("//*[@role='alert']")[0].text_content()
    assert cells(answer, 1)[-1] == "留着"
    assert saved(owner, address) == SHIPPED


@pytest.mark.parametrize(
    "wrong",
    [
        {"revision": "x"},
        {"table": "x"},
        {"table": "7"},
        {"table": ["0", "0"]},
        {"table": []},
        {"t0.rule": ["0", "0"]},
        {"t0.rule": ["0", "999"]},
        {"t0.rule": ["-1"]},
        {"t0.input": ["0", "5"]},
        {"t0.until": "9"},
        {"t0.first": "", "act": "check"},
        {"act": "add rule x 1"},
        {"act": "add rule 0 -1"},
        {"act": "remove rule 0 n0"},
    ],
    ids=str,
)
def test_fields_that_the_page_does_not_have_are_refused_and_change_nothing(
    site: Site, wrong: dict[str, object]
) -> None:
    owner, address = opened(site)
    assert owner.send(address, {**fields(owner.get(address)), "act": "save", **wrong}).status == 400
    assert saved(owner, address) == SHIPPED


def test_texts_of_a_table_are_shown_and_never_run(site: Site) -> None:
    owner, address = opened(site)
    names = ("t0.name", "t0.name_en", "t0.description", "t0.i0.label", "t0.i0.label_en", "t0.i0.allowed",
             "t0.o0.source", "t0.o0.type", "t0.policy", "t0.r0.i0", "t0.r0.o0", "t0.r0.note")  # fmt: skip
    typed = dict.fromkeys(names, HOSTILE)
    checked = pressed(owner, address, owner.get(address), "check", **typed)
    assert pressed(owner, address, owner.get(address), **typed).status == 302
    for page in (checked, owner.get(address)):
        assert not [s for s in page.all("//script") if "alert" in s.text_content()]
        sent = fields(page)
        assert all(sent[name] == [HOSTILE] for name in names)


def test_a_long_table_is_edited_in_parts(site: Site) -> None:
    rows = [(f"{n}", f'"w{n}"') for n in range(450)]
    content = table([("n", "number", "")], [("word", "string", "")], rows)
    owner, address = opened(site, content, "grade.dmn")
    page = owner.get(f"{address}?from=0:201")
    assert len(page.all("//tr[starts-with(@id, 't0-rule-')]")) == 200
    assert page.all("//*[@aria-current='page' and not(ancestor::header)]")[0].text_content() == "201–400"
    answer = pressed(owner, address, page, **{"t0.r399.o0": '"last"', "t0.r399.number": "201"})
    assert answer.location == f"{address}?from=0:201"
    assert cells(owner.get(answer.location), 1)[:2] == ["399", '"last"']
    assert len(owner.get(f"{address}?from=0:401").all("//tr[starts-with(@id, 't0-rule-')]")) == 50
    for strange in ("x", "7:1", "0:0", "0:99999", "201"):
        assert owner.get(f"{address}?from={strange}").status == 200


def test_each_long_table_of_a_file_turns_its_own_pages(site: Site) -> None:
    parts = []
    for at, count in enumerate((450, 50, 250)):
        rows = [(f"{n}", f'"w{n}"') for n in range(count)]
        content = table([("n", "number", "")], [("word", "string", "")], rows, ids=False)
        parts.append(content.replace(b"<decision ", b'<decision id="d%d" ' % at))
    begin, end = parts[0].index(b"<decision "), b"</definitions>"
    inner = b"".join(part[begin : part.index(end)] for part in parts)
    owner, address = opened(site, parts[0][:begin] + inner + end, "many.dmn")

    def shown(page: Answer) -> list[tuple[int, int]]:
        numbers = [
            page.all(f"//tr[starts-with(@id, 't{at}-rule-')]//input[@type='number']/@value")
            for at in range(3)
        ]
        return [(int(each[0]), int(each[-1])) for each in numbers]

    page = owner.get(f"{address}?from=0:401")
    assert shown(page) == [(401, 450), (1, 50), (1, 200)]
    (further,) = page.all("//section[@id='t2']//nav//a/@href")
    page = owner.get(further)
    assert shown(page) == [(401, 450), (1, 50), (201, 250)]
    assert shown(owner.get(page.all("//section[@id='t0']//nav//a/@href")[1])) == [
        (201, 400),
        (1, 50),
        (201, 250),
    ]
    assert shown(owner.get(f"{address}?from=0:399&from=2:250")) == [(201, 400), (1, 50), (201, 250)]
    answer = pressed(owner, address, page, **{"t2.r249.note": "x"})
    assert shown(owner.get(answer.location)) == [(401, 450), (1, 50), (201, 250)]


def test_every_decision_of_a_file_is_shown(site: Site) -> None:
    both = SHIPPED.replace(b"</decision>", b'</decision><decision id="second" name="2"/>', 1)
    owner, address = opened(site, both)
    page = owner.get(address)
    assert [h.text_content().split()[-1] for h in page.all("//h2")[1:]] == ["approval_level", "second"]
    assert "不是决策表" in page.text
    assert pressed(owner, address, page, **{"t1.name": "二"}).status == 302
    assert '<decision id="second" name="二"' in saved(owner, address).decode()
    owner, address = opened(site, b"<a/>", "empty.dmn")
    assert "没有决策" in owner.get(address).text


def test_the_modeler_knows_every_decision_by_its_id_whatever_its_file_is_called(site: Site) -> None:
    second = SHIPPED[SHIPPED.index(b"<decision ") : SHIPPED.index(b"</decision>")] + b"</decision>"
    second = second.replace(b'id="approval_level"', b'id="second"')
    owner, address = opened(site, SHIPPED.replace(b"</decision>", b"</decision>" + second, 1), "levels.dmn")
    draft = address.partition("/edit/")[0]
    owner.post(f"{draft}/files", file=(io.BytesIO(b"<a><decision/></a>"), "nameless.dmn"), name="")
    (told,) = owner.get(f"{draft}/edit/p.bpmn").all("//*[@data-choices]/@data-choices")
    known = {"approval_level": "levels.dmn#t0", "second": "levels.dmn#t1", "nameless": "nameless.dmn#t0"}
    assert json.loads(told)["decisions"] == known
    assert owner.get(address).all("//section[@id='t1']")


def test_the_page_speaks_the_language_of_its_reader(site: Site) -> None:
    owner, address = opened(site)
    owner.post("/language", language="en")
    page = owner.get(address)
    heads = [" ".join(th.text_content().split()) for th in page.all("//table[@id='t0-rules']//th")]
    assert heads[1:4] == ["Act", "severityseverity", "estimated cost (yuan)cost_est"]
    assert "FIRST: the first rule that matches" in page.text
    checked = pressed(owner, address, page, "check", **{"t0.r1.i0": "严重"})
    assert "text needs double quotes" in checked.all("//*[@id='t0-r2-c1-problem']")[0].text_content()


def test_reviewers_read_a_table_and_change_nothing(site: Site) -> None:
    owner, address = opened(site)
    form = fields(owner.get(address))
    for person in ("compliance", "admin"):
        reviewer = site.as_(person)
        page = reviewer.get(address)
        assert page.status == 200
        assert page.all("//main//button[@name='act']/@value") == ["try 0"]
        assert page.all("//textarea[@readonly]")
        assert reviewer.send(address, {**form, "act": "save"}).status == 403
    for person in ("staff", "it"):
        assert site.as_(person).get(address).status == 403
        assert site.as_(person).send(address, {**form, "act": "check"}).status == 403


def test_a_draft_that_was_given_up_is_read_only(site: Site) -> None:
    owner, address = opened(site)
    form = fields(owner.get(address))
    owner.post(f"{address.partition('/edit/')[0]}/discard", reason="不改了")
    assert owner.get(address).all("//main//button[@name='act']/@value") == ["try 0"]
    for also in (
        {},
        {"t0.until": "9"},
        {"t0.r0.i0": "\x0b"},
    ):  # that it is closed is told before what is wrong
        refused = owner.send(address, {**form, "act": "save", "t0.r0.note": "留着", **also})
        assert refused.status == 409
        assert "已放弃" in refused.all("//*[@id='table-refusal']")[0].text_content()
        assert cells(refused, 1)[-1] == "留着"
    assert saved(owner, address) == SHIPPED


def outcome(page: Answer) -> str:
    """What the page says of the values that were tried."""
    (found,) = page.all("//*[@id='t0-outcome']")
    return " ".join(" ".join(found.itertext()).split())


def test_values_are_tried_with_the_table_as_it_is_typed_and_nothing_is_saved(site: Site) -> None:
    owner, address = opened(site)
    given = {"t0.try0": "严重", "t0.try1": "20000"}
    page = pressed(owner, address, owner.get(address), "try 0", **given)
    assert "第 2、4 条规则符合" in outcome(page)
    assert "第 2 条生效" in outcome(page)
    assert "vp" in outcome(page)
    assert "尚未保存" not in page.all("//*[@id='unsaved']")[0].text_content()
    edited = pressed(owner, address, page, "try 0", **{"t0.r1.o0": '"gm"', **given})
    assert "gm" in outcome(edited)
    assert "尚未保存" in edited.all("//*[@id='unsaved']")[0].text_content()
    assert edited.all("//input[@name='t0.try1']/@value") == ["20000"]
    assert saved(owner, address) == SHIPPED


def test_why_nothing_comes_out_of_tried_values_is_said(site: Site) -> None:
    owner, address = opened(site)
    page = pressed(owner, address, owner.get(address), "remove rule 0 3")
    page = pressed(owner, address, page, "try 0", **{"t0.try0": "轻微", "t0.try1": "1"})
    assert "没有符合的规则" in outcome(page)
    assert "第 1 条" in outcome(page)
    wrong = pressed(owner, address, page, "try 0", **{"t0.r0.i1": "][", "t0.try0": "轻微"})
    assert "改正" in outcome(wrong)
    hostile = pressed(owner, address, page, "try 0", **{"t0.try0": HOSTILE, "t0.try1": HOSTILE})
    assert "<script>alert" not in hostile.response.text.replace("&lt;", "")


def test_whoever_only_reads_a_draft_tries_its_table_too(site: Site) -> None:
    _, address = opened(site)
    reader = site.as_("compliance", "en")
    page = pressed(reader, address, reader.get(address), "try 0", **{"t0.try0": "重大"})
    assert not page.all("//*[@id='unsaved' and text()]")
    assert "gm" in outcome(page)
    assert "Rule" in outcome(page)


def test_where_a_decision_is_used_is_said_with_a_way_to_the_diagram(site: Site) -> None:
    owner, address = opened(site)
    assert "没有流程图调用" in owner.get(address).text
    site.house.deploy(DECIDED)
    draft = owner.post("/drafts/new", process="p", title="用处").location
    page = owner.get(f"{draft}/edit/level.dmn/table")
    assert page.all("//*[contains(@class, 'used')]//a/@href") == [f"{draft}/edit/p.bpmn#element-BR_level"]
    assert "定级" in page.text


@pytest.mark.parametrize(("language", "left"), [("zh", "另有 3 处，此处未列出"), ("en", "and 3 more")])
def test_readers_that_the_page_does_not_list_are_counted(site: Site, language: str, left: str) -> None:
    """Of 53 places that read an answer fifty are listed."""
    names = ["BR_level", *(f"UT_{n}" for n in range(53)), "EE_done"]
    steps = "".join(task(name, groups="${level}") for name in names[1:-1])
    decided = node("businessRuleTask", "BR_level", name="定级", camunda_decisionRef="level")
    ways = "".join(flow(a, b) for a, b in pairwise(["SE", *names]))
    site.house.deploy({**DECIDED, "p.bpmn": diagram(START + decided + steps + END + ways)})
    owner = site.as_("owner", language)
    draft = owner.post("/drafts/new", process="p", title="用处").location
    (used,) = owner.get(f"{draft}/edit/level.dmn/table").all("//*[contains(@class, 'used')]//details")
    assert len(used.xpath(".//li")) == 50
    assert left in used.text_content()
