"""The fields of a form, as far as what was typed into them depends on it."""

from engine.diagram.forms import Field, Form


def field_types(form: Form | None) -> dict[str, object]:
    """What each field takes: its type, and that of its columns."""
    return {field.key: _type(field) for field in form.inputs} if form else {}


def _type(field: Field) -> tuple[object, ...]:
    return (field.type, *sorted((column.key, column.type) for column in field.columns))


def field_labels(form: Form | None) -> dict[str, tuple[str, str]]:
    """What each field is called in Chinese and in English."""
    fields = form.inputs if form else ()
    return {f.key: (f.label or f.key, f.label_en or f.label or f.key) for f in fields}
