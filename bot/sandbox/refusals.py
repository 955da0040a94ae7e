"""What the local Telegram answers when it says no.

    HotlineError
    └── Refused               one Bot API error: code, description, response parameters

The descriptions are Telegram's own wording where it is known, because programs compare them.
"""

from __future__ import annotations

from typing import Any

from bot.errors import HotlineError


class Refused(HotlineError):
    """A Bot API request was refused; carries `code` (HTTP status), `description` and `parameters` of the answer."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body that Telegram would send."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(description: str, **parameters: int) -> Refused:
    """Return a 400 with Telegram's prefix."""
    return Refused(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refused:
    """Return a 403 with Telegram's prefix."""
    return Refused(403, f"Forbidden: {description}")


def too_many(retry_after: int) -> Refused:
    """Return a 429 that asks to wait `retry_after` seconds."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
