"""From the files of `knowledge/` to `Knowledge`, with everything that is wrong in their shape found in one run.

The core reads no folder: it is given the files. `bot.editing.folder` reads them from a disk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.knowledge.base import Knowledge
from bot.knowledge.bulk import without_collector
from bot.knowledge.fact_shape import fact_findings
from bot.knowledge.fields import Model
from bot.knowledge.findings import Finding, Severity, errors
from bot.knowledge.models import AllowedNumbers, Article, ArticleText, Fact, Phrases, Regions, Section, Service, Term
from bot.knowledge.places import Organisation
from bot.knowledge.shape import build
from bot.knowledge.yamlfile import parse_yaml, with_lines
from bot.languages.locales import Locale

_COLLECTIONS: Final[tuple[tuple[re.Pattern[str], type[Model], str], ...]] = (
    (re.compile(r"facts/[^/]+\.yaml$"), Fact, "fact"),
    (re.compile(r"organisations/[^/]+\.yaml$"), Organisation, "organisation"),
    (re.compile(r"services\.yaml$"), Service, "service"),
    (re.compile(r"lexicon/terms\.yaml$"), Term, "term"),
)
_SINGLE: Final[Mapping[str, tuple[type[Model], str]]] = {
    "regions.yaml": (Regions, "regions"),
    "lexicon/allowed_numbers.yaml": (AllowedNumbers, "allowed_numbers"),
    "lexicon/phrases.yaml": (Phrases, "phrases"),
}
_ARTICLE_FILE: Final = re.compile(r"articles/(?P<id>[^/.][^/]*)/(?P<name>[^/.][^/]*)\.yaml$")
_OTHER_ROOMS: Final = re.compile(r"(flows|letters|lexicon)/[^/]+\.yaml$")
_NOT_DATA: Final = re.compile(r"(schema|media)/|.*\.(md|txt|json|ogg|jpg|jpeg|png)$|(.*/)?\.")


@dataclass(frozen=True)
class FileResult:
    """What one file holds: items by kind and id, and what is wrong in it. The same content gives the same result."""

    items: tuple[tuple[str, str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    broken: tuple[str, ...] = ()
    """Things that stand here but cannot be read, as `fact:<id>`; links to them are not wrong."""


@dataclass(frozen=True)
class LoadResult:
    """What came of loading.

    knowledge: None where anything is wrong enough not to be served; partial: what could be read, for editors' tools;
    others: the data of files that other rooms understand (flows, letters, the rest of the lexicon), by path;
    broken: things that exist but cannot be read, as `fact:<id>`.
    """

    knowledge: Knowledge | None
    findings: tuple[Finding, ...]
    partial: Knowledge
    others: Mapping[str, Any] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


class Memory:
    """Results of files already read, by path and content, so that a reload reads only what changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, FileResult]] = {}

    def read(self, path: str, content: str | bytes, digest: bytes) -> FileResult:
        """Return the result of a file, read again only if its content is new."""
        known = self._known.get(path)
        if known is not None and known[0] == digest:
            return known[1]
        result = read_file(path, content)
        self._known[path] = (digest, result)
        return result

    def forget_others(self, paths: set[str]) -> None:
        """Drop the files that are gone."""
        for path in self._known.keys() - paths:
            del self._known[path]


def parse(files: Mapping[str, str | bytes], memory: Memory | None = None) -> LoadResult:
    """Read all files of a knowledge folder; keys are paths inside it with `/`.

    Finds wrong YAML, unknown and duplicate keys, wrong types and forms. What concerns several files at once
    (links, missing translations, texts) is found by `bot.knowledge.checks.run`.
    """
    memory = memory or Memory()
    digests = _digests(files)
    with without_collector():
        results = {path: memory.read(path, files[path], digests[path]) for path in sorted(files)}
    memory.forget_others(set(files))
    gathering = _Gathering()
    for path, result in results.items():
        gathering.add(path, result)
    knowledge = gathering.knowledge(_version(digests))
    findings = with_lines(gathering.findings, files)
    return LoadResult(None if errors(findings) else knowledge, findings, knowledge, gathering.others, gathering.broken)


def read_file(path: str, content: str | bytes) -> FileResult:
    """Read one file by what its path says it is."""
    article = _ARTICLE_FILE.match(path)
    if not article and _NOT_DATA.match(path):
        return FileResult()
    if not path.endswith(".yaml"):
        return FileResult(findings=(Finding("unknown-file", path, severity=Severity.WARNING, allowed=("*.yaml",)),))
    collection = next(
        ((model, kind) for pattern, model, kind in _COLLECTIONS if not article and pattern.match(path)), None
    )
    if not (article or collection or path in _SINGLE or path == "sections.yaml" or _OTHER_ROOMS.match(path)):
        return FileResult(findings=(Finding("unknown-file", path, allowed=_known_places()),))
    parsed = parse_yaml(content, path)
    if parsed.data is None:
        return FileResult(findings=parsed.findings)
    if article:
        result = _article_file(path, article["id"], article["name"], parsed.data)
    elif collection:
        result = _collection(path, *collection, parsed.data)
    elif path in _SINGLE:
        result = _single(path, parsed.data)
    elif path == "sections.yaml":
        result = _sections(path, parsed.data)
    else:
        result = FileResult((("other", path, parsed.data),))
    return FileResult(result.items, parsed.findings + result.findings, result.broken)


