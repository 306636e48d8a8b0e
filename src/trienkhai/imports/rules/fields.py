"""What a column of a list may hold, and for which kind of list it counts."""

from enum import StrEnum


class ListKind(StrEnum):
    """What one line of the list stands for."""

    MEMBERS = "members"
    UNITS = "units"
    POSTS = "posts"


class Field(StrEnum):
    """What a column holds. ``OTHER`` and the private ones are recognised only to be left out."""

    ORDINAL = "ordinal"
    NAME = "name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BIRTH = "birth"
    BIRTH_MALE = "birth_male"
    BIRTH_FEMALE = "birth_female"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    SEX = "sex"
    SEX_MALE = "sex_male"
    SEX_FEMALE = "sex_female"
    UNIT = "unit"
    UNIT_KIND = "unit_kind"
    PARENT_UNIT = "parent_unit"
    FOUNDED_ON = "founded_on"
    PARTY_POST = "party_post"
    OTHER_POST = "other_post"
    BODY = "body"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    ADMITTED_ON = "admitted_on"
    OFFICIAL_ON = "official_on"
    STANDING = "standing"
    IS_OFFICIAL = "is_official"
    IS_PROBATIONARY = "is_probationary"
    MEMBER = "member"
    EXEMPT = "exempt"
    PHONE = "phone"
    EMAIL = "email"
    NOTE = "note"
    CARD_NUMBER = "card_number"
    IDENTITY_NUMBER = "identity_number"
    ADDRESS = "address"
    RELIGION = "religion"
    ETHNICITY = "ethnicity"
    FAMILY = "family"
    OTHER_PRIVATE = "other_private"
    REASON = "reason"
    OTHER = "other"


PRIVATE = frozenset(
    {
        Field.CARD_NUMBER,
        Field.IDENTITY_NUMBER,
        Field.ADDRESS,
        Field.RELIGION,
        Field.ETHNICITY,
        Field.FAMILY,
        Field.OTHER_PRIVATE,
    },
)
"""Off unless someone turns the column on. Source: product.md, "What it must never do to people"."""

NEVER_KEPT = frozenset({Field.ORDINAL, Field.REASON, Field.OTHER})
"""Recognised, never stored."""

_PERSON = frozenset(
    {
        Field.NAME,
        Field.FAMILY_NAME,
        Field.GIVEN_NAME,
        Field.BIRTH,
        Field.BIRTH_MALE,
        Field.BIRTH_FEMALE,
        Field.BIRTH_DAY,
        Field.BIRTH_MONTH,
        Field.BIRTH_YEAR,
        Field.UNIT,
        Field.NOTE,
        Field.CARD_NUMBER,
    },
)

KEPT: dict[ListKind, frozenset[Field]] = {
    ListKind.MEMBERS: _PERSON
    | {
        Field.SEX,
        Field.SEX_MALE,
        Field.SEX_FEMALE,
        Field.PARENT_UNIT,
        Field.PARTY_POST,
        Field.OTHER_POST,
        Field.ADMITTED_ON,
        Field.OFFICIAL_ON,
        Field.STANDING,
        Field.IS_OFFICIAL,
        Field.IS_PROBATIONARY,
        Field.MEMBER,
        Field.EXEMPT,
        Field.PHONE,
    },
    ListKind.UNITS: frozenset({Field.UNIT, Field.UNIT_KIND, Field.PARENT_UNIT, Field.FOUNDED_ON, Field.NOTE}),
    ListKind.POSTS: _PERSON | {Field.PARTY_POST, Field.BODY, Field.STARTS_ON, Field.ENDS_ON},
}
"""The fields a list of each kind is read for; all others are shown as "left out"."""

DATES = frozenset({Field.FOUNDED_ON, Field.STARTS_ON, Field.ENDS_ON, Field.ADMITTED_ON, Field.OFFICIAL_ON})
NAMES = frozenset({Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME})
LONGEST = {Field.NOTE: 500, Field.PHONE: 40, Field.CARD_NUMBER: 20}
"""Most characters a field may have; 200 where nothing is said."""
LONGEST_TEXT = 200
