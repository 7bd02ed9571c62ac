"""Word-processor files that came from outside: their paragraphs, and nothing of them that could act or reach out.

A DOCX is a package of XML parts. Before any text is taken the whole package is looked through, and refused with a
sentence that names the part, if it holds macros, embedded objects, anything fetched from outside, a document type or
entities, or unpacks to more than it should. What is read is the text with its tracked changes taken as made.
Source: ECMA-376 parts 1 and 2.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from contributions.core.errors import Refused
from contributions.core.words import Text

BYTES_MAX, UNPACKED_MAX, PARTS_MAX, RATIO_MAX, PARAGRAPHS_MAX = 20_000_000, 60_000_000, 1_000, 200, 20_000
RATIO_FROM = 1_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DOCUMENT, _TYPES = "word/document.xml", "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REACHING = ("attachedTemplate", "oleObject", "package", "aFChunk", "control", "frame", "subDocument", "externalLink")
_FETCHING = re.compile(
    r"(?i)^\s*(INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|MACROBUTTON|AUTOTEXT|HYPERLINK\s+(?!\\l))"
)
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})
_SPACES = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr"})


# What stands beside the text, by the root of its part: the element of each, and what it is called.
NOTES = {
    f"{_W}comments": Text("コメント", "Comment"),
    f"{_W}footnotes": Text("脚注", "Footnote"),
    f"{_W}endnotes": Text("文末脚注", "Endnote"),
}
_STRICT_ROOT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}document"


class FileRefused(Refused):
    code = "word-file-refused"
    ja = "このファイルは読み込めません。{part}：{reason}"
    en = "This file is not read. {part}: {reason}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as it reads with its changes made, and the bookmarks that begin in it."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A comment or note beside the text, and who wrote it as far as the file says."""

    kind: Text
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The paragraphs of a file, whether it holds tracked changes, and what is noted beside the text."""

    paragraphs: tuple[Paragraph, ...]
    tracked: bool
    notes: tuple[Note, ...] = ()


def read(content: bytes) -> Reading:
    """The text of a DOCX, or a refusal that names the part."""
    parts = _unpacked(content)
    trees = {name: _parsed(name, data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
    for name, tree in trees.items():
        _check_part(name, tree)
    if trees[_DOCUMENT].tag == _STRICT_ROOT:
        raise FileRefused(part=_DOCUMENT, reason=_STRICT)
    body = trees[_DOCUMENT].find(f"{_W}body")
    if body is None:
        raise FileRefused(part=_DOCUMENT, reason=_NO_TEXT)
    paragraphs = tuple(_paragraphs(body))
    if len(paragraphs) > PARAGRAPHS_MAX:
        raise FileRefused(part=_DOCUMENT, reason=_TOO_LONG)
    tracked = any(next(body.iter(f"{_W}{tag}"), None) is not None for tag in ("ins", "del", "moveTo", "moveFrom"))
    notes = tuple(note for tree in trees.values() if tree.tag in NOTES for note in _notes(tree))
    return Reading(paragraphs, tracked, notes)


def _notes(tree: ET.Element) -> Iterator[Note]:
    """The comments or notes of a part; the separators that a word processor keeps among them say nothing."""
    for node in tree:
        if text := " ".join(one.text for one in _paragraphs(node) if one.text):
            yield Note(NOTES[tree.tag], node.get(f"{_W}author", "")[:100], text)


def _unpacked(content: bytes) -> dict[str, bytes]:
    if len(content) > BYTES_MAX:
        raise FileRefused(part=_FILE, reason=_TOO_LARGE)
    if content.startswith(_OLE):
        raise FileRefused(part=_FILE, reason=_LOCKED)
    try:
        package = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileRefused(part=_FILE, reason=_NOT_A_FILE) from error
    with package:
        entries = package.infolist()
        _check_package(entries)
        try:
            parts = {entry.filename: _bounded(package, entry) for entry in entries if not entry.is_dir()}
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError) as error:
            raise FileRefused(part=_FILE, reason=_NOT_A_FILE) from error
    if _DOCUMENT not in parts or _TYPES not in parts:
        raise FileRefused(part=_FILE, reason=_NOT_A_FILE)
    return parts


def _check_package(entries: list[zipfile.ZipInfo]) -> None:
    """The package before a byte of it is unpacked: how many parts, how large, and what they are called."""
    if len(entries) > PARTS_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise FileRefused(part=_FILE, reason=_BOMB)
    if len({entry.filename for entry in entries}) != len(entries):
        raise FileRefused(part=_FILE, reason=_NOT_A_FILE)
    for entry in entries:
        name = entry.filename
        lowered = name.lower()
        if entry.flag_bits & 1:
            raise FileRefused(part=name, reason=_LOCKED)
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO_MAX * max(entry.compress_size, 1):
            raise FileRefused(part=name, reason=_BOMB)
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise FileRefused(part=name, reason=_NAME)
        if "vba" in lowered or "macro" in lowered:
            raise FileRefused(part=name, reason=_MACRO)
        if "/embeddings/" in lowered or "/activex/" in lowered or lowered.endswith((".ole", ".exe", ".js", ".vbs")):
            raise FileRefused(part=name, reason=_OBJECT)


def _bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part, never more of it than it said: what lies about its size is a bomb."""
    with package.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise FileRefused(part=entry.filename, reason=_BOMB)
    return data


