from datetime import date
from pathlib import Path

import pytest

from tests.factories.directives import AT, facts, make_directive
from tests.factories.organisation import acting_as, make_unit, make_ward, office_of
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.directives import actions
from trienkhai.directives.models import Directive, Provision, Relation
from trienkhai.directives.policies import Reason
from trienkhai.directives.queries import outline, provision_tree
from trienkhai.directives.rules import Facts, Fault, RelationKind
from trienkhai.files.models import StoredFile
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind

pytestmark = pytest.mark.django_db
TEXT = "I. Tình hình\n1. Kết quả\n2. Hạn chế\nII. Giải pháp\n1. Học tập\n2. Kiểm điểm"
PDF = b"%PDF-1.7\n"


@pytest.fixture
def owner() -> Unit:
    return Unit.objects.get(pk=make_unit("Đảng uỷ phường Hoà Lạc", kind=UnitKind.BASE))


@pytest.fixture(autouse=True)
def _folder(settings: object, tmp_path: Path) -> None:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]


def test_five_facts_are_enough(owner: Unit) -> None:
    clerk = office_of(owner.pk)
    directive = actions.register_directive(owner=owner, facts=facts("  12-NQ/TW "), actor=clerk, at=AT)
    assert (directive.number, directive.received_on) == ("12-NQ/TW", None)
    entry = history_of(directive.key).get()
    assert (entry.actor, entry.action, entry.seq) == (clerk.key, "directives.register_directive", directive.changed_seq)
    assert entry.detail.content["number"] == "12-NQ/TW"


