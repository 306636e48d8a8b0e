"""One module for each command: ``add_arguments(parser)`` and ``run(args) -> int``; its docstring is the help text."""
