"""When to offer another language; the person's own choice is never overridden.

The first language may be proposed from one clear message. Later a switch is offered (a question with a button)
when at least two of the last messages were clearly written in the same other language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.languages.detection import Detection
from bot.languages.locales import Locale

CLEAR_MARGIN: Final = 1.0
"""Evidence in nats per letter above which a message counts; measured with tests/evaluation."""
LOOKED_AT: Final = 4
"""How many of the last messages are looked at."""
NEEDED: Final = 2

_LOCALES: Final = {
    "ru": Locale.RU, "ru-Latn": Locale.RU, "ky": Locale.KY, "tg": Locale.TG, "uz-Latn": Locale.UZ,
    "uz-Cyrl": Locale.UZ_CYRL, "ro": Locale.RO, "ro-Cyrl": Locale.RO,
}  # fmt: skip


def locale_of(detection: Detection) -> Locale | None:
    """The locale in which a message of this kind is best answered; None for `other` and `unknown`."""
    return _LOCALES.get(detection.variant)


def first_locale(detection: Detection) -> Locale | None:
    """Propose a language to a person who has not chosen one, or None when the message is not clear."""
    return locale_of(detection) if detection.margin >= CLEAR_MARGIN else None


def switch_offer(chosen: Locale, last: Sequence[Detection]) -> Locale | None:
    """Return the locale to offer, or None.

    last: detections of the person's messages since the last choice or offer, oldest first. A clear message in the
    chosen locale among the last ones means that the person is at home there, and nothing is offered.
    """
    clear = [locale_of(detection) for detection in last[-LOOKED_AT:] if detection.margin >= CLEAR_MARGIN]
    votes = Counter(locale for locale in clear if locale is not None)
    if not votes or votes[chosen]:
        return None
    locale, count = votes.most_common(1)[0]
    return locale if count >= NEEDED else None
