"""Vietnamese text: folding for search, order, names, days and numbers. Knows no app and no Django."""

from trienkhai.text.days import DayError, DayFault, PartialDate, long_date, parse_day, short_date
from trienkhai.text.folding import clean_line, clean_text, fold, folded_words, nfc
from trienkhai.text.numbers import number_vi, percent_vi
from trienkhai.text.ordering import LONGEST_KEY, Name, name_sort_key, sort_key, split_name
from trienkhai.text.searching import Rank, matches, rank, snippet, spans

__all__ = [
    "LONGEST_KEY",
    "DayError",
    "DayFault",
    "Name",
    "PartialDate",
    "Rank",
    "clean_line",
    "clean_text",
    "fold",
    "folded_words",
    "long_date",
    "matches",
    "name_sort_key",
    "nfc",
    "number_vi",
    "parse_day",
    "percent_vi",
    "rank",
    "short_date",
    "snippet",
    "sort_key",
    "spans",
    "split_name",
]
