"""The messages: by code the level, and the Chinese and the English text."""

from typing import Literal

Level = Literal["error", "warning"]

WORDING: dict[str, tuple[Level, str, str]] = {
    "deadlock": (
        "error",
        "案件会在这里卡住，再也走不下去{others}。走到这里的路径：{path}",
        "A case gets stuck here and can never go on{others}. The way here: {path}",
    ),
    "stranded": (
        "error",
        "一条分支已到结束事件，另一条永远停在这里，案件无法结束{others}。走到这里的路径：{path}",
        "One branch has reached an end event, another stays here for ever, so the case never ends{others}."
        " The way here: {path}",
    ),
    "endless": (
        "error",
        "进入这个循环就再也出不去，到不了结束事件：{others}。进入的路径：{path}",
        "This loop is never left again and reaches no end event: {others}. The way into it: {path}",
    ),
    "never-runs": (
        "error",
        "没有任何案件会执行到这里{others}。能走到的路径：{path}",
        "No case ever runs this{others}. The way as far as a case gets: {path}",
    ),
    "end-unreached": (
        "error",
        "没有任何案件能到达这个结束事件{others}。能走到的路径：{path}",
        "No case ever reaches this end event{others}. The way as far as a case gets: {path}",
    ),
    "too-large": (
        "warning",
        "流程太大，无法完全推演（{others}）；未推演的部分没有结论。",
        "Too large to explore fully ({others}); nothing is said about the rest.",
    ),
}

_WAITS = (
    "：它还在等 {names}，而那里不会再有什么来了",
    ": it waits for {names}, from where nothing comes any more",
)
# how `others` is said: (Chinese, English)
OTHERS: dict[str, tuple[str, str]] = {
    "deadlock": _WAITS,
    "stranded": _WAITS,
    "endless": ("{names}", "{names}"),
    "never-runs": ("：没有案件能越过 {names}", ": none gets past {names}"),
    "end-unreached": ("：没有案件能越过 {names}", ": none gets past {names}"),
    "too-large": ("{names}", "{names}"),
}


def said(code: str, names: tuple[str, str], path: tuple[str, ...]) -> tuple[str, str]:
    """The message of a finding in Chinese and in English; `names` are the other elements in both."""
    _, *texts = WORDING[code]
    way = " → ".join(path) or "–"
    zh, en = (
        text.format(others=other.format(names=name) if name else "", path=way)
        for text, other, name in zip(texts, OTHERS[code], names, strict=True)
    )
    return zh, en
