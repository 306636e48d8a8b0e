"""Pages of progress: the roll-out, the facts behind its figures, what figures mean, and reports."""
