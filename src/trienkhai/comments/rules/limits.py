"""The numbers calls go by. They are data: shipped in ``rule_sets/comments.toml``, changed by a file of that name."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from trienkhai.core.decisions import Invalid

SHIPPED = Path(__file__).parent.parent / "rule_sets" / "comments.toml"


@dataclass(frozen=True)
class Limits:
    """What a call goes by. A call keeps those it was opened with.

    Attributes:
        fewest_without_a_name: fewer people asked: nobody writes without a name.
        threshold: fewer texts without a name than this are handled as each author chose.
        persons_without_a_name: whether comments on named persons may come without a name.
        wait_days: days the author of a kept name has to answer before it may be opened.
        box_bytes: size of each sealed box.
        most_points: points of one submission.
        longest_text: characters of one point.
        answer_days: days after closing by which answers are due, when nothing else is said.
    """

    fewest_without_a_name: int
    threshold: int
    persons_without_a_name: bool
    wait_days: int
    box_bytes: int
    most_points: int
    longest_text: int
    answer_days: int

    def as_data(self) -> dict[str, int | bool]:
        """Values that JSON holds."""
        return asdict(self)


def limits_from(data: dict[str, object]) -> Limits:
    """The limits a call was opened with."""
    return _checked({**_values(SHIPPED), **data})


def read_limits(own: Path | None = None) -> Limits:
    """The shipped numbers, with those of an installation's own file in their place.

    Raises:
        Invalid: the file cannot be read, or says something without meaning.
    """
    values = _values(SHIPPED)
    if own is not None and own.is_file():
        values |= _values(own)
    return _checked(values)


LEAST = {
    "fewest_without_a_name": 10,
    "threshold": 5,
    "wait_days": 7,
    "box_bytes": 1024,
    "most_points": 1,
    "longest_text": 100,
    "answer_days": 1,
}
"""Below these no file may go: the promises above the box would not hold."""


def _values(path: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("calls", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Invalid("comment_rules_unreadable", file=path.name) from fault
    return dict(found)


def _checked(values: dict[str, object]) -> Limits:
    kinds = {field.name: field.type for field in fields(Limits)}
    for name, value in values.items():
        wanted = bool if kinds.get(name) in {bool, "bool"} else int
        is_right = name in kinds and type(value) is wanted
        if not is_right or (name in LEAST and isinstance(value, int) and value < LEAST[name]):
            raise Invalid("comment_rules_without_meaning", name=name)
    return Limits(**values)  # type: ignore[arg-type]
