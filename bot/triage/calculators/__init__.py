"""Calculations by name: pure functions whose results carry the formula, the source and the date on which they rest."""
