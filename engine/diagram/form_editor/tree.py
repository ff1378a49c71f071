"""JSON as it is written: values can be changed, everything else keeps its text to the last blank."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+')
CLOSERS = {"{": "}", "[": "]"}


@dataclass
class Style:
    """How the file is laid out: its line ends, one step of indentation ("" for a file of one line)."""

    newline: str = "\n"
    step: str = "  "
    colon: str = ": "

    def around(self, depth: int) -> str:
        """What stands before an item at that depth."""
        return self.newline + self.step * depth if self.step else ""

    def text(self, value: object, depth: int) -> str:
        """A new value as this file would write it."""
        if not self.step:
            return json.dumps(value, ensure_ascii=False, separators=(",", self.colon))
        text = json.dumps(value, ensure_ascii=False, indent=self.step)
        return text.replace("\n", self.around(depth))


@dataclass
class Scalar:
    """A text, a number, true, false or null."""

    source: str

    def write(self) -> str:
        """As it is written."""
        return self.source


@dataclass
class Item:
    """A member of an object or an element of a list, with the white space around it."""

    before: str
    label: str  # of a member: its key and colon as written
    value: Branch | Scalar
    after: str = ""

    @property
    def name(self) -> str:
        """The key of a member."""
        return str(json.loads(self.label.rstrip().removesuffix(":")))

    def write(self) -> str:
        """As it is written."""
        return self.before + self.label + self.value.write() + self.after


@dataclass
class Branch:
    """An object or a list. `start` is where it opens in the text that was read."""

    opener: str
    depth: int
    style: Style
    start: int = 0
    items: list[Item] = field(default_factory=list)
    end: str = ""  # the white space inside an empty one

    def write(self) -> str:
        """As it is written."""
        inside = ",".join(item.write() for item in self.items) if self.items else self.end
        return self.opener + inside + CLOSERS[self.opener]

    def item(self, name: str) -> Item | None:
        """The member called `name`."""
        return next((item for item in self.items if item.name == name), None) if self._is_object else None

    def get(self, name: str) -> object:
        """The value of the member called `name`; None if there is none."""
        item = self.item(name)
        return plain(item.value) if item else None

    def text(self, name: str) -> str:
        """The text called `name`, or "" if there is none."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def branch(self, name: str, opener: str = "{") -> Branch | None:
        """The object (or the list, for "[") called `name`."""
        item = self.item(name)
        found = item.value if item else None
        return found if isinstance(found, Branch) and found.opener == opener else None

    def set(self, name: str, value: object) -> None:
        """Gives the member called `name` a value, or adds it at the end."""
        item = self.item(name)
        if item is None:
            self.insert(len(self.items), value, json.dumps(name, ensure_ascii=False) + self.style.colon)
        elif not same(plain(item.value), value):
            item.value = self._new(value)

    def drop(self, name: str) -> None:
        """Takes the member called `name` out, if it is there."""
        item = self.item(name)
        if item is not None:
            self.remove(self.items.index(item))

    def insert(self, index: int, value: object, label: str = "") -> None:
        """Puts a new value at a position."""
        before = self.items[0].before if self.items else self.style.around(self.depth + 1)
        new = Item(before, label, self._new(value))
        if not self.items:
            new.after = self.style.around(self.depth)
        elif index >= len(self.items):
            new.after, self.items[-1].after = self.items[-1].after, ""
        self.items.insert(index, new)

    def put(self, index: int, value: object) -> None:
        """Gives the item at a position a new value."""
        self.items[index].value = self._new(value)

    def remove(self, index: int) -> None:
        """Takes the item at a position out."""
        gone = self.items.pop(index)
        if self.items and index == len(self.items):
            self.items[-1].after = gone.after

    def put_at(self, path: tuple[str, ...], value: object) -> None:
        """Keeps a value deeper inside; None takes it out, and with it an object that held only it."""
        name, *rest = path
        if rest and self.branch(name) is None:
            if value is None:
                return
            self.set(name, {})
        inner = self.branch(name)
        if rest and inner is not None:
            inner.put_at(tuple(rest), value)
            if value is None and not inner.items:
                self.drop(name)
        elif value is None:
            self.drop(name)
        else:
            self.set(name, value)

    def swap(self, one: int, other: int) -> None:
        """Lets two elements change places; the white space stays where it is."""
        first, second = self.items[one], self.items[other]
        first.value, second.value = second.value, first.value

    @property
    def _is_object(self) -> bool:
        return self.opener == "{"

    def _new(self, value: object) -> Branch | Scalar:
        return _Reader(self.style.text(value, self.depth + 1), self.style).value(self.depth + 1)


class _Reader:
    """Reads valid JSON from the front to the back."""

    def __init__(self, text: str, style: Style) -> None:
        self.text, self.style, self.at = text, style, 0

    def space(self) -> str:
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()
        return found.group()

    def scalar(self) -> str:
        found = _SCALAR.match(self.text, self.at)
        assert found
        self.at = found.end()
        return found.group()

    def value(self, depth: int) -> Branch | Scalar:
        if self.text[self.at] not in CLOSERS:
            return Scalar(self.scalar())
        branch = Branch(self.text[self.at], depth, self.style, self.at)
        self.at += 1
        branch.end = self.space()
        while self.text[self.at] != CLOSERS[branch.opener]:
            before = self.space() if branch.items else branch.end
            label = self.label() if branch.opener == "{" else ""
            branch.items.append(Item(before, label, self.value(depth + 1), self.space()))
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1
        return branch

    def label(self) -> str:
        start = self.at
        self.scalar()
        self.space()
        self.at += 1  # the colon
        self.space()
        return self.text[start : self.at]


def plain(value: Branch | Scalar) -> object:
    """The value itself."""
    return json.loads(value.write())


def same(one: object, other: object) -> bool:
    """Whether two values are the same in JSON: 1 is 1.0, but true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


@dataclass
class Source:
    """A file: the object it holds, and what stands before and after it."""

    before: str
    root: Branch
    after: str
    text: str
    marked: bool  # with a byte order mark

    def write(self) -> bytes:
        """The file as bytes."""
        text = self.before + self.root.write() + self.after
        return text.encode("utf-8-sig" if self.marked else "utf-8", "replace")

    def place(self, branch: Branch) -> tuple[int, int]:
        """Line and column, from 1, where an object opened when the file was read."""
        line_start = self.text.rfind("\n", 0, branch.start) + 1
        return self.text.count("\n", 0, branch.start) + 1, branch.start - line_start + 1


def read_source(data: bytes) -> Source:
    """The object in `data`, which must be JSON that `read_json` takes."""
    text = data.decode("utf-8-sig")
    reader = _Reader(text, _style(text))
    before = reader.space()
    root = reader.value(0)
    assert isinstance(root, Branch)
    return Source(before, root, text[reader.at :], text, data.startswith(b"\xef\xbb\xbf"))


def _style(text: str) -> Style:
    """The layout of a file, by how its first member is written."""
    found = re.match(r'\s*\{([ \t\r\n]*)"(?:[^"\\]|\\.)*"\s*(:\s*)', text)
    if not found:
        return Style()
    gap = found.group(1)
    newline = "\r\n" if "\r\n" in gap else "\n"
    return Style(newline, gap.rpartition("\n")[2] or "  " if "\n" in gap else "", found.group(2))
