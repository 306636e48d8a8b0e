"""Reading calls, the intake book, what came and what became of it."""
