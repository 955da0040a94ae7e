"""Independent judges of what the hotline sends: the specification of the Bot API, and Telegram's own text code.

They live in `../shared/rigs` beside the project and are absent on a user's machine; tests that need them are skipped
there, with the reason printed.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

RIGS = Path(__file__).parents[3] / "shared" / "rigs"
needs_rigs = pytest.mark.skipif(not RIGS.is_dir(), reason=f"skipped: the judges are not on this machine: {RIGS}")

_TEXTS = (("text", "entities"), ("caption", "caption_entities"))
_ENTITY_TYPES = {
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
}


def load(name: str) -> Any:
    """Import one of the judges."""
    if str(RIGS) not in sys.path:
        sys.path.append(str(RIGS))
    spec = importlib.util.spec_from_file_location(name, RIGS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


class Judge:
    """Looks at every request. `problems` counts what is wrong, `seen` what was looked at, by method."""

    def __init__(self) -> None:
        self._checker = load("spec_check").Checker(RIGS / "botapi-10.3.json")
        self.problems: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    @classmethod
    def find(cls) -> Judge | None:
        """Return a judge, or None on a machine without one."""
        return cls() if RIGS.is_dir() else None

    def look(self, method: str, params: dict[str, Any]) -> None:
        """Judge one request, its parameters as on the wire."""
        self.seen[method] += 1
        for problem in self._checker.check(method, params):
            self.problems[problem] += 1
        for text, entities in _TEXTS:
            if text in params and params.get(entities):
                self._formatting(method, str(params[text]), params[entities])

    def _formatting(self, method: str, text: str, entities: str | list[dict[str, Any]]) -> None:
        """Let TDLib, on which Telegram's own Bot API server is built, read a text with its entities."""
        import tdjson

        listed = json.loads(entities) if isinstance(entities, str) else entities
        formatted = {"@type": "formattedText", "text": text, "entities": [_entity(each) for each in listed]}
        question = json.dumps({"@type": "getMarkdownText", "text": formatted}).encode()
        answer = json.loads(tdjson.td_execute(question))
        if answer["@type"] == "error":
            self.problems[f"{method}.entities: {answer['message']}"] += 1
        length = len(text.encode("utf-16-le")) // 2
        for each in listed:
            if not 0 <= each["offset"] < each["offset"] + each["length"] <= length:
                self.problems[f"{method}.entities: {each['type']} lies outside of the text"] += 1


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    name = _ENTITY_TYPES.get(entity["type"], entity["type"].title().replace("_", ""))
    kind = {"@type": f"textEntityType{name}"} | ({"url": entity["url"]} if "url" in entity else {})
    return {"@type": "textEntity", "offset": entity["offset"], "length": entity["length"], "type": kind}
