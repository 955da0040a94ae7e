"""Updates from the forum groups of desks."""
