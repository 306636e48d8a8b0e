"""A survey as plain data, so that it can be kept, shown and taken up again without reading the file."""

from dataclasses import asdict, replace
from typing import Any

from trienkhai.imports.rules.columns import Column
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.layouts import Layout
from trienkhai.imports.rules.reading import Survey


def as_json(survey: Survey) -> dict[str, Any]:
    """The survey as JSON can hold it."""
    return {
        "kind": survey.kind.value,
        "hidden": list(survey.hidden),
        "without_list": list(survey.without_list),
        "layouts": [asdict(layout) for layout in survey.layouts],
    }


def from_json(kept: dict[str, Any]) -> Survey:
    """The survey as it was."""
    layouts = tuple(_layout(each) for each in kept["layouts"])
    return Survey(ListKind(kept["kind"]), layouts, tuple(kept["hidden"]), tuple(kept["without_list"]))


def of_kind(survey: Survey, kind: ListKind) -> Survey:
    """The same sheets read as another kind of list."""
    return replace(survey, kind=kind, layouts=tuple(replace(layout, kind=kind) for layout in survey.layouts))


def _layout(kept: dict[str, Any]) -> Layout:
    columns = tuple(
        Column(**{**column, "field": Field(column["field"]), "samples": tuple(column["samples"])})
        for column in kept["columns"]
    )
    return Layout(**{**kept, "kind": ListKind(kept["kind"]), "columns": columns})
