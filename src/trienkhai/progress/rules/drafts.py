"""The prose a report begins with. Content, not interface: it is edited, and has the report's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trienkhai.directives.rules import DirectiveKind
from trienkhai.organisation.rules import PostKind, UnitKind
from trienkhai.rollouts.rules import StepKind


@dataclass(frozen=True)
class Draft:
    """What a report begins with."""

    kind: str
    subject: str
    body: str


type Passages = Mapping[str, str]

VIETNAMESE: Passages = {
    "kind": "Báo cáo",
    "subject": "Kết quả thực hiện {what}",
    "opening": "Thực hiện {what}, {{{{unit}}}} báo cáo kết quả tính đến {{{{as_of}}}} như sau:",
    "carried_out": "# I. Kết quả thực hiện",
    StepKind.RECEIVE: (
        "## 1. Tiếp nhận, quán triệt chủ trương\n"
        "Đến {{as_of}}, {{units_received}} đơn vị đã tiếp nhận văn bản ({{units_received.percent}})."
    ),
    StepKind.PLAN: (
        "## 2. Xây dựng kế hoạch\n"
        "Có {{units_planned}} đơn vị đã ban hành kế hoạch thực hiện ({{units_planned.percent}})."
    ),
    StepKind.STUDY: (
        "## 3. Tổ chức học tập\n"
        "Đã tổ chức {{meetings_held}} hội nghị học tập; {{units_studied}} chi bộ đã hoàn thành "
        "({{units_studied.percent}}). Số đảng viên tham gia học tập là {{persons_studied}} đồng chí, đạt "
        "{{persons_studied.percent}}; trong đó cán bộ lãnh đạo, người đứng đầu là {{persons_studied.leaders}} "
        "đồng chí. Tổng số lượt người dự các hội nghị là {{attendances}}. Ngoài ra có {{others_studied}} người chưa là "
        "đảng viên tham gia học tập."
    ),
    StepKind.PAPER: (
        "## 4. Viết bài thu hoạch\n"
        "Có {{papers_submitted}} bài thu hoạch đã nộp, đạt {{papers_submitted.percent}}; trong đó "
        "{{papers_on_time.numerator}} bài nộp đúng hạn, {{papers_accepted.numerator}} bài đã được chấp nhận. Cán bộ "
        "lãnh đạo, người đứng đầu đã nộp {{papers_submitted.leaders}} bài."
    ),
    "judgement": (
        "# II. Đánh giá chung\n"
        "(Phần nhận định của đơn vị: ưu điểm, hạn chế, nguyên nhân.)\n\n"
        "# III. Nhiệm vụ thời gian tới\n"
        "(Nêu nhiệm vụ, giải pháp trọng tâm.)"
    ),
    "table": "Biểu tổng hợp theo đơn vị:\n{{units_table}}",
}

ENGLISH: Passages = {
    "kind": "Report",
    "subject": "Results of carrying out {what}",
    "opening": "Carrying out {what}, {{{{unit}}}} reports these results as of {{{{as_of}}}}:",
    "carried_out": "# I. What has been done",
    StepKind.RECEIVE: (
        "## 1. Receiving\n"
        "By {{as_of}}, {{units_received}} units had received the documents ({{units_received.percent}})."
    ),
    StepKind.PLAN: "## 2. Planning\n{{units_planned}} units have adopted a plan ({{units_planned.percent}}).",
    StepKind.STUDY: (
        "## 3. Studying\n"
        "{{meetings_held}} study meetings were held; {{units_studied}} cells have studied ({{units_studied.percent}}). "
        "{{persons_studied}} members took part ({{persons_studied.percent}}), among them {{persons_studied.leaders}} "
        "leaders and heads of units. The meetings were attended {{attendances}} times. {{others_studied}} people who "
        "are not members took part as well."
    ),
    StepKind.PAPER: (
        "## 4. Papers\n"
        "{{papers_submitted}} papers were handed in ({{papers_submitted.percent}}), {{papers_on_time.numerator}} of "
        "them on time; {{papers_accepted.numerator}} have been accepted. Leaders and heads of units handed in "
        "{{papers_submitted.leaders}}."
    ),
    "judgement": (
        "# II. Assessment\n"
        "(The unit's own judgement: what went well, what did not, and why.)\n\n"
        "# III. What comes next\n"
        "(The main tasks ahead.)"
    ),
    "table": "By unit:\n{{units_table}}",
}

LANGUAGES: Mapping[str, Passages] = {"vi": VIETNAMESE, "en": ENGLISH}


KINDS_VI = {
    DirectiveKind.RESOLUTION: "Nghị quyết",
    DirectiveKind.INSTRUCTION: "Chỉ thị",
    DirectiveKind.CONCLUSION: "Kết luận",
    DirectiveKind.REGULATION: "Quy định",
    DirectiveKind.GUIDANCE: "Hướng dẫn",
    DirectiveKind.PLAN: "Kế hoạch",
    DirectiveKind.PROGRAMME: "Chương trình",
    DirectiveKind.NOTICE: "Thông báo",
    DirectiveKind.OFFICIAL_LETTER: "Công văn",
}
KINDS_EN = {
    DirectiveKind.RESOLUTION: "Resolution",
    DirectiveKind.INSTRUCTION: "Instruction",
    DirectiveKind.CONCLUSION: "Conclusion",
    DirectiveKind.REGULATION: "Regulation",
    DirectiveKind.GUIDANCE: "Guidance",
    DirectiveKind.PLAN: "Plan",
    DirectiveKind.PROGRAMME: "Programme",
    DirectiveKind.NOTICE: "Notice",
    DirectiveKind.OFFICIAL_LETTER: "Official letter",
}


def cited(kind: DirectiveKind, number: str, title: str, *, language: str) -> str:
    """A directive as a report cites it: “Nghị quyết số 12-NQ/TW “…””; what is of no known kind, by number alone."""
    word = (KINDS_EN if language == "en" else KINDS_VI).get(kind, "")
    of_number = f"số {number}" if number and word and language != "en" else number
    return " ".join(part for part in (word, of_number, f"“{title}”") if part)


def draft(*, language: str, what: str, steps: Collection[StepKind], has_children: bool) -> Draft:
    """The prose a report begins with, with its figures bound.

    Args:
        language: ``vi`` or ``en``.
        what: the directives carried out, in words.
        steps: the steps the roll-out has; the others are left out.
        has_children: whether there are units below to list in a table.
    """
    passages = LANGUAGES.get(language, VIETNAMESE)
    plain_what = what.replace("{", "(").replace("}", ")")
    parts = [passages["opening"].format(what=plain_what), passages["carried_out"]]
    parts += [passages[kind] for kind in StepKind if kind in steps]
    if has_children:
        parts.append(passages["table"])
    parts.append(passages["judgement"])
    return Draft(passages["kind"], passages["subject"].format(what=plain_what), "\n\n".join(parts))


def gaps(body: str) -> tuple[str, ...]:
    """The lines of a report that the draft left for the unit to write, and that stand there still."""
    hints = {line for words in LANGUAGES.values() for line in words["judgement"].splitlines() if line.startswith("(")}
    return tuple(line for line in map(str.strip, body.splitlines()) if line in hints)


@dataclass(frozen=True)
class LayoutWords:
    """What head and foot of a report begin with; every one can be changed."""

    number: str
    authority: str
    posts: Mapping[PostKind, str]
    recipients: tuple[str, ...]


POSTS_VI = {
    PostKind.SECRETARY: "Bí thư",
    PostKind.DEPUTY_STANDING: "Phó Bí thư Thường trực",
    PostKind.DEPUTY: "Phó Bí thư",
}
POSTS_EN = {
    PostKind.SECRETARY: "Secretary",
    PostKind.DEPUTY_STANDING: "Standing Deputy Secretary",
    PostKind.DEPUTY: "Deputy Secretary",
}


def layout_words(kind: UnitKind, language: str) -> LayoutWords:
    """Number, authority and recipients as the kind of unit writes them.

    Committees sign "T/M"; a cell's secretary signs "T/M CHI BỘ".
    Source: Hướng dẫn 36-HD/VPTW (3-4-2018), signing authority and abbreviations of issuing organs.
    """
    is_cell = kind in {UnitKind.CELL, UnitKind.GROUP}
    if language == "en":
        authority = "On behalf of the cell" if is_cell else "On behalf of the committee"
        return LayoutWords("", authority, POSTS_EN, ("File",))
    number = "     -BC/CB" if is_cell else "     -BC/ĐU"
    authority = "T/M CHI BỘ" if is_cell else "T/M ĐẢNG UỶ"
    return LayoutWords(number, authority, POSTS_VI, ("Lưu",))
