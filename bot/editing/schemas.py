"""The schemas of all files of a knowledge folder, as an editor's program completes and checks by while typing."""

from __future__ import annotations

from bot.knowledge import schemas as of_knowledge
from bot.triage import schemas as of_triage


def all_schemas() -> dict[str, str]:
    """Return the text of every schema file by its name, such as `facts.json` or `flow.json`."""
    return of_knowledge.json_schemas({**of_knowledge.FILES, **of_triage.FILES})


def all_settings() -> str:
    """Return the settings by which Visual Studio Code's YAML extension finds them."""
    return of_knowledge.editor_settings({**of_knowledge.PATTERNS, **of_triage.PATTERNS})
