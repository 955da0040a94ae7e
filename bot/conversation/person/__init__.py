"""Use cases of a person: ask, read, triage, own cases, own data."""
