"""Lists as offices keep them, of a ward that does not exist. Every name is invented."""
