"""The translations of the pages, without any system tool: compile, check, update, merge.

    python -m config.messages compile        locale/*/LC_MESSAGES/*.po → .mo, where the .po is newer
    python -m config.messages check          every text of templates and code has its Japanese, and nothing is left over
    python -m config.messages update         adds what is new (without translation), drops what is gone
    python -m config.messages merge FILE…    takes translations from other .po files

The source language is English: the texts in templates and doors are the English pages. The core has no gettext;
what it says carries both languages itself.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "ja"
CATALOGUE = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
CODE = ("config", "contributions", "licensing")
TEMPLATES = ("templates",)

#: function → which argument is what
CALLS = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """One text as it stands in the source."""

    id: str
    plural: str | None
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.id


class Unreadable(Exception):
    """A call whose text is not written out, so that no catalogue can hold it."""


# ---- reading the source ---------------------------------------------------------------------------------------------
def name_of(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def message_of(call: ast.Call, place: str) -> Message:
    """`ngettext("one day", "%(n)s days", n)` → Message("one day", "%(n)s days", None, place)."""
    found = {}
    for role, argument in zip(CALLS[name_of(call)], call.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise Unreadable(f"{place}: the {role} of {name_of(call)}() must be written out as one text")
        found[role] = argument.value
    return Message(found["id"], found.get("plural"), found.get("context"), place)


def in_code(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node) in CALLS and node.args:
            yield message_of(node, f"{path.relative_to(ROOT)}:{node.lineno}")


def in_template(path: Path) -> Iterator[Message]:
    """Django turns a template into text in which only its translation calls are left; each is read as Python."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in re.finditer(r"(?<![\w.])(" + "|".join(sorted(CALLS, key=len, reverse=True)) + r")\(", text):
        line = text.count("\n", 0, match.start()) + 1
        call = ast.parse(_call(text[match.start() :]), mode="eval").body
        yield message_of(call, f"{path.relative_to(ROOT)}:{line}")  # type: ignore[arg-type]


def _call(text: str) -> str:
    """The call that `text` begins with, up to its closing parenthesis."""
    depth, lines = 0, text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0) if token.type == tokenize.OP else 0
        if token.string == ")" and depth == 0:
            row, column = token.end
            return "".join(lines[: row - 1]) + lines[row - 1][:column]
    raise AssertionError(f"no end of call in {text[:80]!r}")


def sources() -> list[Message]:
    """Every message of the source, sorted by text; the same text twice is one message."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: dict[tuple[str | None, str], Message] = {}
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for message in in_code(path):
                found.setdefault(message.key, message)
    for folder in (*TEMPLATES, *CODE):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"} and path.is_file():
                for message in in_template(path):
                    known = found.setdefault(message.key, message)
                    if message.plural and not known.plural:
                        found[message.key] = message
    return sorted(found.values(), key=lambda message: (message.id, message.context or ""))


# ---- the catalogue --------------------------------------------------------------------------------------------------
def catalogue() -> polib.POFile:
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=110)
    file = polib.POFile(wrapwidth=110)
    file.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return file


def by_key(file: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in file if not entry.obsolete}


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def faults(message: Message, entry: polib.POEntry | None) -> Iterator[str]:
    """What is wrong with the translation of one message."""
    if entry is None:
        yield "is not in the catalogue"
        return
    if bool(message.plural) != bool(entry.msgid_plural):
        yield "is a plural in one place and not in the other"
        return
    if entry.fuzzy:
        yield "is marked fuzzy"
    for text in texts(entry):
        if not text.strip():
            yield "has no Japanese text"
        elif unknown := placeholders(text) - placeholders(message.id) - placeholders(message.plural or ""):
            yield f"names {', '.join(sorted(unknown))}, which the source does not give"
        elif not message.plural and (lost := placeholders(message.id) - placeholders(text)):
            yield f"leaves out {', '.join(sorted(lost))}"


# ---- commands -------------------------------------------------------------------------------------------------------
def compile_all() -> int:
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))
            print(f"  translations: {path.relative_to(ROOT)}")
    return 0


def check() -> int:
    entries, wanted = by_key(catalogue()), sources()
    wrong = [f"{m.place}: {m.id!r} {fault}" for m in wanted for fault in faults(m, entries.get(m.key))]
    gone = sorted(entries.keys() - {message.key for message in wanted}, key=lambda key: key[1])
    wrong += [f"locale/{LANGUAGE}: {text!r} is used nowhere" for _, text in gone]
    print("\n".join(wrong) if wrong else f"translations: {len(wanted)} texts, all in Japanese")
    return 1 if wrong else 0


def rebuild(translations: dict[tuple[str | None, str], polib.POEntry]) -> polib.POFile:
    """A catalogue of exactly the source's messages, each with the translation that is known."""
    file = catalogue()
    file.clear()
    for message in sources():
        known = translations.get(message.key)
        entry = polib.POEntry(msgid=message.id, msgctxt=message.context)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: texts(known)[0] if known else ""}
        elif known:
            entry.msgstr = texts(known)[0]
        file.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(CATALOGUE))
    return file


def update() -> int:
    file = rebuild(by_key(catalogue()))
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(file)} texts, {len(file.untranslated_entries())} without translation")
    return 0


def merge(paths: list[Path]) -> int:
    """The catalogue's own translation stays; two files that disagree are named."""
    known = {key: entry for key, entry in by_key(catalogue()).items() if any(texts(entry))}
    for path in paths:
        for key, entry in by_key(polib.pofile(str(path))).items():
            if not any(texts(entry)):
                continue
            first = known.setdefault(key, entry)
            if texts(first)[0] != texts(entry)[0]:
                print(f"{path}: {key[1]!r} is already {texts(first)[0]!r}, not {texts(entry)[0]!r}")
    file = rebuild(known)
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(file)} texts, {len(file.untranslated_entries())} without translation")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["compile", "check", "update", "merge"])
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.command == "merge":
        return merge(options.files)
    try:
        return {"compile": compile_all, "check": check, "update": update}[options.command]()
    except Unreadable as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
