"""Why an expression or a cell was refused, in both languages, before it is known whose expression it is."""


class Fault(Exception):
    """A reason in Chinese and in English; whoever knows the source turns it into an `EngineError`."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def shown(text: str, limit: int = 80) -> str:
    """Text cut to `limit` characters for a message, so that hostile input cannot flood a page or a log."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
