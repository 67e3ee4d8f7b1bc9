"""What the admin gains for the work of editors."""
