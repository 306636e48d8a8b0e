"""The living gallery at /kit/: every component in its states, invented people. Routed while developing and in tests."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from trienkhai.core import forms, pages

PARTS = ("components", "rollout", "form", "table", "rollcall", "sheet", "empty")
_LONG = (
    "Chi bộ Quân sự – Công an và Trường Trung học cơ sở, Tiểu học, Mầm non liên khu phố "
    "Hạ Long – Thượng Trung – Hồng Hà (sinh hoạt ghép)"
)
_FAMILY = ("Nguyễn Thị", "Trần Văn", "Lê Hữu", "Phạm Thị Ngọc", "Hoàng", "Vũ Đình", "Đặng Thuỳ", "Bùi Quang", "Đỗ Thị")
_GIVEN = (
    "An",
    "Bình",
    "Chiến",
    "Dung",
    "Đức",
    "Giang",
    "Hoà",
    "Khuê",
    "Lộc",
    "Mận",
    "Nghĩa",
    "Oanh",
    "Phượng",
    "Quý",
    "Uyên",
)
_TODAY = date(2012, 10, 28)
_ROWS = 90


class SampleForm(forms.Form):
    """Every kind of field once."""

    title = django_forms.CharField(label="Trích yếu", max_length=300, help_text="Ghi đúng như trên văn bản.")
    number = django_forms.CharField(label="Số, ký hiệu", max_length=40, required=False)
    issued_on = forms.DayField(label="Ngày ban hành", help_text="Ví dụ 16/01/2012")
    hour = forms.HourField(label="Giờ", required=False)
    kind = django_forms.ChoiceField(label="Loại", choices=[("", "Chọn …"), ("nq", "Nghị quyết"), ("ct", "Chỉ thị")])
    way = django_forms.ChoiceField(
        label="Đồng chí thực hiện thế nào?",
        choices=[("paper", "Trên giấy, văn phòng nhập lại"), ("screen", "Trên điện thoại"), ("both", "Cả hai")],
        widget=django_forms.RadioSelect,
        help_text="Có thể đổi về sau.",
    )
    groups = django_forms.MultipleChoiceField(
        label="Áp dụng cho",
        choices=[
            ("official", "Đảng viên chính thức"),
            ("probationary", "Đảng viên dự bị"),
            ("guest", "Công chức ngoài Đảng"),
        ],
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.LongTextField(label="Ghi chú", required=False, rows=4)
    scan = forms.FileField(label="Bản quét", required=False, kinds=(".pdf", ".jpg", ".png"), megabytes=20)
    agreed = django_forms.BooleanField(label="Tôi đã đối chiếu với bản giấy")


@dataclass(frozen=True)
class Row:
    """One unit of the sample table."""

    name: str
    done: int
    owed: int | None
    state: str
    deadline: date

    @property
    def is_late(self) -> bool:
        """Whether it is past its day."""
        return self.state == "late"


def _people() -> list[str]:
    return [f"{_FAMILY[i % len(_FAMILY)]} {_GIVEN[i % len(_GIVEN)]}" for i in range(_ROWS)]


def _rows() -> list[Row]:
    states = ("late", "running", "done", "not_due", "none")
    named = [Row(_LONG, 17, 23, "late", date(2012, 9, 30)), Row("Chi bộ Trạm Y tế", 186, 187, "running", _TODAY)]
    for i in range(_ROWS - len(named)):
        state = states[i % len(states)]
        owed = None if state == "none" else 12 + i
        done = 12 + i if state == "done" else (0 if state == "not_due" else i % 12)
        named.append(Row(f"Chi bộ khu phố {i + 1}", done, owed, state, date(2012, 10, 1 + i % 31)))
    return named


def _steps() -> list[pages.Step]:
    return [
        pages.Step("Tiếp nhận", "done", 24, 24, date(2012, 2, 10), "#"),
        pages.Step("Kế hoạch", "done", 24, 24, date(2012, 3, 15), "#"),
        pages.Step("Học tập, quán triệt", "late", 497, 546, date(2012, 9, 30), "#"),
        pages.Step("Bài thu hoạch", "running", 312, 546, date(2012, 10, 31), "#", is_current=True),
        pages.Step("Báo cáo", "not_due", 0, 24, date(2012, 11, 15), "#"),
    ]


def show(request: HttpRequest, part: str = "components") -> HttpResponse:
    """One part of the gallery."""
    if part not in PARTS:
        raise Http404
    form = SampleForm(request.POST or None, request.FILES or None)
    if part == "components" and "messages" in request.GET:
        messages.success(request, "Đã lưu kế hoạch. 24 chi bộ thấy kế hoạch này từ bây giờ.")
        messages.warning(request, "Ba chi bộ chưa có bí thư trong danh sách.")
        messages.info(request, "Đang nhập 587 dòng, có thể rời trang này.")
    context = {
        "title": "Thêm văn bản",
        "parts": PARTS,
        "part": part,
        "rows": _rows(),
        "few": _rows()[:5],
        "people": _people(),
        "roll": list(enumerate(_people()[:14])),
        "steps": _steps(),
        "page": pages.paginate(request, list(range(2000))),
        "today": _TODAY,
        "past": date(2012, 9, 30),
        "open_end": None,
        "first": date(2012, 2, 3),
        "moment": datetime(2012, 10, 28, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        "long": _LONG,
        "sentence": (
            "Tính đến ngày 28/10/2012, 24/24 chi bộ trực thuộc đã có kế hoạch; 497/546 đảng viên (91%) đã dự học tập; "
            "312/546 đảng viên (57,1%) đã nộp bài thu hoạch."
        ),
    }
    return (
        pages.render_form(request, f"core/kit_{part}.html", context, form)
        if part == "form"
        else render(request, f"core/kit_{part}.html", {**context, "form": form})
    )
