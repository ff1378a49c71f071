"""The vocabulary of the browser tests: somebody signs in, finds a task, fills its form in and completes it.

Everything goes through the page, by the words that people read; names of fields are those of the forms.
"""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.web.filling import fill
from web.demo.people import PASSWORD

WORDS = {
    "zh": {
        "sign in": "登录",
        "sign out": "退出登录",
        "user name": "用户名",
        "password": "密码",
        "tasks": "任务",
        "cases": "案件",
        "my groups": "本组",
        "claim": "认领任务",
        "start a case": "发起案件",
        "main chain": "质量反馈处理总流程",
        "register": "登记",
        "complete": "完成本步骤",
        "sign and complete": "签名并完成",
        "your password": "您的密码",
        "completed": "步骤已完成",
        "add a row": "增加一行",
        "search": "搜索",
        "language": "中文",
    },
    "en": {
        "sign in": "Sign in",
        "sign out": "Sign out",
        "user name": "User name",
        "password": "Password",
        "tasks": "Tasks",
        "cases": "Cases",
        "my groups": "My groups",
        "claim": "Claim this task",
        "start a case": "Start a case",
        "main chain": "Quality feedback: the main chain",
        "register": "Register",
        "complete": "Complete this step",
        "sign and complete": "Sign and complete",
        "your password": "Your password",
        "completed": "step completed",
        "add a row": "Add a row",
        "search": "Search",
        "language": "English",
    },
}
NUMBER = re.compile(r"QF-\d{4}-\d{6}")


class Clicker:
    """Somebody at a browser, reading in `language`."""

    def __init__(self, page: Page, language: str = "zh") -> None:
        self.page = page
        self.language = language
        self.words = WORDS[language]
        self.person = ""

    def sign_in(self, person_id: str) -> "Clicker":
        """Signs in as `person_id`; who sat there before signs out."""
        if self.person == person_id:
            return self
        if self.person:
            self.sign_out()
        self.read_in_language("/sign-in")
        self.page.get_by_label(self.words["user name"], exact=True).fill(person_id)
        self.page.get_by_label(self.words["password"], exact=True).fill(PASSWORD)
        self.button("sign in").click()
        expect(self.menu).to_be_visible()
        self._choose_language()  # the account's own may be another: whoever read before left it there
        self.person = person_id
        return self

    def read_in_language(self, address: str) -> None:
        """Opens a page that strangers may see, in one's own language, which goes along into the account."""
        self.page.goto(address)
        self._choose_language()

    def _choose_language(self) -> None:
        if not (self.page.locator("html").get_attribute("lang") or "").startswith(self.language):
            if self.menu.is_visible():  # signed in: the button lies in there
                self.menu.click()
            self.page.get_by_role("banner").get_by_role("button", name=self.words["language"]).click()
            expect(self.page.locator(f"html[lang^={self.language}]")).to_be_attached()

    def sign_out(self) -> None:
        """Opens the own menu and signs out."""
        self.menu.click()
        self.button("sign out").click()
        expect(self.button("sign in")).to_be_visible()
        self.person = ""

    def register(self, **values: object) -> str:
        """Registers a feedback; returns the number of its case."""
        self._go("start a case")
        self.page.get_by_role("link", name=self.words["main chain"], exact=True).click()
        self.fill(values)
        self.button("register").click()
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(NUMBER)
        return NUMBER.search(heading.inner_text()).group()  # type: ignore[union-attr]

    def open_task(self, number: str, step: str) -> "Clicker":
        """Opens a task of the case `number`, unless it is open: one's own, else the groups'."""
        heading = self.page.get_by_role("heading", level=1)
        if heading.inner_text() != step:
            self._go("tasks")
            expect(heading).to_have_text(self.words["tasks"])
            if self._in_list(number, step).count() == 0:
                self.page.get_by_role("link", name=self.words["my groups"]).last.click()
            self._in_list(number, step).first.click()
            expect(heading).to_have_text(step)
        if self.button("claim").is_visible():
            self.button("claim").click()
            expect(self.button("claim")).to_be_hidden()
        return self

    def open_case(self, number: str) -> "Clicker":
        """Opens the page of a case from the list of cases."""
        self._go("cases")
        self.page.get_by_role("link", name=number).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(number)
        return self

    def fill(self, values: Mapping[str, object]) -> "Clicker":
        """Fills the form in, field by field."""
        fill(self.page, self.words["add a row"], values)
        return self

    def complete(self) -> None:
        """Completes the step, with a signature where the step asks for one."""
        secret = self.page.get_by_label(self.words["your password"])
        if secret.is_visible():
            secret.fill(PASSWORD)
            self.button("sign and complete").click()
        else:
            self.button("complete").click()
        expect(self.page.get_by_role("status").first).to_contain_text(self.words["completed"])

    def button(self, word: str) -> Locator:
        """The button that says so."""
        return self.page.get_by_role("button", name=self.words[word], exact=True)

    @property
    def menu(self) -> Locator:
        """The person's own menu in the head of the page."""
        return self.page.locator("details.me > summary")

    def _go(self, word: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=self.words[word], exact=True).click()

    def _in_list(self, number: str, step: str) -> Locator:
        row = self.page.get_by_role("row").filter(has_text=number)
        return row.get_by_role("link", name=step, exact=True)
