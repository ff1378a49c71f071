"""What every refusal is: a class whose docstring is the English message, `zh` the Chinese one, with a stable
code."""

from datetime import datetime
from typing import ClassVar

from engine.errors.problems import FieldProblem, Lang, Problem


class EngineError(Exception):
    """The engine refused."""

    code: ClassVar[str] = "engine"
    zh: ClassVar[str] = "引擎拒绝了该操作。"
    keeps_writes: ClassVar[bool] = False  # True: the transaction is committed although the verb refused

    def __init__(self, *args: object, **facts: object) -> None:
        """Positional arguments fill the class's annotated attributes in order; keywords by name."""
        names = [name for name, kind in type(self).__annotations__.items() if "ClassVar" not in str(kind)]
        for name, value in {**dict(zip(names, args, strict=False)), **facts}.items():
            setattr(self, name, value)
        super().__init__(*args)

    def message(self, lang: Lang = "en") -> str:
        """The refusal in one language, with its facts filled in."""
        template = self.zh if lang == "zh" else (type(self).__doc__ or "")
        return template.format_map(_Facts(self, lang))

    def __str__(self) -> str:
        return self.message("en")


class _Facts(dict[str, object]):
    """Lets a template read an error's attributes; `name_zh`, where it exists, is `name` in Chinese."""

    def __init__(self, error: EngineError, lang: Lang) -> None:
        super().__init__()
        self.error, self.lang = error, lang

    def __missing__(self, name: str) -> object:
        own = getattr(self.error, f"{name}_zh", None) if self.lang == "zh" else None
        value = own or getattr(self.error, name, "")
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M UTC")
        if isinstance(value, (list, tuple)):
            return " ".join(_shown(v, self.lang) for v in value)
        return value


def _shown(value: object, lang: Lang) -> str:
    """A problem in one line, a form's with the name of its field."""
    field = f"{value.field}: " if isinstance(value, FieldProblem) else ""
    return field + value.text(lang) if isinstance(value, (Problem, FieldProblem)) else str(value)


class NotFound(EngineError):
    """Not found: {id}."""

    code = "not_found"
    zh = "找不到：{id}。"
    id: str = ""


class NotAllowed(EngineError):
    """You may not do this: {what}."""

    code = "not_allowed"
    zh = "您无权执行此操作：{what}。"
    what: str = ""
    what_zh: str = ""


class NothingToChange(EngineError):
    """It is so already: nothing was changed."""

    code = "nothing_to_change"
    zh = "现状已是如此，未作更改。"


class ReasonRequired(EngineError):
    """This needs a reason."""

    code = "reason_required"
    zh = "请填写理由。"


class KeyUsedDifferently(EngineError):
    """The idempotency key “{key}” has already been used for another request."""

    code = "key_used_differently"
    zh = "幂等键“{key}”已用于另一个请求。"
    key: str = ""
