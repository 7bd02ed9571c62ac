"""Redlines as WordprocessingML with real tracked changes (w:ins, w:del), and nothing else that could act or reach out.

One paragraph holds one row in one language; a bookmark names its clause, row and language, so that a file that comes
back edited finds its clauses again although their numbers changed. The bytes are the same each time.
Source: ECMA-376 part 1, 17.13.5 (revisions) and 17.13.6 (bookmarks); part 2 (packages).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from contributions.core.words import Text
from licensing.core.differences import ADDED, REMOVED, Run
from licensing.core.redlines import SectionChange

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/header1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>'
    '<Override PartName="/word/footer1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>'
)
_RELATIONS = (
    _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="styles.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/>'
    '<Relationship Id="rId2" Target="header1.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"/>'
    '<Relationship Id="rId3" Target="footer1.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"/></Relationships>'
)
_STYLES = (
    _HEAD + f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="BIZ UDPMincho"/>'
    '<w:sz w:val="21"/><w:lang w:val="en-US" w:eastAsia="ja-JP"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:ind w:left="315" w:hanging="315"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Item"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:ind w:left="840" w:hanging="525"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Small"><w:name w:val="Small"/><w:basedOn w:val="Normal"/>'
    '<w:rPr><w:sz w:val="16"/></w:rPr></w:style>'
    "</w:styles>"
)


class Redline(Protocol):
    """What a redline prints."""

    changes: tuple[SectionChange, ...]

    @property
    def title(self) -> Text: ...
    @property
    def reference(self) -> Text: ...
    @property
    def marks(self) -> str: ...


def write(redline: Redline, *, author: str, at: datetime) -> bytes:
    """The whole contract with its changes tracked, under that author's name and instant."""
    stamp = f"w:author={quoteattr(author)} w:date={quoteattr(at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ'))}"
    body = "".join(_Body(stamp).paragraphs(redline))
    document = (
        f'{_HEAD}<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr>'
        '<w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/><w:pgSz'
        ' w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1701" w:right="1418" w:bottom="1701" w:left="1701" w:header="851" w:footer="851"'
        ' w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
            "word/document.xml": document,
            "word/footer1.xml": f'{_HEAD}<w:ftr xmlns:w="{W}">{_FOOTER}</w:ftr>',
            "word/header1.xml": f'{_HEAD}<w:hdr xmlns:w="{W}">{_small(_header(redline))}</w:hdr>',
            "word/styles.xml": _STYLES,
        }
    )


def _header(redline: Redline) -> str:
    text = "　".join(part for part in (redline.reference.ja, redline.marks) if part)
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _small(runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Small"/></w:pPr>{runs}</w:p>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


_FOOTER = _small(f'{_field("PAGE")}<w:r><w:t xml:space="preserve"> / </w:t></w:r>{_field("NUMPAGES")}')


def packed(parts: dict[str, str]) -> bytes:
    """The parts as a package whose bytes do not depend on the day."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def mark_of(key: str, language: str, row: int) -> str:
    """The bookmark of one row of a clause in one language. Word takes letters, digits and _, 40 at most.

    >>> mark_of("licensee-data", "ja", 2)
    'm_licensee_data_ja_2'
    """
    return f"m_{key.replace('-', '_')[:28]}_{language}_{row}"


class _Body:
    """The paragraphs of the document; revisions and bookmarks are numbered as they come."""

    def __init__(self, stamp: str) -> None:
        self.stamp, self.number = stamp, 0

    def paragraphs(self, redline: Redline) -> Iterator[str]:
        """Title, then clause by clause: Japanese, then English."""
        if redline.marks:
            yield self._paragraph("", [Run("same", redline.marks)])
        yield self._paragraph("Title", [Run("same", f"{redline.title.ja} / {redline.title.en}")])
        yield self._paragraph("", [Run("same", f"{redline.reference.ja} / {redline.reference.en}")])
        for change in redline.changes:
            for language in ("ja", "en"):
                yield from self._section(change, language)

    def _section(self, change: SectionChange, language: str) -> Iterator[str]:
        here = change.here
        heading = here.heading.of(language)
        framed = (f"（{heading}）" if language == "ja" else f" ({heading})") if heading else ""
        kind = change.kind if change.kind in {ADDED, REMOVED} else "same"
        yield self._paragraph("Heading2", [Run(kind, f"{here.label.of(language)}{framed}")])
        for at, row in enumerate(change.rows):
            runs = row.ja if language == "ja" else row.en
            number = (row.new_number or row.old_number or Text("", "")).of(language)
            gap = "　" if language == "ja" else " "
            lead = [Run(row.kind if row.kind in {ADDED, REMOVED} else "same", f"{number}{gap}")] if number else []
            style = "" if not number else "Item" if number[0] in "(（" else "Clause"
            yield self._paragraph(style, [*lead, *runs], mark_of(here.key, language, at))

    def _paragraph(self, style: str, runs: Sequence[Run], mark: str = "") -> str:
        whole = {run.kind for run in runs}
        properties = f'<w:pStyle w:val="{style}"/>' if style else ""
        if whole in ({ADDED}, {REMOVED}):
            # the paragraph's own end is part of the revision, else an empty line stays
            properties += f"<w:rPr>{self._revision('ins' if whole == {ADDED} else 'del', '')}</w:rPr>"
        inner = "".join(self._run(run) for run in runs)
        if mark:
            self.number += 1
            start = f'<w:bookmarkStart w:id="{self.number}" w:name={quoteattr(mark)}/>'
            inner = f'{start}{inner}<w:bookmarkEnd w:id="{self.number}"/>'
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"

    def _run(self, run: Run) -> str:
        tag = "w:delText" if run.kind == REMOVED else "w:t"
        text = f'<w:r><{tag} xml:space="preserve">{escape(run.text)}</{tag}></w:r>'
        if run.kind == ADDED:
            return self._revision("ins", text)
        return self._revision("del", text) if run.kind == REMOVED else text

    def _revision(self, tag: str, inner: str) -> str:
        self.number += 1
        head = f'w:{tag} w:id="{self.number}" {self.stamp}'
        return f"<{head}>{inner}</w:{tag}>" if inner else f"<{head}/>"
