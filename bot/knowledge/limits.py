"""What fits on the screen of an old phone, named once for the models, the checks and the guides.

Lengths are in characters of the text as an editor writes it.
"""

from __future__ import annotations

from typing import Final

TITLE_MAX: Final = 60
TITLE_GOOD: Final = 40
"""A title is also a button; longer ones are cut on a narrow phone, which is a warning."""
SHORT_MAX: Final = 34
"""The label of a button."""

ASKS_MIN: Final = 6
ASKS_MAX: Final = 32
ASK_MAX: Final = 160

ANSWER_BLOCKS_MAX: Final = 6
ANSWER_MAX: Final = 700
"""All blocks of an answer together: one screen without scrolling."""
ITEM_MAX: Final = 220
STEPS_MAX: Final = 8
DOCUMENTS_MAX: Final = 8
BEWARE_MAX: Final = 5
WHERE_MAX: Final = 3
RELATED_MIN: Final = 2
RELATED_MAX: Final = 5

ORGANISATION_NAME_MAX: Final = 100
ORGANISATION_FOR_MAX: Final = 200
ORGANISATIONS_SHOWN: Final = 5
"""How many organisations one message lists."""

SECTION_TITLE_MAX: Final = 34
SECTIONS_MAX: Final = 12
ARTICLES_PER_SECTION_MAX: Final = 24

REGIONS_LISTED_MAX: Final = 6
"""A fact per region, shown to a person whose region nobody knows, lists so many regions at most."""

FILE_MAX: Final = 512 * 1024
"""Bytes of one knowledge file; a larger one is refused before it is parsed."""
