"""A list no rule was written for: the invented ward of Mây Bạc, 24 cells, 600 lines, as its office has kept it."""

from tests.e2e.lists.may_bac import ASKED, CELLS, EXEMPT, FAULTY, GOOD, LINES, WARD, workbook

__all__ = ["ASKED", "CELLS", "EXEMPT", "FAULTY", "GOOD", "LINES", "WARD", "workbook"]
