"""Templates: the ordered tree of clauses a kind of contract is made of, with the variables that they ask for.

A template is data, and a published version of it never changes. Its entries name clauses, each with the version that
was approved when the template was published, and perhaps with a condition of the template's own; chapters (章) are
optional. The order of the contract is the order of the entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import conditions, variables
from licensing.core.variables import Schema

ROLES = (Text("許諾者", "Licensor"), Text("利用者", "Licensee"))
NAME = Text("本契約", "this Agreement")
ENTRIES_MAX = 300


class TemplateRefused(Refused):
    code = "template-refused"
    ja = "ひな形「{template}」は公開できません。{reason}"
    en = "The template “{template}” cannot be published. {reason}"


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One row of the key terms (頭書) in front of the contract."""

    label: Text
    text: Text
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the contract: the clause that stands there, in which version, and when."""

    clause: str
    version: int | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Entries under one heading (章); a template without chapters has one, without a heading."""

    heading: Text | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template."""

    id: str
    version: int
    title: Text
    preamble: Text
    terms: tuple[KeyTerm, ...]
    chapters: tuple[Chapter, ...]
    schema: Schema
    name: Text = NAME
    roles: tuple[Text, Text] = ROLES

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order of the contract."""
        return tuple(entry for chapter in self.chapters for entry in chapter.entries)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses' ids, in the order of the contract."""
        return tuple(entry.clause for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one clause, key term or variable from one version of a template to another."""

    kind: str
    subject: str
    change: str
    before: str
    after: str


def template(document: Mapping[str, object]) -> Template:
    """Read a template's document; a shape that is not a template is refused with its name."""
    try:
        return Template(
            id=str(document["id"]),
            version=int(str(document["version"])),
            title=_both(document["title"]),
            preamble=_both(document["preamble"]),
            terms=tuple(_term(row) for row in _rows(document.get("terms", []))),
            chapters=tuple(_chapters(document["clauses"])),
            schema=variables.schema(_rows(document["variables"])),
            name=_both(document.get("name", {"ja": NAME.ja, "en": NAME.en})),
            roles=_roles(document.get("roles")),
        )
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        reason = Text(f"形がひな形ではありません（{error}）。", f"It does not have the shape of a template ({error}).")
        raise TemplateRefused(template=str(document.get("id", "?")), reason=reason) from error


def pinned(document: Mapping[str, object], versions: Mapping[str, int]) -> dict[str, object]:
    """The document with the version of each clause written down, as it is published.

    >>> pinned({"clauses": ["fees", {"clause": "term", "when": "renewal"}]}, {"fees": 2, "term": 1})["clauses"]
    [{'clause': 'fees', 'version': 2}, {'clause': 'term', 'when': 'renewal', 'version': 1}]
    """

    def pin(row: object) -> object:
        if isinstance(row, Mapping) and "chapter" in row:
            return {**row, "clauses": [pin(one) for one in _list(row["clauses"])]}
        entry = {"clause": row} if isinstance(row, str) else dict(_mapping(row))
        name = str(entry["clause"])
        return entry if "version" in entry or name not in versions else {**entry, "version": versions[name]}

    return {**document, "clauses": [pin(row) for row in _list(document["clauses"])]}


def unpinned(document: Mapping[str, object]) -> dict[str, object]:
    """The document without the versions of its clauses, as a next version begins.

    >>> unpinned({"clauses": [{"clause": "fees", "version": 2}]})["clauses"]
    ['fees']
    """

    def loose(row: object) -> object:
        if isinstance(row, Mapping) and "chapter" in row:
            return {**row, "clauses": [loose(one) for one in _list(row["clauses"])]}
        entry = {"clause": row} if isinstance(row, str) else dict(_mapping(row))
        entry.pop("version", None)
        return entry if len(entry) > 1 else entry["clause"]

    return {**document, "clauses": [loose(row) for row in _list(document["clauses"])]}


def loosened(source: Template) -> Template:
    """The template without the versions of its clauses: as it would be made of the library of the day."""
    chapters = tuple(
        replace(chapter, entries=tuple(replace(entry, version=None) for entry in chapter.entries))
        for chapter in source.chapters
    )
    return replace(source, chapters=chapters)


def differences(before: Template, after: Template) -> list[Difference]:
    """What changed between two versions, clause by clause, in the order of the newer one; then terms and variables."""
    found = list(_changed("clause", _places(before), _places(after)))
    found += _changed("text", _front(before), _front(after))
    found += _changed("term", _terms(before), _terms(after))
    found += _changed("variable", _schema(before), _schema(after))
    return found


def _changed(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    kept = [name for name in after if name in before]
    order = [name for name in before if name in after]
    for name, value in after.items():
        if name not in before:
            yield Difference(kind, name, "added", "", value)
        elif before[name] != value:
            yield Difference(kind, name, "changed", before[name], value)
        elif kind == "clause" and kept.index(name) != order.index(name):
            yield Difference(kind, name, "moved", str(order.index(name) + 1), str(kept.index(name) + 1))
    for name, value in before.items():
        if name not in after:
            yield Difference(kind, name, "removed", value, "")


def _places(source: Template) -> dict[str, str]:
    return {
        entry.clause: " ".join(
            part
            for part in (
                f"@{entry.version}" if entry.version else "",
                f"[{entry.condition}]" if entry.condition else "",
                f"<{chapter.heading.ja}>" if chapter.heading else "",
            )
            if part
        )
        for chapter in source.chapters
        for entry in chapter.entries
    }


def _front(source: Template) -> dict[str, str]:
    first, second = source.roles
    texts = {"title": source.title, "name": source.name, "roles.1": first, "roles.2": second}
    return {name: f"{text.ja} / {text.en}" for name, text in (texts | {"preamble": source.preamble}).items()}


def _terms(source: Template) -> dict[str, str]:
    return {term.label.ja: f"{term.text.ja} / {term.text.en} {term.condition or ''}".strip() for term in source.terms}


def _schema(source: Template) -> dict[str, str]:
    return {
        name: " ".join(
            part
            for part in (
                f"{variable.label.ja} / {variable.label.en}",
                f"({variables.KINDS[variable.kind].ja})",
                "" if variable.required else "?",
                "" if variable.default is None else f"={variable.default}",
                " ".join(f"{code}: {text.ja} / {text.en}" for code, text in variable.choices.items()),
            )
            if part
        )
        for name, variable in source.schema.items()
    }


def _chapters(value: object) -> Iterator[Chapter]:
    rows = _list(value)
    if not rows:
        raise ValueError("clauses")
    loose: list[Entry] = []
    count = 0
    for row in rows:
        if isinstance(row, Mapping) and "chapter" in row:
            if loose:
                yield Chapter(None, tuple(loose))
                loose = []
            entries = tuple(_entry(one) for one in _list(row["clauses"]))
            count += len(entries)
            yield Chapter(_both(row["chapter"]), entries)
        else:
            loose.append(_entry(row))
            count += 1
    if loose:
        yield Chapter(None, tuple(loose))
    if count > ENTRIES_MAX:
        raise ValueError(f"clauses > {ENTRIES_MAX}")


def _entry(row: object) -> Entry:
    if isinstance(row, str):
        return Entry(row)
    fields = _mapping(row)
    version, condition = fields.get("version"), fields.get("when")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise ValueError(f"version {version!r}")
    if condition is not None:
        conditions.parse(str(condition))
    return Entry(str(fields["clause"]), version, None if condition is None else str(condition))


def _term(row: Mapping[str, object]) -> KeyTerm:
    condition = row.get("when")
    if condition is not None:
        conditions.parse(str(condition))
    return KeyTerm(_both(row["label"]), _both(row["text"]), None if condition is None else str(condition))


def _roles(value: object) -> tuple[Text, Text]:
    if value is None:
        return ROLES
    first, second = _rows(value)
    return _both(first), _both(second)


def _both(value: object) -> Text:
    fields = _mapping(value)
    return Text(str(fields["ja"]), str(fields["en"]))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("object")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _rows(value: object) -> list[Mapping[str, object]]:
    return [_mapping(row) for row in _list(value)]
