"""`python -m engine COMMAND`: a command is a module with `add_arguments` and `run`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from engine.errors import BundleRefused, EngineError, Lang

# name → (module, what it does). Loaded only when called: the lint of a diagram needs no database.
COMMANDS = {
    "lint": ("engine.diagram.lint.command", "检查流程图、决策表、表单 · check diagrams, decisions and forms"),
    "sound": ("engine.diagram.soundness.command", "推演流程图 · play diagrams, find where cases get stuck"),
    "tidy": ("engine.diagram.layout.command", "重排流程图版面 · lay a diagram out again"),
    "migrate": ("engine.commands.migrate", "创建或升级数据库 · create or upgrade the database"),
    "deploy": ("engine.commands.deploy", "部署流程 · deploy processes"),
    "person": ("engine.commands.person", "开立和管理账号 · open and manage accounts"),
    "worker": ("engine.commands.work", "执行到期事项 · do due jobs"),
    "verify": ("engine.commands.verify", "核验历史链 · verify every history chain"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args: the words after `python -m engine`; by default those of the shell.
    Returns the exit code: 0 done, 1 refused (the reason is on stderr), 2 called wrongly.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = _top_parser().parse_args(words[:1]).command
    module, purpose = COMMANDS[name]
    command = import_module(module)
    parser = argparse.ArgumentParser(prog=f"python -m engine {name}", description=purpose)
    command.add_arguments(parser)
    options = parser.parse_args(words[1:])
    try:
        return int(command.run(options) or 0)
    except BrokenPipeError:  # `… | head`: whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EngineError as refusal:
        print(_text(refusal, options.lang), file=sys.stderr)
        return 1


def _top_parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<8} {purpose}" for name, (_, purpose) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m engine",
        description="质环引擎 · the engine of Zhihuan",
        epilog=f"commands:\n{lines}\n\npython -m engine COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="命令 · one of those below")
    return parser


def _text(refusal: EngineError, lang: str) -> str:
    language: Lang = "zh" if lang == "zh" else "en"
    if isinstance(refusal, BundleRefused):
        return "\n".join(problem.text(language) for problem in refusal.problems)
    return refusal.message(language)


if __name__ == "__main__":
    sys.exit(main())
