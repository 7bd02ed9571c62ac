"""Agreements as word-processor files: the same rows as the PDF, in both languages, with their numbers as text.

A DOCX is a ZIP archive of WordprocessingML parts (ECMA-376). The parts are written here, without a library: a contract
needs styles, a table, a header and a footer and nothing else, and the bytes are the same each time. Numbers are text,
so that a word processor cannot renumber what the signed PDF has fixed. Each paragraph carries a bookmark that names the
clause, the paragraph and the item it came from; what the other side sends back is matched by it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from contributions.core.words import Text
from licensing.core import layouts
from licensing.core.documents import AgreementDocument
from licensing.core.layouts import ARTICLE, CHAPTER, ITEM, Row
from licensing.core.letterhead import Fact, Party

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BOOKMARK_MAX = 40
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = {CHAPTER: "Chapter", ARTICLE: "Article", ITEM: "Item"}
_WIDTH, _LABEL = 9070, 2700
_BOOKMARK = re.compile(r"(ja|en)_([a-z][a-z0-9_]*)")


def write(document: AgreementDocument) -> bytes:
    """The agreement as a DOCX file."""
    marks = _Marks()
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_rels(),
        "docProps/core.xml": _core(document),
        "docProps/custom.xml": _custom(document),
        "word/_rels/document.xml.rels": _document_rels(),
        "word/document.xml": _document(document, marks),
        "word/footer1.xml": _footer(document),
        "word/header1.xml": _header(document),
        "word/settings.xml": _HEAD + f'<w:settings xmlns:w="{_W}"><w:defaultTabStop w:val="420"/></w:settings>',
        "word/styles.xml": _styles(),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, content.encode())
    return out.getvalue()


def bookmark(key: str, language: str) -> str:
    """The bookmark of a place in one language; empty if the place has none.

    >>> bookmark("residency-on-board.3.1", "ja")
    'ja_residency_on_board__3__1'
    """
    name = f"{language}_{key.replace('-', '_').replace('.', '__')}"
    return name if key and len(name) <= BOOKMARK_MAX else ""


def place_of(name: str) -> tuple[str, str] | None:
    """Language and place of a bookmark of ours; nothing for anybody else's.

    >>> place_of("ja_residency_on_board__3__1")
    ('ja', 'residency-on-board.3.1')
    """
    match = _BOOKMARK.fullmatch(name)
    return (match[1], match[2].replace("__", ".").replace("_", "-")) if match else None


class _Marks:
    """Bookmark numbers, in the order of the document."""

    def __init__(self) -> None:
        self.number = 0

    def around(self, name: str, inner: str) -> str:
        if not name:
            return inner
        self.number += 1
        start = f'<w:bookmarkStart w:id="{self.number}" w:name={quoteattr(name)}/>'
        return f'{start}{inner}<w:bookmarkEnd w:id="{self.number}"/>'


def _document(document: AgreementDocument, marks: _Marks) -> str:
    side = document.tree.layout != layouts.AFTER
    body = "".join(_front(document, side))
    body += _side(document.rows, marks) if side else _single(document.rows, "ja", marks)
    body += "".join(_closing(document))
    if not side:
        body += _paragraph(_run(document.title.en), "Title", page_break=True)
        body += _paragraph(_run(document.tree.preamble.text.en), "Body", lang="en")
        body += _single(document.rows, "en", marks)
    body += "".join(_annexes(document))
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1588" w:right="1134" w:bottom="1531" w:left="1701" '
        'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}{section}</w:body></w:document>'


def _front(document: AgreementDocument, side: bool) -> Iterator[str]:
    tree = document.tree
    yield _paragraph(_run(document.title.ja), "Title")
    yield _paragraph(_run(document.title.en), "Subtitle", lang="en")
    if document.marks:
        yield _paragraph(_run(document.marks), "Mark")
    if side:
        yield _table([_pair(_cell_text(tree.preamble.text.ja), _cell_text(tree.preamble.text.en, "en"))])
    else:
        yield _paragraph(_run(tree.preamble.text.ja), "Body")
    yield _paragraph(_run("頭書　Key Terms"), "Section")
    yield _facts([(document.reference_label, document.reference), *((line.number, line.text) for line in tree.terms)])
    yield _paragraph(_run("条項　Articles" if side else "条項"), "Section")


def _side(rows: Sequence[Row], marks: _Marks) -> str:
    head = _pair(
        _cell_text("日本語（正文）", style="Column"), _cell_text("English (translation)", "en", "Column"), head=True
    )
    return _table([head, *(_pair(_set(row, "ja", marks), _set(row, "en", marks)) for row in rows)])


def _single(rows: Sequence[Row], language: str, marks: _Marks) -> str:
    return "".join(_set(row, language, marks) for row in rows)


def _set(row: Row, language: str, marks: _Marks) -> str:
    number, text = row.number.of(language), row.text.of(language)
    runs = (_run(number) + "<w:r><w:tab/></w:r>" if number else "") + marks.around(
        bookmark(row.key, language), _run(text)
    )
    style = _STYLES.get(row.kind, "Clause" if number else "Body")
    return _paragraph(runs, style, lang=language, keep=row.kind in (CHAPTER, ARTICLE) or row.opens)


def _closing(document: AgreementDocument) -> Iterator[str]:
    yield _paragraph(_run(document.closing.ja), "Body", keep=True)
    yield _paragraph(_run(document.closing.en), "Body", lang="en", keep=True)
    first, second = document.tree.roles
    blocks = [_party(first, document.licensor, document), _party(second, document.licensee, document)]
    yield _table([_pair(*blocks)], boxed=True)


def _party(role: Text, party: Party, document: AgreementDocument) -> str:
    lines = [
        f"住所　{party.address.ja}",
        party.address.en,
        f"名称　{party.name.ja}",
        party.name.en,
        f"代表者　{party.signatory.ja}",
        party.signatory.en,
        "（電子署名はPDFの正本に付する。）",
        "Signed electronically on the PDF original.",
    ]
    head = _paragraph(_run(f"{role.ja}　{role.en}"), "Column", keep=True)
    return head + "".join(_paragraph(_run(line), "Cell") for line in lines if line)


def _annexes(document: AgreementDocument) -> Iterator[str]:
    tree, annexes = document.tree, document.annexes
    if "prices" in annexes:
        yield _heading(annexes["prices"], Text("料金", "Prices"))
        head = (Text("報告期間の数量", "Quantity in a Reporting Period"), Text("単価（税抜）", "Price (before tax)"))
        yield _facts([head, *((row.range, row.price) for row in (*tree.tiers, *tree.conditions))])
        if document.pricing:
            yield _paragraph(_run(document.pricing.ja), "Body") + _paragraph(
                _run(document.pricing.en), "Body", lang="en"
            )
    if "particulars" in annexes:
        yield _heading(annexes["particulars"], Text("許諾モデルの明細", "Particulars of the Licensed Model"))
        yield _facts([_fact(fact) for fact in document.particulars])
    if "changes" in annexes:
        yield _heading(annexes["changes"], Text("新旧対照表", "Table of changes"))
        for change in tree.changes:
            yield _paragraph(_run(f"{change.place.ja}　{change.place.en}"), "Column", keep=True)
            yield _table([_pair(_both(change.before), _both(change.after))], boxed=True)


def _heading(label: Text, title: Text) -> str:
    return _paragraph(_run(f"{label.ja}　{title.ja}　{label.en}: {title.en}"), "Section", page_break=True)


def _fact(fact: Fact) -> tuple[Text, Text]:
    return fact.label, fact.value


def _facts(pairs: Sequence[tuple[Text, Text]]) -> str:
    return _table(
        [_pair(_both(label), _both(value)) for label, value in pairs], widths=(2700, _WIDTH - 2700), ruled=True
    )


def _both(text: Text) -> str:
    english = _cell_text(text.en, "en") if text.en and text.en != text.ja else ""
    return _cell_text(text.ja) + english


def _cell_text(text: str, language: str = "ja", style: str = "Cell") -> str:
    return _paragraph(_run(text), style, lang=language)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(_ILLEGAL.sub("", text))}</w:t></w:r>'


def _paragraph(runs: str, style: str, *, lang: str = "ja", keep: bool = False, page_break: bool = False) -> str:
    more = ("<w:keepNext/>" if keep else "") + ("<w:pageBreakBefore/>" if page_break else "")
    # Latin letters and figures are of a Latin language also in a Japanese line: else some word processors break 72
    # between its digits, as they would between two characters.
    runs = runs.replace("<w:r><w:t", '<w:r><w:rPr><w:lang w:val="en-GB" w:eastAsia="ja-JP"/></w:rPr><w:t')
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _pair(left: str, right: str, *, head: bool = False) -> tuple[str, str, bool]:
    return left, right, head


def _table(
    rows: Sequence[tuple[str, str, bool]],
    *,
    widths: tuple[int, int] = (_WIDTH // 2, _WIDTH - _WIDTH // 2),
    boxed: bool = False,
    ruled: bool = False,
) -> str:
    line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    sides = "top left bottom right insideV" if boxed else "top bottom insideH" if ruled else "insideV"
    borders = "".join(line.format(side) for side in sides.split())
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = (
        f'<w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(_row(row, widths) for row in rows)}</w:tbl>" + (
        _paragraph("", "Cell")
    )


def _row(row: tuple[str, str, bool], widths: tuple[int, int]) -> str:
    left, right, head = row
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content or _paragraph("", "Cell")}</w:tc>'
        for content, width in zip((left, right), widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def _header(document: AgreementDocument) -> str:
    text = "　".join(part for part in (document.reference.ja, document.marks) if part)
    return f'{_HEAD}<w:hdr xmlns:w="{_W}">{_paragraph(_run(text), "Small")}</w:hdr>'


def _footer(document: AgreementDocument) -> str:
    def field(name: str) -> str:
        return f'<w:fldSimple w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    runs = _run(f"契約データ sha-256 {document.digest}　") + field("PAGE") + _run(" / ") + field("NUMPAGES")
    return f'{_HEAD}<w:ftr xmlns:w="{_W}">{_paragraph(runs, "Small")}</w:ftr>'


def _core(document: AgreementDocument) -> str:
    made = document.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title.ja)} {escape(document.number)}</dc:title><dc:language>ja-JP</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created></cp:coreProperties>'
    )


def _custom(document: AgreementDocument) -> str:
    facts = {"agreement": document.number, "revision": str(document.revision), "terms-sha256": document.digest}
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(facts.items(), 2)
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    return f'{_HEAD}<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">{rows}</Properties>'


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    office = "application/vnd.openxmlformats-officedocument"
    overrides = {
        "/word/document.xml": f"{word}.document.main+xml",
        "/word/styles.xml": f"{word}.styles+xml",
        "/word/settings.xml": f"{word}.settings+xml",
        "/word/header1.xml": f"{word}.header+xml",
        "/word/footer1.xml": f"{word}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": f"{office}.custom-properties+xml",
    }
    listed = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _package_rels() -> str:
    return _relations(
        (f"{_R}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_R}/custom-properties", "docProps/custom.xml"),
    )


def _document_rels() -> str:
    names = ("styles", "settings", "header", "footer")
    files = ("styles.xml", "settings.xml", "header1.xml", "footer1.xml")
    return _relations(*((f"{_R}/{name}", file) for name, file in zip(names, files, strict=True)))


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _styles() -> str:
    gothic = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="ＭＳ ゴシック"/>'
    default = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:eastAsia="ＭＳ 明朝"/><w:sz w:val="21"/><w:lang w:val="en-GB" w:eastAsia="ja-JP"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="40" w:line="320" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    styles = {
        "Title": ('<w:jc w:val="center"/>', gothic + '<w:b/><w:sz w:val="34"/>'),
        "Subtitle": ('<w:jc w:val="center"/>', '<w:sz w:val="22"/>'),
        "Mark": ('<w:jc w:val="center"/>', gothic + '<w:b/><w:color w:val="A02A1C"/><w:sz w:val="18"/>'),
        "Section": ('<w:keepNext/><w:spacing w:before="360" w:after="120"/>', gothic + '<w:b/><w:sz w:val="24"/>'),
        "Chapter": ('<w:keepNext/><w:spacing w:before="300"/><w:jc w:val="center"/>', gothic + "<w:b/>"),
        "Article": ('<w:keepNext/><w:spacing w:before="200"/><w:outlineLvl w:val="0"/>', gothic + "<w:b/>"),
        "Body": ('<w:jc w:val="both"/>', ""),
        "Clause": ('<w:tabs><w:tab w:val="left" w:pos="480"/></w:tabs><w:ind w:left="480" w:hanging="480"/>', ""),
        "Item": ('<w:tabs><w:tab w:val="left" w:pos="960"/></w:tabs><w:ind w:left="960" w:hanging="540"/>', ""),
        "Cell": ('<w:spacing w:after="20" w:line="280" w:lineRule="auto"/>', '<w:sz w:val="19"/>'),
        "Column": ('<w:spacing w:before="60"/>', gothic + '<w:b/><w:sz w:val="18"/>'),
        "Small": ("", gothic + '<w:sz w:val="14"/>'),
    }
    written = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        for name, (paragraph, run) in styles.items()
    )
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{default}{written}</w:styles>'
