"""``trienkhai progress``."""

import argparse
import csv
import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.progress import BEGINS, Move, Play, start_play
from trienkhai.config.commands import progress
from trienkhai.core.decisions import Invalid
from trienkhai.core.pages import explain
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import UnitKind
from trienkhai.progress.queries.finding import Unfound
from trienkhai.progress.queries.values import figures
from trienkhai.progress.rules.figures import CODES
from trienkhai.progress.texts import COMMAND, FIGURE_NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def play() -> Play:
    """A cell has met; some papers are in."""
    play = start_play()
    for move in (Move("meet", wait=1, a=0), Move("hand_in_many", wait=1, a=1), Move("declare", a=1, b=3, c=4)):
        play.play(move)
    return play


def ask(*words: str) -> int:
    parser = argparse.ArgumentParser()
    progress.add_arguments(parser)
    return progress.run(parser.parse_args(words))


def test_json_is_exactly_this(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--as-of", "2012-03-31", "--format", "json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["rollout", "unit", "as_of", "known_at", "figures"]
    assert (answer["rollout"], answer["unit"]) == ("Triển khai Nghị quyết 12", "Đảng bộ phường Bến Mới")
    assert (answer["as_of"], answer["known_at"]) == ("2012-03-31", None)
    wanted = figures(rollout=play.rollout, unit=play.ward, as_of=date(2012, 3, 31))
    assert answer["figures"] == [
        {
            "code": value.code,
            "numerator": value.numerator,
            "denominator": value.denominator,
            "declared_numerator": value.declared_numerator,
            "declared_denominator": value.declared_denominator,
        }
        for value in wanted
    ]
    assert {figure["code"] for figure in answer["figures"]} >= {
        "units_received",
        "units_planned",
        "units_studied",
        "persons_studied",
        "papers_submitted",
        "papers_on_time",
        "papers_accepted",
    }


@pytest.mark.parametrize("typed", ["25-02-2012", "25/02/2012", "2012-02-25", "25.2.2012"])
@pytest.mark.usefixtures("play")
def test_days_in_every_way_of_writing(capsys: pytest.CaptureFixture[str], typed: str) -> None:
    assert ask("--as-of", typed, "--known-at", typed, "--format", "json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["as_of"], answer["known_at"]) == ("2012-02-25", "2012-02-25")
    assert BEGINS.date() < date(2012, 2, 25)


@pytest.mark.parametrize("typed", ["31/02/2012", "2012", "yesterday", ""])
def test_what_is_no_day(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        ask("--as-of", typed)
    assert left.value.code == 2
    assert "31-10-2012" in capsys.readouterr().err


def test_a_unit_by_key_by_name_and_by_part_of_it(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    cell = play.units(UnitKind.CELL)[0]
    for typed in (str(Unit.objects.get(pk=cell).key), "Chi bộ khu 1", "chi bo khu 1", "khu 1"):
        assert ask("--unit", typed, "--format", "json") == 0
        assert json.loads(capsys.readouterr().out)["unit"] == "Chi bộ khu 1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "chi bộ"), "Chi bộ khu 1"),
        (("--unit", "không có"), "không có"),
        (("--rollout", "khác hẳn"), "khác hẳn"),
        (("--rollout", "7d1a4d4e-1a4f-4b7e-9d5c-0c1f2a3b4c5d"), "7d1a4d4e"),
        (("--unit", "7d1a4d4e-1a4f-4b7e-9d5c-0c1f2a3b4c5d"), "7d1a4d4e"),
    ],
)
@pytest.mark.usefixtures("play")
def test_what_is_not_found_is_said(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert ask(*words) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_without_any_rollout(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask() == 2
    assert capsys.readouterr().err.strip()


@pytest.mark.usefixtures("play")
def test_csv_and_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--format", "csv", "--as-of", "31/03/2012", "--rollout", "nghi quyet") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["code"] for row in rows] == list(CODES)
    assert {row["as_of"] for row in rows} == {"2012-03-31"}
    assert ask("--as-of", "31/03/2012") == 0
    table = capsys.readouterr().out
    assert "31/03/2012" in table
    studied = next(row for row in rows if row["code"] == "persons_studied")
    assert f"{studied['numerator']}/{studied['denominator']}" in table
    assert "4/6" in table


@pytest.mark.parametrize(("language", "other"), [("vi", "en"), ("en", "vi")])
@pytest.mark.usefixtures("play")
def test_the_table_is_whole_in_either_language(capsys: pytest.CaptureFixture[str], language: str, other: str) -> None:
    def printed(*words: str) -> str:
        assert ask("--as-of", "31/03/2012", *words) == 0
        return capsys.readouterr().out

    with translation.override(other):
        table = printed("--language", language)
        assert translation.get_language() == other
    figures_of = [line.split() for line in table.splitlines()[5:]]
    with translation.override(language):
        names = [str(name) for name in FIGURE_NAMES.values()]
        assert all(str(COMMAND[word]) in table for word in ("counted", "declared", "now"))
    for line, name in zip(table.splitlines()[5:], names, strict=True):
        assert line.startswith(f"{name} ")
    the_other = [line.split()[-1].replace(",", ".") for line in printed("--language", other).splitlines()[5:]]
    assert [line[-1].replace(",", ".") for line in figures_of] == the_other
    assert printed() == printed("--language", settings.LANGUAGE_CODE)
    assert ask("--unit", "không có", "--language", language) == 2
    with translation.override(language):
        assert capsys.readouterr().err == f"{explain(Invalid(Unfound.NO_SUCH_UNIT, typed='không có'))}\n"
