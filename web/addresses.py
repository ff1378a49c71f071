"""The rules of addresses, each ready to take requests at once and to spell addresses when first asked to.

Werkzeug writes two functions a rule when an app is made; most of the time that an app of some three hundred
rules takes to start goes there, and a process spells only few of them.
"""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule

Spell = Callable[..., tuple[str, str]]


class LazyRule(Rule):
    """A rule whose addresses are spelled by functions that are written when they are first needed."""

    def _compile_builder(self, append_unknown: bool = True) -> Spell:
        """The function that Werkzeug would have written by now; it takes the rule and the values."""
        written: list[Spell] = []

        def spell(rule: Rule, /, **values: object) -> tuple[str, str]:
            if not written:
                written.append(super(LazyRule, self)._compile_builder(append_unknown))
            return written[0](rule, **values)

        return spell
