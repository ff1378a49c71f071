"""Faults of an uploaded file or of a submitted form: where, how bad, and what to say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Lang = Literal["zh", "en"]
LEVELS = {"error": {"zh": "错误", "en": "error"}, "warning": {"zh": "警告", "en": "warning"}}


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of an uploaded file: where, how bad, on which element, and the message in both languages.

    `facts`: what the message is made of, by name, as far as these are plain texts."""

    file: str
    line: int
    column: int
    level: Literal["error", "warning"]
    element: str
    code: str
    zh: str
    en: str
    facts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def text(self, lang: Lang = "en") -> str:
        """`file:line:column level element message`, the line that editors and CI understand."""
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where} {LEVELS[self.level][lang]} {self.element or '-'} {self.message(lang)}"

    def message(self, lang: Lang = "en") -> str:
        """The message alone, in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class FieldProblem:
    """One fault of a submitted form; `field` is a dotted path for table rows, e.g. `actions.0.due`."""

    field: str
    zh: str
    en: str

    def text(self, lang: Lang = "en") -> str:
        """The message alone, in one language."""
        return self.zh if lang == "zh" else self.en