@pytest.mark.parametrize(
    ("wrong", "code", "on"),
    [
        (facts(number="  "), Fault.NUMBER_EMPTY, "number"),
        (facts(number="x" * 61), Fault.TOO_LONG, "number"),
        (facts(issuer=""), Fault.ISSUER_EMPTY, "issuer"),
        (facts(title="\u200b "), Fault.TITLE_EMPTY, "title"),
        (facts(issued_on=date(2012, 6, 2)), Fault.ISSUED_IN_FUTURE, "issued_on"),
        (facts(received_on=date(2012, 1, 15)), Fault.RECEIVED_BEFORE_ISSUED, "received_on"),
        (facts(received_on=date(2012, 6, 2)), Fault.RECEIVED_IN_FUTURE, "received_on"),
    ],
)
def test_facts_that_cannot_be_true(owner: Unit, wrong: Facts, code: str, on: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.register_directive(owner=owner, facts=wrong, actor=SYSTEM, at=AT)
    assert (caught.value.code, caught.value.on) == (code, on)
    assert not Directive.objects.exists()


def test_the_same_number_of_the_same_day_is_the_same_directive(owner: Unit) -> None:
    first = actions.register_directive(owner=owner, facts=facts("12-NQ/TW"), actor=SYSTEM, at=AT)
    with pytest.raises(Invalid) as caught:
        actions.register_directive(owner=owner, facts=facts("12 – nq/tw", "Khác"), actor=SYSTEM, at=AT)
    assert (caught.value.code, caught.value.params["key"]) == (Fault.ALREADY_THERE, str(first.key))
    other = Unit.objects.get(pk=make_unit("Phường khác", kind=UnitKind.BASE))
    actions.register_directive(owner=other, facts=facts("12-NQ/TW"), actor=SYSTEM, at=AT)
    later = facts("12-NQ/TW", issued_on=date(2012, 1, 17))
    second = actions.register_directive(owner=owner, facts=later, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid):
        actions.correct_directive(directive=second, facts=facts("12-NQ/TW"), actor=SYSTEM, at=AT)


def test_a_correction_keeps_what_it_was_in_the_ledger(owner: Unit) -> None:
    directive = make_directive(owner.pk, "Một số vấn đề cấp bách", number="12-NQ/TW")
    actions.correct_directive(directive=directive, facts=facts(title="Tên đúng"), actor=SYSTEM, at=AT)
    directive.refresh_from_db()
    assert directive.title == "Tên đúng"
    assert "ten dung" in directive.folded
    detail = history_of(directive.key)[0].detail.content
    assert (detail["before"]["title"], detail["after"]["title"]) == ("Một số vấn đề cấp bách", "Tên đúng")


def test_saving_without_a_change_records_nothing(owner: Unit) -> None:
    directive = actions.register_directive(owner=owner, facts=facts(), actor=SYSTEM, at=AT)
    actions.correct_directive(directive=directive, facts=facts(), actor=SYSTEM, at=AT)
    actions.set_provisions(directive=directive, text=" ", actor=SYSTEM, at=AT)
    assert history_of(directive.key).count() == 1


def test_two_people_correcting_at_once_notice_each_other(owner: Unit) -> None:
    directive = make_directive(owner.pk)
    seen = directive.changed_seq
    actions.set_provisions(directive=directive, text=TEXT, actor=SYSTEM, at=AT, seen=seen)
    for change in (
        lambda: actions.set_provisions(directive=directive, text="I. Khác", actor=SYSTEM, at=AT, seen=seen),
        lambda: actions.correct_directive(directive=directive, facts=facts(), actor=SYSTEM, at=AT, seen=seen),
    ):
        with pytest.raises(Refused, match=Fault.CHANGED_MEANWHILE):
            change()
    assert directive.provisions.count() == 6


def test_the_day_of_receipt(owner: Unit) -> None:
    directive = make_directive(owner.pk)
    actions.record_received(directive=directive, on=date(2012, 2, 3), actor=SYSTEM, at=AT)
    directive.refresh_from_db()
    assert directive.received_on == date(2012, 2, 3)


def test_provisions_are_replaced_and_keep_their_keys(owner: Unit) -> None:
    directive = make_directive(owner.pk, provisions=TEXT)
    assert outline(directive) == TEXT
    keys = dict(directive.provisions.values_list("text", "key"))
    changed = TEXT.replace("Học tập", "Học tập và làm theo").replace("2. Hạn chế\n", "").replace("II.", "3. Mới\nII.")
    actions.set_provisions(directive=directive, text=changed, actor=SYSTEM, at=AT)
    after = dict(directive.provisions.values_list("text", "key"))
    assert after["Học tập và làm theo"] == keys["Học tập"]
    assert after["Tình hình"] == keys["Tình hình"]
    assert "Hạn chế" not in after
    assert outline(directive) == changed
    first, second = provision_tree(directive)
    assert [child.text for child in first.children] == ["Kết quả", "Mới"]
    assert [child.key for child in second.children] == [str(keys["Học tập"]), str(keys["Kiểm điểm"])]


def test_provisions_have_a_limit(owner: Unit) -> None:
    directive = make_directive(owner.pk)
    with pytest.raises(Invalid, match=Fault.TOO_MANY_PROVISIONS):
        actions.set_provisions(directive=directive, text="- a\n" * 2001, actor=SYSTEM, at=AT)
    actions.set_provisions(directive=directive, text="", actor=SYSTEM, at=AT)
    assert not Provision.objects.exists()


def test_files_come_and_go(owner: Unit) -> None:
    directive = make_directive(owner.pk)
    clerk = office_of(owner.pk)
    for name in ("a.pdf", "b.pdf"):
        actions.add_file(directive=directive, content=PDF + name.encode(), name=name, actor=clerk, at=AT)
    first, second = directive.files.order_by("position")
    assert first.file.uploaded_by == clerk.key
    assert history_of(directive.key)[0].file_digest == second.file.sha256
    actions.remove_file(directive=directive, key=first.key, actor=clerk, at=AT)
    actions.remove_file(directive=directive, key=first.key, actor=clerk, at=AT)
    assert [row.file.name for row in directive.files.all()] == ["b.pdf"]
    with pytest.raises(Invalid):
        actions.add_file(directive=directive, content=b"MZ", name="c.pdf", actor=clerk, at=AT)
    assert StoredFile.objects.count() == 2
    for n in range(19):
        actions.add_file(directive=directive, content=PDF, name=f"{n}.pdf", actor=clerk, at=AT)
    with pytest.raises(Invalid, match=Fault.TOO_MANY_FILES):
        actions.add_file(directive=directive, content=PDF, name="x.pdf", actor=clerk, at=AT)


def test_relations_are_kept_by_either_side() -> None:
    upper = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=upper, cells=1, members=1)
    resolution, guidance = make_directive(upper), make_directive(ward.unit)
    clerk = office_of(ward.unit)
    relation = actions.relate(source=guidance, target=resolution, kind=RelationKind.IMPLEMENTS, actor=clerk, at=AT)
    with pytest.raises(Invalid, match=Fault.ALREADY_RELATED):
        actions.relate(source=guidance, target=resolution, kind=RelationKind.IMPLEMENTS, actor=clerk, at=AT)
    with pytest.raises(Invalid, match=Fault.RELATED_TO_ITSELF):
        actions.relate(source=guidance, target=guidance, kind=RelationKind.GUIDES, actor=clerk, at=AT)
    hidden = make_directive(make_unit("Phường khác", kind=UnitKind.BASE))
    with pytest.raises(Refused, match=Reason.NOT_VISIBLE):
        actions.relate(source=guidance, target=hidden, kind=RelationKind.REPLACES, actor=clerk, at=AT)
    actions.relate(source=resolution, target=guidance, kind=RelationKind.GUIDES, actor=clerk, at=AT)
    actions.unrelate(relation=relation, actor=clerk, at=AT)
    assert list(Relation.objects.values_list("kind", flat=True)) == ["guides"]


def test_only_the_office_of_the_owner_keeps_a_directive() -> None:
    upper = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=upper, cells=1, members=2)
    owner = Unit.objects.get(pk=ward.unit)
    directive = make_directive(ward.unit, provisions=TEXT)
    for actor in (acting_as(ward.members[0][1]), acting_as(ward.secretary), office_of(upper), office_of(ward.cells[0])):
        for change in (
            lambda a: actions.register_directive(owner=owner, facts=facts(), actor=a, at=AT),
            lambda a: actions.correct_directive(directive=directive, facts=facts(), actor=a, at=AT),
            lambda a: actions.set_provisions(directive=directive, text="", actor=a, at=AT),
            lambda a: actions.add_file(directive=directive, content=PDF, name="a.pdf", actor=a, at=AT),
            lambda a: actions.remove_directive(directive=directive, actor=a, at=AT),
        ):
            with pytest.raises(Refused, match=Reason.NOT_THE_OFFICE):
                change(actor)
    assert StoredFile.objects.count() == 0


def test_a_slip_is_removed_with_what_belongs_to_it(owner: Unit) -> None:
    directive = make_directive(owner.pk, provisions=TEXT)
    actions.remove_directive(directive=directive, actor=office_of(owner.pk), at=AT)
    assert not Directive.objects.exists()
    assert history_of(directive.key)[0].action == "directives.remove_directive"
