"""Reading figures, the facts behind them, and reports."""

from trienkhai.progress.queries.values import ChildFigures, figures, figures_by_child, figures_of_units
from trienkhai.progress.rules.figures import FigureValue

__all__ = ["ChildFigures", "FigureValue", "figures", "figures_by_child", "figures_of_units"]
