"""What fits into a callback and on the screen of an old phone, named once."""

from __future__ import annotations

from typing import Final

ID_MAX: Final = 12
"""Letters of the id of a step, a choice or an outcome: a callback has 64 bytes for all of them."""
FLOW_TITLE_MAX: Final = 40
STEP_TEXT_MAX: Final = 500
HELP_MAX: Final = 400
CHOICE_MAX: Final = 34
"""Characters of a button."""
CHOICES_MAX: Final = 12
"""Buttons of one question. An old phone shows about eight with the common ones; more where nobody may miss theirs."""
SEVERAL_MAX: Final = 10
OUTCOME_TEXT_MAX: Final = 900
CHECKLIST_MAX: Final = 12
CHECKLIST_ITEM_MAX: Final = 220
FIRST_MAX: Final = 500
"""What the operator should know first."""
ANSWER_TEXT_MAX: Final = 1000
"""Characters of a free answer that are kept in the state; the whole message reaches the operator anyway."""
LIST_MAX: Final = 40
"""Trips or payments in one list."""
