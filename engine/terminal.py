"""The language of the terminal, which commands speak unless they are told another."""

import argparse
import os
from collections.abc import Mapping

from engine.errors import Lang

SPOKEN: dict[str, Lang] = {"zh": "zh", "en": "en"}
NAMELESS = ("", "C", "POSIX")  # locales that name no language


def language(environ: Mapping[str, str], otherwise: Lang = "zh") -> Lang:
    """Chinese in a Chinese locale, English in any other; where the locale names no language that of
    ZHIHUAN_LANGUAGE, else `otherwise`.

    The first that is set of LC_ALL, LC_MESSAGES and LANG decides (POSIX.1-2017, 8.2)."""
    said = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    locale = said.partition(".")[0]
    if locale in NAMELESS:
        return SPOKEN.get(environ.get("ZHIHUAN_LANGUAGE", ""), otherwise)
    return "zh" if locale.partition("_")[0].lower() == "zh" else "en"


def add_language(parser: argparse.ArgumentParser, otherwise: Lang = "zh") -> None:
    """The option `--lang` of a command."""
    said = "语言 · language of what is said (LANG: %(default)s)"
    spoken = language(os.environ, otherwise)
    parser.add_argument("--lang", choices=("zh", "en"), default=spoken, help=said)
