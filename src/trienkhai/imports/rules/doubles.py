"""Noticing that a list names somebody, or a unit, twice."""

import re

from trienkhai.imports.rules.days import may_be_same, shown_day
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.problems import Fault, RowFault
from trienkhai.imports.rules.unit_names import unit_key
from trienkhai.text.folding import spelling

_TWO_PLACES_FOR_TONE = re.compile(r"o[àảãáạèẻẽéẹ]|u[ỳỷỹýỵ]")
_WHOLE_DAY = len("1968-05-12")
_REMEMBERED = 50
"""Namesakes within one unit that are still compared one by one."""


def same_name_key(name: str) -> str:
    """What two spellings of one name share: letter case and the place of a tone mark aside. Marks count."""
    lower = name.lower()
    return spelling(lower) if _TWO_PLACES_FOR_TONE.search(lower) else lower


class Doubles:
    """Remembers what was seen so far in the list."""

    def __init__(self, kind: ListKind, *, names_sheets: bool = False) -> None:
        self._kind = kind
        self._names_sheets = names_sheets
        self._by_birth: dict[str, tuple[str, str, str]] = {}
        """Name and whole birth → place, unit, what tells apart."""
        self._by_unit: dict[str, list[tuple[str, str, str]]] = {}
        """Name and unit → place, birth, what tells apart, of the first few."""

    def check(self, sheet: str, line: int, values: dict[str, str]) -> Fault | None:
        """The fault of a row that repeats an earlier one, if it does."""
        place = f"{sheet}!{line}" if self._names_sheets else str(line)
        if self._kind is ListKind.UNITS:
            key = f"{unit_key(values.get('unit', ''))}\t{unit_key(values.get('parent_unit', ''))}"
            return self._repeats(place, key, Field.UNIT)
        if "name" not in values:
            return None
        name, unit = same_name_key(values["name"]), unit_key(values.get("unit", ""))
        if self._kind is ListKind.POSTS:
            parts = (values.get(each, "") for each in ("birth", "party_post", "body", "starts_on"))
            return self._repeats(place, "\t".join((name, unit, *parts)), "")
        return self._person(place, name, unit, values)

    def _repeats(self, place: str, key: str, field: str) -> Fault | None:
        first = self._by_birth.setdefault(key, (place, "", ""))[0]
        return Fault(RowFault.DUPLICATE_IN_LIST, field, {"first": first}) if first != place else None

    def _person(self, place: str, name: str, unit: str, values: dict[str, str]) -> Fault | None:
        birth, card = values.get("birth", ""), values.get("card_number", "")
        if len(birth) == _WHOLE_DAY:
            first = self._by_birth.setdefault(f"{name}\t{birth}", (place, unit, card))
            if first[0] != place and not _differ(first[2], card):
                params = {"first": first[0]}
                same_unit = first[1] == unit
                code = RowFault.DUPLICATE_IN_LIST if same_unit else RowFault.IN_TWO_UNITS
                return Fault(code, "" if same_unit else Field.UNIT, params)
        namesakes = self._by_unit.setdefault(f"{name}\t{unit}", [])
        fault = None
        for other, born, other_card in namesakes:
            if may_be_same(born, birth) and not _differ(other_card, card):
                params = {"first": other, "birth": shown_day(born)}
                fault = Fault(RowFault.NAMESAKE_UNCLEAR, Field.BIRTH, params)
                break
        if len(namesakes) < _REMEMBERED:
            namesakes.append((place, birth, card))
        return fault


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