def _parsed(name: str, data: bytes) -> ET.Element:
    """A part as a tree; a document type, and with it every entity, is refused before the tree is made."""

    def refuse(*_: object) -> None:
        raise FileRefused(part=name, reason=_ENTITY)

    scout = expat.ParserCreate()
    scout.StartDoctypeDeclHandler = refuse
    scout.EntityDeclHandler = refuse
    scout.ExternalEntityRefHandler = refuse
    try:
        scout.Parse(data, True)
        return ET.fromstring(data)
    except (expat.ExpatError, ET.ParseError, LookupError, ValueError) as error:
        raise FileRefused(part=name, reason=_BROKEN) from error


def _check_part(name: str, tree: ET.Element) -> None:
    """What a part may not hold: targets outside, templates and objects, fields that fetch, other files' text."""
    if name == _TYPES:
        if any("macroEnabled" in value or "vba" in value for node in tree for value in node.attrib.values()):
            raise FileRefused(part=name, reason=_MACRO)
        return
    if name.endswith(".rels"):
        for node in tree.iter(_RELATIONSHIP):
            kind = node.get("Type", "").rsplit("/", 1)[-1]
            if kind in _REACHING or kind == "vbaProject":
                reason = _MACRO if kind == "vbaProject" else _TEMPLATE if kind == "attachedTemplate" else _OBJECT
                raise FileRefused(part=name, reason=reason)
            if node.get("TargetMode", "").lower() == "external":
                raise FileRefused(part=name, reason=_outside(node.get("Target", "")))
        return
    for node in tree.iter():
        if node.tag in {f"{_W}altChunk", f"{_W}object", f"{_W}control", f"{_W}subDoc"}:
            raise FileRefused(part=name, reason=_OBJECT)
        field = node.text if node.tag == f"{_W}instrText" else node.get(f"{_W}instr")
        if field and _FETCHING.match(field):
            raise FileRefused(part=name, reason=_outside(field.strip()))


def _paragraphs(body: ET.Element) -> Iterator[Paragraph]:
    """Every paragraph in reading order. One whose end was deleted goes on in the next."""
    text, marks = "", []
    for node in body.iter(f"{_W}p"):
        pieces: list[str] = []
        _walk(node, pieces, marks)
        text += "".join(pieces)
        if node.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            continue
        yield Paragraph(text.strip(), tuple(marks))
        text, marks = "", []
    if text:
        yield Paragraph(text.strip(), tuple(marks))


def _walk(node: ET.Element, pieces: list[str], marks: list[str]) -> None:
    # an own stack: a hostile file may nest deeper than Python calls
    waiting = list(reversed(node))
    while waiting:
        child = waiting.pop()
        if child.tag in _DELETED or child.tag in {f"{_W}p", f"{_W}pPr", f"{_COMPATIBILITY}Fallback"}:
            continue
        if child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag in _SPACES:
            pieces.append(" ")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif child.tag == f"{_W}bookmarkStart":
            marks.append(child.get(f"{_W}name", ""))
        waiting += reversed(child)


def _outside(target: str) -> Text:
    shown = target[:80]
    return Text(
        f"外部への参照（{shown}）があります。参照を削除して保存し直してください。",
        f"It refers to something outside ({shown}). Take the reference out and save again.",
    )


_FILE = Text("ファイル全体", "the file as a whole")
_STRICT = Text(
    "「完全準拠のOpen XML」形式です。「Word 文書（.docx）」の形式で保存し直してください。",
    "It is of the form “Strict Open XML”. Save it as “Word Document (.docx)”.",
)
_NO_TEXT = Text("本文がありません。", "It has no text.")
_TOO_LONG = Text("段落が多すぎます。", "It has too many paragraphs.")
_TOO_LARGE = Text("20MBを超えています。", "It is larger than 20 MB.")
_LOCKED = Text(
    "暗号化されているか、古い形式です。パスワードを外し、DOCX形式で保存し直してください。",
    "It is encrypted, or of an old format. Take the password off and save as DOCX.",
)
_NOT_A_FILE = Text("DOCX形式のファイルではありません。", "It is not a DOCX file.")
_BOMB = Text("展開後の大きさが異常です。", "It unpacks to an abnormal size.")
_NAME = Text("部品の名前が不正です。", "A part has a name that is not allowed.")
_MACRO = Text(
    "マクロが含まれています。マクロなしのDOCX形式で保存し直してください。",
    "It holds macros. Save it as DOCX without macros.",
)
_OBJECT = Text(
    "埋込みオブジェクト又は他のファイルの取込みがあります。削除して保存し直してください。",
    "It embeds an object or takes in another file. Take it out and save again.",
)
_TEMPLATE = Text(
    "外部テンプレートへの参照があります。標準テンプレートに戻して保存し直してください。",
    "It refers to a template of its own. Return to the standard template and save again.",
)
_ENTITY = Text("文書型宣言又は実体が含まれています。", "It declares a document type or an entity.")
_BROKEN = Text("XMLとして読めません。", "It does not parse as XML.")
