"""Files of pages: how they come in."""
