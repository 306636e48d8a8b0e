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


class Fault(StrEnum):
    """What cannot be true of a directive."""

    ALREADY_THERE = "directive_already_there"
    NUMBER_EMPTY = "directive_number_empty"
    ISSUER_EMPTY = "directive_issuer_empty"
    TITLE_EMPTY = "directive_title_empty"
    TOO_LONG = "directive_too_long"
    ISSUED_IN_FUTURE = "directive_issued_in_future"
    RECEIVED_IN_FUTURE = "directive_received_in_future"
    RECEIVED_BEFORE_ISSUED = "directive_received_before_issued"
    TOO_MANY_PROVISIONS = "directive_too_many_provisions"
    PROVISION_IN_USE = "directive_provision_in_use"
    RELATED_TO_ITSELF = "directive_related_to_itself"
    ALREADY_RELATED = "directive_already_related"
    TOO_MANY_FILES = "directive_too_many_files"
    CHANGED_MEANWHILE = "directive_changed_meanwhile"
    IN_USE = "directive_in_use"
