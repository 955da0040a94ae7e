"""The root of all errors of the hotline.

    HotlineError
    ├── BadSettings           a setting is wrong or missing; the start is refused
    └── …                     each room adds its own situations below this root

An error is named after the situation. Its text tells a human what happened and what to do;
it never carries the words, the name, the phone or the id of a person.
"""

from __future__ import annotations


class HotlineError(Exception):
    """Something went wrong that a human can understand and act upon."""


class BadSettings(HotlineError):
    """A setting is wrong or missing; the text names it, what was found and what is allowed."""
