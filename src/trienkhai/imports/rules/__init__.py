"""Reading lists as offices keep them: files into rows, without a database."""
