"""How recordings are packed: one module for each container says what is left out, and where it lies in the file."""
