"""Playing the year of the case from its beginning, event by event, under the clock of 2012."""

from datetime import date

from django.db import transaction

from trienkhai.core.decisions import Refused
from trienkhai.figures.actions import roll_up_all
from trienkhai.ledger.actions import seal
from trienkhai.ledger.clock import simulated
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.simulation.hoalac import carrying_out, commenting, organising, planning
from trienkhai.simulation.hoalac.organising import PASSWORD
from trienkhai.simulation.hoalac.ward import CITY_CLERK, CLERK, KEEPER, MEMBER, REVIEWER, SECRETARY, Event, Ward, moment
from trienkhai.simulation.rules import SimulationError

SIGN_INS: tuple[tuple[str, str, str], ...] = (
    (CLERK, PASSWORD, "văn phòng Đảng uỷ phường Hoà Lạc / the ward's office"),
    (SECRETARY, PASSWORD, "bí thư Chi bộ Khu 5 / secretary of cell 5"),
    (MEMBER, PASSWORD, "đảng viên Chi bộ Khu 5, tự đánh máy bài thu hoạch / member of cell 5 with a typed paper"),
    (KEEPER, PASSWORD, "bí thư Chi bộ Khu 2, một trong ba người giữ tên / secretary of cell 2, keeps names"),
    (REVIEWER, PASSWORD, "uỷ viên Ban Thường vụ, đọc ý kiến về mình và tập thể / of the standing committee"),
    (CITY_CLERK, PASSWORD, "văn phòng Thành uỷ Móng Cái, chỉ thấy số liệu / the city's office, counts only"),
)
ENDED = date(2012, 11, 20)


@transaction.atomic
def load() -> None:
    """Load the case into an empty installation: all of it, or nothing.

    Raises:
        Refused: something has been recorded here already.
    """
    if Entry.objects.exists() or Unit.objects.exists():
        raise Refused(SimulationError.NOT_EMPTY)
    for event in sorted(_events(Ward()), key=lambda event: event.at):
        with simulated(event.at):
            event.do(event.at)
    with simulated(moment(ENDED, 18)):
        seal(at=moment(ENDED, 18))
        roll_up_all()


def _events(ward: Ward) -> list[Event]:
    return [
        *organising.beginnings(ward),
        *organising.changes(ward),
        *carrying_out.directives(ward),
        *planning.programmes(ward),
        *planning.first_plans(ward),
        *planning.second_plans(ward),
        *planning.tasks_and_values(ward),
        *commenting.summer(ward),
        *commenting.unasked(ward),
        *carrying_out.study(ward),
        *carrying_out.written(ward),
        *carrying_out.report(ward),
    ]
