"""Fit `bot/knowledge/search/calibration.json` to the tuning messages, and remember how good the search is.

    python -m tests.evaluation.tune_search judge      # from the root of the project; takes about a minute
    python -m tests.evaluation.tune_search fit        # the weights of the signals too; takes some minutes
    python -m tests.evaluation.tune_search remember   # writes numbers.json, which the tests compare with
    python -m tests.evaluation.tune_search show       # prints all parts
    python -m tests.evaluation.tune_search cross      # *sure* per language, on messages the judges did not see

The test part is never fitted on. See docs/search.md.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bot.knowledge.search import calibration
from bot.knowledge.search.evaluation import PARTS, Report, evaluate
from bot.knowledge.search.tuning import cross_validated, fit, fit_judges

from .material import HERE, index, messages

NUMBERS = HERE / "numbers.json"


def numbers(report: Report) -> dict[str, dict[str, float]]:
    """What must not get worse: first, first three, per variant; and of how many messages with an answer."""
    return {
        variant: {"messages": score.answerable, "first": round(score.first, 4), "three": round(score.three, 4)}
        for variant, score in report.scores.items()
        if score.answerable
    }


def _show(report: Report) -> None:
    for variant, score in report.scores.items():
        parts = [
            f"{variant:8} {score.answerable:4} R@1 {score.first:6.1%} R@3 {score.three:6.1%}",
            f"MRR {score.reciprocal:.3f}",
            f"sure: said {score.sure_said:6.1%} right {score.sure_right:6.1%}",
            f"no answer: sure {score.pushed:6.1%} likely {score.offered:6.1%}",
            f"language {score.language:6.1%}, short {score.language_short:6.1%}",
        ]
        sys.stdout.write(" | ".join(parts) + "\n")
    if report.latency:
        sys.stdout.write("milliseconds: median {:.1f}, 95th {:.1f}, worst {:.1f}\n".format(*report.latency))


def main(command: str) -> None:
    """Run one of the five commands."""
    if command in ("fit", "judge"):
        start = calibration.own_calibration()
        untouched = messages("calibration")
        if command == "fit":
            fitted = fit(index(), messages("tuning"), start, untouched=untouched)
        else:
            fitted = fit_judges(index(), untouched, start)
        target = Path(calibration.__file__).with_name("calibration.json")
        target.write_text(json.dumps(fitted.to_mapping(), indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(f"written: {target.name}\n")
    elif command == "remember":
        found = {part: numbers(evaluate(index(), messages(part))) for part in PARTS if messages(part)}
        NUMBERS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    elif command == "cross":
        for variant, (count, said, right) in cross_validated(
            index(), messages("calibration"), calibration.own_calibration()
        ).items():
            sys.stdout.write(f"{variant:8} {count:4} sure: said {said:6.1%} right {right:6.1%}\n")
    else:
        for part in PARTS:
            if messages(part):
                sys.stdout.write(f"--- {part}\n")
                _show(evaluate(index(), messages(part), stopwatch=time.perf_counter))


if __name__ == "__main__":
    if sys.argv[2:] or not {"judge", "fit", "remember", "show", "cross"}.issuperset(sys.argv[1:]):
        raise SystemExit(__doc__)  # "judge --help" must not write
    main(sys.argv[1] if len(sys.argv) > 1 else "show")
