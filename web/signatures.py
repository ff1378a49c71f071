"""What a signature says, in words: as the diagrams write it (Chinese) and as an English page does."""

from __future__ import annotations

from flask_babel import lazy_gettext

MEANINGS = {
    "编制": lazy_gettext("prepared"),
    "审核": lazy_gettext("reviewed"),
    "会签": lazy_gettext("countersigned"),
    "批准": lazy_gettext("approved"),
    "签收": lazy_gettext("received"),
    "验证": lazy_gettext("verified"),
    "确认": lazy_gettext("confirmed"),
    "接受": lazy_gettext("accepted"),
    "拒绝": lazy_gettext("refused"),
}


def meaning(sign: str) -> str:
    """The meaning of a signature in the page's language; unknown ones as the diagram has them."""
    return str(MEANINGS.get(sign, sign))
