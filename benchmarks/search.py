"""The search: quality, what each signal adds, latency, building time and memory at 64 and at 1,000 articles.

The thousand are the shipped articles and 936 more whose questions and texts are put together from words of the shipped
ones, so that every word of a message leads to many articles: harder for the search than a thousand real topics.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import psutil

from benchmarks.rig import ROOT
from bot.baselines import baselines
from bot.clock import SystemClock, moscow_date
from bot.editing.folder import read_folder
from bot.knowledge.checks import inspect
from bot.knowledge.search import SearchIndex
from bot.knowledge.search.calibration import SIGNALS, own_calibration
from bot.knowledge.search.documents import LocaleText, SearchDocument
from bot.knowledge.search.evaluation import Message, Score, evaluate
from bot.knowledge.search.gather import article_documents, organisation_documents, search_lexicon
from bot.knowledge.search.index import SearchLexicon
from bot.languages.detection import own_detector
from tests.evaluation.material import messages

SIZES = (64, 1000)
AIM_MS = {64: 10.0, 1000: 25.0}
AIM_BUILD_SECONDS, AIM_MB, AIM_WORST_MS = 2.0, 120.0, 50.0
HOSTILE = ("", "а", "м" * 4096, "помогите " * 400, "😀" * 500, "\u202e\u200f\u200d" * 300, "з̷̛͎а̸͠" * 400, "\x00\xff" * 900)
"""Empty, one letter, one long word, many words, emoji, marks of direction, letters under many marks, binary."""


def material(folder: Path) -> tuple[list[SearchDocument], list[SearchDocument], SearchLexicon]:
    """Return articles, organisations and lexicon of a knowledge folder."""
    load = inspect(read_folder(folder), moscow_date(SystemClock().now())).load
    articles, organisations = article_documents(load.partial), organisation_documents(load.partial)
    return list(articles), list(organisations), search_lexicon(load.partial, load.others)


def enlarged(articles: Sequence[SearchDocument], count: int) -> list[SearchDocument]:
    """Return `count` articles: the real ones, then such as are made of their words."""
    chance = random.Random(1)
    result = list(articles[:count])
    while len(result) < count:
        model = articles[len(result) % len(articles)]
        texts = {}
        for locale, text in model.texts.items():
            others = [chance.choice(articles).texts[locale] for _ in range(4)]
            words = [word for other in others for line in (*other.asks, other.body) for word in line.split()]

            def mixed(line: str, words: list[str] = words) -> str:
                return " ".join(chance.choice(words) for _ in line.split())

            texts[locale] = LocaleText(mixed(text.title), tuple(map(mixed, text.asks)), mixed(text.body))
        result.append(replace(model, id=f"made-{len(result)}", texts=texts))
    return result


def size_report(folder: Path, count: int) -> None:
    """Print one row about an index of `count` articles; meant to run in a fresh process."""
    articles, organisations, lexicon = material(folder)
    documents = [*enlarged(articles, count), *organisations]
    memory = psutil.Process().memory_info
    before, began = memory().rss, process_time()
    own_detector()
    detector = process_time() - began
    built = []
    for _ in range(3):
        began = process_time()
        index = SearchIndex.build(documents, lexicon)
        built.append(process_time() - began)
    grown = (memory().rss - before) / 1e6
    asked = [message.text for message in messages("test")]
    rounds = [_latencies(index, asked) for _ in range(5)]
    p50, p95, most = (min(values) for values in zip(*rounds, strict=True))
    worst = min(max(_latencies(index, HOSTILE)) for _ in range(5))
    print_row(count, min(built), detector, p50, p95, most, worst, grown)


def print_row(count: int, *numbers: float) -> None:
    """Print a row in Markdown."""
    built, detector, p50, p95, most, worst, grown = numbers
    sys.stdout.write(
        f"| {count} | {built:.2f} | {detector:.2f} | {p50:.1f} | {p95:.1f} | {AIM_MS[count]:.0f} | {most:.1f} "
        f"| {worst:.1f} | {grown:.0f} |\n"
    )
    sys.stdout.flush()


def _latencies(index: SearchIndex, texts: Iterable[str]) -> tuple[float, float, float]:
    times = []
    for text in texts:
        began = process_time()  # other programs on the machine must not count
        index.search(text)
        times.append(1e3 * (process_time() - began))
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]


def quality(folder: Path) -> None:
    """Print the scores on the test messages, the baselines beside, and what each signal adds."""
    articles, organisations, lexicon = material(folder)
    index = SearchIndex.build([*articles, *organisations], lexicon)
    tested = messages("test")
    report = evaluate(index, tested, baselines=baselines(articles))
    out = sys.stdout.write
    out(f"{len(tested)} test messages, {report.scores['all'].answerable} of them with an answer\n\n")
    out("| variant | with answer | first | first three | sure: right | sure: said | no answer: sure | likely ")
    out("| language 3+ words | 1–2 words |\n|---|---|---|---|---|---|---|---|---|---|\n")
    for variant, score in report.scores.items():
        shares = (score.first, score.three, score.sure_right, score.sure_said, score.pushed, score.offered)
        cells = " | ".join(_percent(share) for share in (*shares, score.language, score.language_short))
        out(f"| {variant} | {score.answerable} | {cells} |\n")
    out("\n| beside, on the same messages | first | first three |\n|---|---|---|\n")
    for name, scores in report.baselines.items():
        out(_row(name, scores["all"]))
    out("\n| ablation (weights not fitted anew) | first | first three |\n|---|---|---|\n")
    ablation(index, [*articles, *organisations], tested)


def ablation(index: SearchIndex, documents: Sequence[SearchDocument], tested: Sequence[Message]) -> None:
    """Print how the search does without each of its signals, and with each of them alone."""
    out, whole = sys.stdout.write, own_calibration()
    out(_row("all signals", evaluate(index, tested).scores["all"]))
    for signal in SIGNALS:
        left = index.with_calibration(whole.leaving_out(signal))
        out(_row(f"without `{signal}`", evaluate(left, tested).scores["all"]))
    for signal in SIGNALS:
        others = [name for name in SIGNALS if name != signal]
        alone = index.with_calibration(whole.leaving_out(*others))
        out(_row(f"`{signal}` alone", evaluate(alone, tested).scores["all"]))
    out(_row("without the concept lexicon", _score(documents, SearchLexicon.from_mappings({}, {}), tested)))


def _score(documents: Sequence[SearchDocument], lexicon: SearchLexicon, tested: Sequence[Message]) -> Score:
    return evaluate(SearchIndex.build(documents, lexicon), tested).scores["all"]


def _row(name: str, score: Score) -> str:
    return f"| {name} | {_percent(score.first)} | {_percent(score.three)} |\n"


def _percent(share: float) -> str:
    return "" if share != share else f"{100 * share:.1f} %"


def main(folder: Path) -> bool:
    """Measure and print; the numbers that have to hold are held by tests/evaluation and tests/search."""
    out = sys.stdout.write
    out("| articles | build s | of that, once: languages s | p50 ms | p95 ms | budget ms | longest ms ")
    out("| worst of hostile texts ms | memory MB |\n|---|---|---|---|---|---|---|---|---|\n")
    sys.stdout.flush()
    for count in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.search", str(folder), str(count)], cwd=ROOT, check=True)
    out("\n")
    quality(folder)
    return True


if __name__ == "__main__":
    size_report(Path(sys.argv[1]), int(sys.argv[2]))
