"""Short texts that say the same, and those that say similar things. Knows no app and no Django.

``group_texts`` puts texts that say the same (marks, spelling, word order and small words aside) into one group;
``propose_themes`` puts groups on one matter side by side. Both give the same for the same texts in whatever order.
"""

from trienkhai.text.similar.near import Grouping, best_written, group_texts, says_the_same
from trienkhai.text.similar.themes import Theme, propose_themes

__all__ = ["Grouping", "Theme", "best_written", "group_texts", "propose_themes", "says_the_same"]