def _article_file(path: str, article_id: str, name: str, data: Any) -> FileResult:
    if name == "article":
        article, findings = build(Article, data, path)
        if article is not None and article.id != article_id:
            findings.append(Finding("id-not-folder", path, ("id",), values={"id": article.id}, allowed=(article_id,)))
        return FileResult((("article", article_id, article),) if article else (), tuple(findings))
    try:
        locale = Locale(name)
    except ValueError:
        allowed = ("article.yaml", *(f"{each}.yaml" for each in Locale))
        return FileResult(findings=(Finding("unknown-file", path, allowed=allowed),))
    text, findings = build(ArticleText, data, path, locale=locale)
    return FileResult((("text", article_id, (locale, text)),) if text else (), tuple(findings))


def _collection(path: str, model: type[Model], kind: str, data: Any) -> FileResult:
    if not isinstance(data, dict):
        values = {"expected": "mapping", "found": str(data)[:40], "kind": type(data).__name__}
        return FileResult(findings=(Finding("wrong-type", path, values=values),))
    items: list[tuple[str, str, Any]] = []
    findings: list[Finding] = []
    broken: list[str] = []
    for key, body in data.items():
        item, wrong = build(model, body, path, (str(key),), given={"id": str(key)})
        findings += wrong
        if isinstance(item, Fact):
            findings += fact_findings(item, path)
        if item is not None:
            items.append((kind, str(key), item))
        else:
            broken.append(f"{kind}:{key}")
    return FileResult(tuple(items), tuple(findings), tuple(broken))


def _single(path: str, data: Any) -> FileResult:
    model, kind = _SINGLE[path]
    item, findings = build(model, data, path)
    if isinstance(item, AllowedNumbers):
        for index, pattern in enumerate(item.patterns):
            try:
                re.compile(pattern)
            except re.error as error:
                values = {"value": pattern, "problem": str(error)}
                findings.append(Finding("bad-value", path, ("patterns", index), values=values))
                item = None
    return FileResult(((kind, path, item),) if item else (), tuple(findings))


def _sections(path: str, data: Any) -> FileResult:
    if not isinstance(data, list):
        values = {"expected": "list", "found": str(data)[:40], "kind": type(data).__name__}
        return FileResult(findings=(Finding("wrong-type", path, values=values),))
    built = [build(Section, body, path, (index,)) for index, body in enumerate(data)]
    items = tuple(("section", section.id, section) for section, _ in built if section is not None)
    return FileResult(items, tuple(finding for _, wrong in built for finding in wrong))


class _Gathering:
    """Puts the files together."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.others: dict[str, Any] = {}
        self.broken: frozenset[str] = frozenset()
        self._by_kind: dict[str, dict[str, Any]] = {}
        self._texts: dict[str, dict[Locale, ArticleText]] = {}
        self._origins: dict[str, str] = {}

    def add(self, path: str, result: FileResult) -> None:
        self.findings += result.findings
        self.broken |= frozenset(result.broken)
        for kind, key, item in result.items:
            if kind == "other":
                self.others[path] = item
            elif kind == "text":
                self._texts.setdefault(key, {})[item[0]] = item[1]
            else:
                self._add_once(kind, key, item, path)

    def knowledge(self, version: str) -> Knowledge:
        articles = {
            key: article.model_copy(update={"texts": self._texts.get(key, {})})
            for key, article in self._kind("article").items()
        }
        numbers = self._kind("allowed_numbers")
        return Knowledge(
            version=version,
            articles=articles,
            sections=tuple(self._kind("section").values()),
            facts=self._kind("fact"),
            organisations=self._kind("organisation"),
            services=self._kind("service"),
            terms=self._kind("term"),
            phrases=next(iter(self._kind("phrases").values()), None),
            regions=next(iter(self._kind("regions").values()), None),
            allowed_numbers=tuple(pattern for item in numbers.values() for pattern in item.patterns),
            origins=self._origins,
        )

    def _kind(self, kind: str) -> dict[str, Any]:
        return self._by_kind.get(kind, {})

    def _add_once(self, kind: str, key: str, item: Any, path: str) -> None:
        known = self._by_kind.setdefault(kind, {})
        if key in known:
            first = self._origins[f"{kind}:{key}"]
            self.findings.append(Finding("duplicate-id", path, (key,), values={"id": key, "first": first}))
            return
        known[key] = item
        self._origins[f"{kind}:{key}"] = path


def _known_places() -> tuple[str, ...]:
    return (
        "sections.yaml", "services.yaml", "regions.yaml", "facts/*.yaml", "organisations/*.yaml",
        "articles/<id>/article.yaml", "articles/<id>/<locale>.yaml", "lexicon/*.yaml", "flows/*.yaml", "letters/*.yaml",
    )  # fmt: skip


def version_of(files: Mapping[str, str | bytes]) -> str:
    """Return the version that the knowledge of these files has, without reading them."""
    return _version(_digests(files))


def _digests(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: _digest(content) for path, content in files.items()}


def _digest(content: str | bytes) -> bytes:
    return hashlib.blake2b(content.encode() if isinstance(content, str) else content, digest_size=16).digest()


def _version(digests: Mapping[str, bytes]) -> str:
    whole = hashlib.blake2b(digest_size=4)
    for path in sorted(digests):
        whole.update(path.encode() + b"\0" + digests[path])
    return whole.hexdigest()
