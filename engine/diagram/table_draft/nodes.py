"""Elements of a DMN file: found, put in where the schema wants them, taken out, indented."""

import re
from collections.abc import Sequence

from lxml import etree

from engine.diagram.decisions.wording import CAMUNDA

# Where DMN 1.3 (chapter 14, and the schema beside it) puts the children that are written here.
ORDER = (
    "description", "extensionElements", "inputExpression", "inputValues", "outputValues",
    "defaultOutputEntry", "input", "output", "annotation", "rule", "inputEntry", "outputEntry",
)  # fmt: skip


class Nodes:
    """The elements of one file in its own namespace, with ids that are new in it."""

    def __init__(self, root: etree._Element) -> None:
        self.namespace = etree.QName(root).namespace or ""
        self.ids = {node.get("id", "") for node in root.iter(etree.Element)}
        found = re.fullmatch(r"\s*\n([ \t]*)", root.text or "")
        self.indent = found[1] if found else None

    def tag(self, name: str) -> str:
        """The qualified name of a DMN element."""
        return f"{{{self.namespace}}}{name}" if self.namespace else name

    def all(self, node: etree._Element, name: str) -> list[etree._Element]:
        """The children of that name."""
        return node.findall(self.tag(name))

    def text(self, node: etree._Element | None, *path: str) -> str:
        """The text at a path of children, without the blanks around it; empty where there is none."""
        found = None if node is None else node.find("/".join(map(self.tag, path)))
        return "" if found is None else "".join(found.xpath("text()")).strip()

    def set_attribute(self, node: etree._Element, name: str, value: str) -> None:
        """An attribute; an empty one is taken away. The others keep their order."""
        if value:
            node.set(name, value)
        else:
            node.attrib.pop(name, None)

    def set_text(self, node: etree._Element, value: str, *path: str) -> None:
        """The text at a path of children, which are made if they are missing; an empty one goes with what
        was only there to hold it, except that a cell keeps its empty text."""
        for name in path:
            child = node.find(self.tag(name))
            if child is None:
                child = etree.Element(self.tag(name))
                if name != "text" and name != "description":
                    child.set("id", self.fresh(f"{name[0].upper()}{name[1:]}_{node.get('id', '')}"))
                self.put(node, child)
            node = child
        for child in list(node):  # a comment within the very text that is replaced
            node.remove(child)
        node.text = value

    def fresh(self, wanted: str) -> str:
        """An id that is not in the file yet."""
        wanted = wanted.rstrip("_")
        name, number = wanted, 2
        while name in self.ids:
            name, number = f"{wanted}_{number}", number + 1
        self.ids.add(name)
        return name

    def next_id(self, stem: str) -> str:
        """The id after the highest that has this stem and a number."""
        numbers = [int(i[len(stem) :]) for i in self.ids if re.fullmatch(rf"{stem}\d{{1,9}}", i)]
        return self.fresh(f"{stem}{max(numbers, default=0) + 1}")

    def put(self, parent: etree._Element, node: etree._Element) -> None:
        """A new child at the place that the schema gives it."""
        mine = _rank(node)
        after = next((c for c in parent.iterchildren(etree.Element) if _rank(c) > mine), None)
        self.insert(parent, len(parent) if after is None else parent.index(after), node)

    def insert(self, parent: etree._Element, index: int, node: etree._Element) -> None:
        """A new child at an index, on lines of its own where the file is written so."""
        inner, outer = self._breaks(parent)
        if self.indent is not None and inner:
            etree.indent(node, self.indent, level=len(list(parent.iterancestors())) + 1)
        if index and index == len(parent):
            node.tail, parent[index - 1].tail = parent[index - 1].tail, inner
        elif len(parent):
            node.tail = inner
        else:
            parent.text, node.tail = inner, outer
        parent.insert(index, node)

    def _breaks(self, parent: etree._Element) -> tuple[str | None, str | None]:
        """What stands before a child of this element, and before its end."""
        if len(parent):
            return parent.text, parent[-1].tail
        if self.indent is None:
            return parent.text, None
        depth = len(list(parent.iterancestors()))
        return "\n" + self.indent * (depth + 1), "\n" + self.indent * depth

    def remove(self, node: etree._Element) -> None:
        """Takes an element out, with its line."""
        parent = node.getparent()
        assert parent is not None
        last, before = node.getnext() is None, node.getprevious()
        if last and before is not None:
            before.tail = node.tail
        elif last:
            parent.text = None
        parent.remove(node)

    def arrange(self, parent: etree._Element, name: str, wanted: Sequence[etree._Element]) -> None:
        """Makes the children of that name these, in this order; whatever stands between them stays."""
        there = self.all(parent, name)
        if there == list(wanted):
            return
        for node in there:
            if node not in wanted:
                self.remove(node)
        kept = [node for node in there if node in wanted]
        self._reorder(parent, kept, [node for node in wanted if node in kept])
        for place, node in enumerate(wanted):
            if node in kept:
                continue
            if place:
                self.insert(parent, parent.index(wanted[place - 1]) + 1, node)
            elif kept:
                self.insert(parent, parent.index(next(n for n in wanted if n in kept)), node)
            else:
                self.put(parent, node)

    @staticmethod
    def _reorder(parent: etree._Element, now: list[etree._Element], wanted: list[etree._Element]) -> None:
        if now == wanted:
            return
        places = [(parent.index(node), node.tail) for node in now]
        for node in now:
            parent.remove(node)
        for (index, tail), node in zip(places, wanted, strict=True):
            parent.insert(index, node)
            node.tail = tail

    def word(self, node: etree._Element, name: str) -> str:
        """The `camunda:property` of that name."""
        found = self._property(node, name)
        return "" if found is None else found.get("value", "")

    def set_word(self, node: etree._Element, name: str, value: str) -> None:
        """Sets a `camunda:property`; an empty one is taken away, with what then holds nothing."""
        found = self._property(node, name)
        if found is not None and value:
            found.set("value", value)
        elif found is not None:
            self._empty(found)
        elif value:
            self._add_word(node, name, value)

    def _property(self, node: etree._Element, name: str) -> etree._Element | None:
        for namespace in CAMUNDA:
            path = f"{self.tag('extensionElements')}/{{{namespace}}}properties/{{{namespace}}}property"
            for found in node.iterfind(path):
                if found.get("name") == name:
                    return found
        return None

    def _empty(self, found: etree._Element) -> None:
        holder = found.getparent()
        self.remove(found)
        while holder is not None and not len(holder) and etree.QName(holder).localname != "rule":
            found, holder = holder, holder.getparent()
            self.remove(found)
            if etree.QName(found).localname == "extensionElements":
                break

    def _add_word(self, node: etree._Element, name: str, value: str) -> None:
        names = {"camunda": CAMUNDA[0]}
        holder = node
        for tag in (self.tag("extensionElements"), f"{{{CAMUNDA[0]}}}properties"):
            child = holder.find(tag)
            if child is None:
                child = etree.Element(tag, nsmap=names if tag.startswith(f"{{{CAMUNDA[0]}") else None)
                self.put(holder, child)
            holder = child
        new = etree.Element(f"{{{CAMUNDA[0]}}}property", {"name": name, "value": value}, nsmap=names)
        self.put(holder, new)


def _rank(node: etree._Element) -> int:
    name = etree.QName(node).localname
    return ORDER.index(name) if name in ORDER else len(ORDER)
