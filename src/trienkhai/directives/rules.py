"""Kinds of directives and how they relate."""

from enum import StrEnum


class DirectiveKind(StrEnum):
    """What sort of document it is (kinds in use, HD 36-HD/VPTW)."""

    RESOLUTION = "resolution"  # nghị quyết
    INSTRUCTION = "instruction"  # chỉ thị
    CONCLUSION = "conclusion"  # kết luận
    REGULATION = "regulation"  # quy định
    GUIDANCE = "guidance"  # hướng dẫn
    PLAN = "plan"  # kế hoạch
    PROGRAMME = "programme"  # chương trình
    NOTICE = "notice"  # thông báo
    OFFICIAL_LETTER = "official_letter"  # công văn
    OTHER = "other"


class RelationKind(StrEnum):
    """What one directive does to another."""

    GUIDES = "guides"
    IMPLEMENTS = "implements"
    REPLACES = "replaces"
