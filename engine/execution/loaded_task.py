"""A task that was loaded from its row; its JSON is read only when somebody looks at it."""

import json
from collections.abc import Mapping
from typing import Any

from engine.elements.engine_task import EngineTask


class LoadedTask(EngineTask):
    """Remembers its row, so that saving finds out what changed."""

    def __init__(self, workflow: Any, row: Mapping[str, Any], parent: Any) -> None:
        self.row = row
        self._data: Any = None
        self._internal: Any = None
        spec = workflow.spec.task_specs[row["spec"]]
        super().__init__(workflow, spec, parent, row["state"], row["id"])
        self.triggered = bool(row["triggered"])

    def _start(self) -> None:
        self.seq, self.changed_at = self.row["seq"], self.row["changed_at"]

    @property
    def data(self) -> dict[str, Any]:
        if self._data is None:
            self._data = _read(self.row["data"])
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        self._data = value

    @property
    def internal_data(self) -> dict[str, Any]:
        if self._internal is None:
            self._internal = _read(self.row["internal"])
        return self._internal  # type: ignore[no-any-return]

    @internal_data.setter
    def internal_data(self, value: dict[str, Any]) -> None:
        self._internal = value

    def changed_text(self, key: str) -> str | None:
        """The JSON of `data` or `internal` if it differs from the row's, else None."""
        value = self._data if key == "data" else self._internal
        if value is None or value == _read(self.row[key]):
            return None
        return as_text(value)


# made once: json.dumps with options would make one for every value. Data are JSON already, so that nothing
# can contain itself.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def as_text(value: dict[str, Any]) -> str:
    """JSON as it is stored; the order of keys is part of the data."""
    return _ENCODER.encode(value)


def _read(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}
