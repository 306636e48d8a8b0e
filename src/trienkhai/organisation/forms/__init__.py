"""Shapes of what is typed about the organisation."""
