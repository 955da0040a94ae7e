"""Triage: flows as data, the engine that walks them, urgency rules, calculators."""
