"""Shapes of what is typed about plans."""

from trienkhai.plans.forms.heads import AdoptForm, HeadForm, ManyForm, WithdrawForm
from trienkhai.plans.forms.measures import (
    ChangedForm,
    LeftOutForm,
    MeasureForm,
    MeasureFormSet,
    Offered,
    OneMeasureForm,
    initial_of,
    rearranged,
    typed_lines,
    typed_rows,
)

__all__ = [
    "AdoptForm",
    "ChangedForm",
    "HeadForm",
    "LeftOutForm",
    "ManyForm",
    "MeasureForm",
    "MeasureFormSet",
    "Offered",
    "OneMeasureForm",
    "WithdrawForm",
    "initial_of",
    "rearranged",
    "typed_lines",
    "typed_rows",
]
