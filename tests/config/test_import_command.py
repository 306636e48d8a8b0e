from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.factories.organisation import make_unit
from tests.imports.lists import builders
from tests.imports.lists.ward import CELLS, members
from trienkhai.config.commands import imports as command
from trienkhai.config.faults import CannotRun
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.reading import read_list
from trienkhai.organisation.models import Person, Unit, UnitState
from trienkhai.organisation.rules import UnitKind

pytestmark = pytest.mark.django_db

type Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    import argparse  # noqa: PLC0415

    def run(content: bytes, *options: str, name: str = "ds.xlsx") -> int:
        path = tmp_path / name
        path.write_bytes(content)
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        return command.run(parser.parse_args([str(path), *options]))

    return run


@pytest.fixture
def ward() -> int:
    return make_unit("Đảng bộ phường Bến Lau", kind=UnitKind.BASE, on=date(2010, 1, 1))


def test_without_yes_nothing_is_written(run: Run, ward: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(builders.plain().getvalue()) == 0
    said = capsys.readouterr().out
    assert f"0 there, {len(CELLS)} new" in said
    assert f"{len(members())} to write" in said
    assert "Nothing was written" in said
    assert not Person.objects.exists()
    assert UnitState.objects.get().unit_id == ward


def test_with_yes_it_is_and_a_second_time_nothing_changes(
    run: Run, ward: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(builders.plain().getvalue(), "--yes") == 0
    assert Person.objects.count() == len(members())
    assert run(builders.plain().getvalue(), "--yes") == 0
    assert "Everything is there already" in capsys.readouterr().out
    assert Person.objects.count() == len(members())
    assert not ImportBatch.objects.filter(file__isnull=False).exists()
    assert Unit.objects.filter(pk=ward).exists()


def test_rejected_rows_come_as_a_file(run: Run, ward: int, tmp_path: Path) -> None:
    content = "TT,Họ và tên,Ngày sinh,Chi bộ\n1,Nguyễn Văn An,12/5/1968,CB 1\n2,Lê Thị Bình,31/02/1970,CB 1\n".encode()
    out = tmp_path / "rejected.xlsx"
    assert run(content, "--yes", "--rejected", str(out), name="ds.csv") == 1
    assert Person.objects.get().full_name == "Nguyễn Văn An"
    with out.open("rb") as file:
        (row,) = read_list(file, on=builders.TODAY).rows
    assert row.values["name"] == "Lê Thị Bình"
    assert Unit.objects.filter(pk=ward).exists()


@pytest.mark.usefixtures("ward")
def test_a_column_is_named_by_letter_or_heading(run: Run) -> None:
    content = "TT,Họ và tên,Ngày sinh,Nhóm,Số thẻ\n1,Nguyễn Văn An,12/5/1968,Chi bộ 1,0123\n".encode()
    assert run(content, "--yes", "--map", "D=unit", "--map", "so the=card_number", name="ds.csv") == 0
    assert Person.objects.get().card_number == "0123"


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"", (), "empty"),
        (b"%PDF-1.4", (), "not a list"),
        (builders.plain().getvalue()[:2000], (), "damaged"),
        (builders.plain().getvalue(), ("--map", "Z=unit"), "no column Z"),
        (builders.plain().getvalue(), ("--map", "A=nonsense"), "no field nonsense"),
        (builders.plain().getvalue(), ("--unit", "7f0e8f5e-0000-4000-8000-000000000000"), "no unit"),
    ],
)
def test_what_cannot_be_taken_is_said_plainly(run: Run, content: bytes, options: tuple[str, ...], says: str) -> None:
    with pytest.raises(CannotRun, match=says):
        run(content, *options)


def test_without_a_unit_there_is_nothing_to_take_a_list_in_for(run: Run) -> None:
    with pytest.raises(CannotRun, match="no unit yet"):
        run(builders.plain().getvalue())
