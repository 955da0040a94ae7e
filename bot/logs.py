"""Logs: one line a thing, for journald or a file. No level writes words, names, phones or ids of Telegram."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_SILENCED: Final = ("aiogram", "aiohttp", "asyncio", "alembic", "sqlalchemy")
"""Libraries whose messages may repeat what people wrote: only the fact that they complained is logged."""


def set_up_logs(level: str) -> None:
    """Begin logging to standard error at a level: debug, info, warning or error."""
    number = getattr(logging, level.upper())
    logging.basicConfig(handlers=[_Plain()], level=number, force=True)
    for name in _SILENCED:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_tracebacks_of_words,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_tracebacks_of_words(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep of an exception its kind and where it was raised, never its text: texts of errors may quote a person."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is not None:
            event["at"] = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
    return event


class _Plain(logging.Handler):
    """Passes on of a library's message only where it came from."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line without the message itself."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        sys.stderr.write(f"level={record.levelname.lower()} library={record.name} line={record.lineno} error={error}\n")
