"""Documents on paper that lasts: HTML and CSS to PDF/A-3a with PDF/UA-1 marks, byte for byte the same each time.

WeasyPrint draws; this module takes away everything that could differ between two runs or reach outside: fonts come from
a private list (BIZ UDP Gothic and Mincho, with IPAmj Mincho for the names they lack), nothing is fetched but what the
caller hands over, and every date is the document's. `write` fills a print template with a document's facts.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import tempfile
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import weasyprint
from django.template import Context, Engine
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from contributions.core.errors import Refused

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FONT_FOLDERS = ("bizud-gothic", "bizud-mincho", "ipamj")
FONT_ROOT = Path("/usr/share/fonts/truetype")
FONT_PACKAGES = "fonts-morisawa-bizud-gothic fonts-morisawa-bizud-mincho fonts-ipamj-mincho"

_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir prefix="xdg">fontconfig</cachedir>
<match target="pattern">
<test qual="all" name="family" compare="not_eq"><string>IPAmjMincho</string></test>
<edit name="family" mode="append" binding="weak">
<string>BIZ UDPMincho</string><string>IPAmjMincho</string></edit></match>
</fontconfig>
"""

# WeasyPrint writes PDF/A-3a; the PDF/UA-1 mark stands beside it, declared as PDF/A demands of any added property.
_UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

# WeasyPrint shares one font map; two renderings, or a rendering and the set-up of fonts, must not meet in it.
_drawing = threading.RLock()
logging.getLogger("fontTools").setLevel(logging.WARNING)


class FontsMissing(Refused):
    code = "fonts-missing"
    ja = "PDFの作成に必要なフォントがありません（{missing}）。apt-get install {packages} を実行してください。"
    en = "Fonts needed for PDF are missing ({missing}). Run: apt-get install {packages}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF, machine-readable beside the page."""

    name: str
    data: bytes
    description: str
    media_type: str = "application/json"


class Bundled(URLFetcher):
    """Gives out only the assets handed to it under `asset:name`; files, networks and data URLs are refused."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",))
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        data = self._assets.get(url.removeprefix("asset:")) if url.startswith("asset:") else None
        if data is None:
            raise FatalURLFetchingError(f"a document may not reach {url[:80]}")
        return URLFetcherResponse(url, body=data)


@cache
def fonts() -> FontConfiguration:
    """The one font configuration of the process: our three families and nothing else of the machine's."""
    folders = [FONT_ROOT / name for name in FONT_FOLDERS]
    missing = [str(folder) for folder in folders if not any(folder.glob("*.[to]tf"))]
    if missing:
        raise FontsMissing(missing=", ".join(missing), packages=FONT_PACKAGES)
    with _drawing, tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as conf:
        conf.write(_FONTS_CONF.format(folders="\n".join(f"<dir>{folder}</dir>" for folder in folders)))
        conf.flush()
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = conf.name
        try:
            return FontConfiguration()
        finally:
            _restore("FONTCONFIG_FILE", before)


def page(name: str, document: object) -> str:
    """A print template of templates/documents filled with a document's facts."""
    return _engine().get_template(f"documents/{name}").render(Context({"document": document}))


def write(document: Any, attachments: Sequence[Attachment] = ()) -> bytes:
    """A document of `licensing.core.documents` as an unsigned PDF."""
    return render(
        page(document.template, document),
        stylesheet(),
        attachments=attachments,
        identifier=hashlib.sha256(document.identity.encode()).digest()[:16],
        title=_named(document.title.ja, document.reference.ja),
        lang="ja",
        created=document.made_at,
    )


def _named(title: str, reference: str) -> str:
    """The title as a reader's window and a search show it: what the paper is, and which one of them."""
    return reference if reference.startswith(title) else f"{title}　{reference}"


@cache
def stylesheet() -> str:
    """The one style sheet of all printed documents."""
    return (TEMPLATES / "documents" / "document.css").read_text(encoding="utf-8")


def render(
    html: str,
    css: str,
    *,
    attachments: Sequence[Attachment] = (),
    identifier: bytes,
    title: str,
    lang: str,
    created: datetime,
    assets: Mapping[str, bytes] | None = None,
) -> bytes:
    """HTML and CSS to a PDF/A-3a file that is also PDF/UA-1; the same arguments give the same bytes.

    `created` is the document's own instant; `identifier` its 16 bytes of file identifier. Two calls never run at once
    in a process, since the shared fonts are not made for threads.
    """
    assert len(identifier) == 16 and created.tzinfo is not None
    created = created.astimezone(UTC)
    fetcher = Bundled(assets or {})
    with _drawing:
        pages = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=fetcher).render(
            stylesheets=[_parsed(css)],
            font_config=fonts(),
            pdf_variant="pdf/a-3a",
        )
        metadata = pages.metadata
        metadata.title, metadata.lang = title, lang
        metadata.created = metadata.modified = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        drawn = pages.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier,
            uncompressed_pdf=True,  # pikepdf packs the streams: a third of the time, and one zlib on every machine
            finisher=_mark,
            attachments=[_attached(attachment, created) for attachment in attachments],
        )
    del pages
    gc.collect(1)  # a layout's boxes refer to each other; taken away young, they cost little and memory stays flat
    return _settled(drawn, attachments)


def _attached(attachment: Attachment, created: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        file_obj=BytesIO(attachment.data),
        name=attachment.name,
        description=attachment.description,
        relationship="Data",
        created=created,
        modified=created,
    )


def _mark(document: Any, pdf: Any) -> None:
    """Add the PDF/UA mark inside the metadata's one RDF element."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    assert metadata.stream[0].count(b"</rdf:RDF>") == 1
    metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", _UA_MARK + b"</rdf:RDF>")


def _settled(drawn: bytes, attachments: Sequence[Attachment]) -> bytes:
    """Name each attachment once, state its type, pack the streams, and leave objects plain: signing stays fast."""
    media = {attachment.name: attachment.media_type for attachment in attachments}
    with pikepdf.open(BytesIO(drawn)) as pdf:
        if "/AF" in pdf.Root:
            files = {spec.objgen: spec for spec in pdf.Root.AF}
            pdf.Root.AF = pikepdf.Array(list(files.values()))
            for spec in files.values():
                spec.EF.F.Subtype = pikepdf.Name("/" + media[str(spec.UF)])
        packed = _saved(pdf)
    if b"\r\nendstream" not in packed:  # looking through all objects costs as much as a page; few files need it
        return packed
    with pikepdf.open(BytesIO(packed)) as pdf:
        for stream in pdf.objects:
            if isinstance(stream, pikepdf.Stream) and stream.read_raw_bytes()[-1:] == b"\r":
                _pad(stream)
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The file with streams packed, its metadata readable as PDF/A asks, and an identifier made of its content."""
    out = BytesIO()
    pdf.save(
        out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True, fix_metadata_version=False
    )
    return out.getvalue()


def _pad(stream: pikepdf.Stream) -> None:
    """Lengthen a stream whose last byte, by chance, is a carriage return.

    Before the line feed that ends a stream it would read as a part of that line end, and the stream's length as one too
    long. The last byte of compressed data is that of its Adler-32 sum, so that another sum is looked for.
    """
    data = stream.read_bytes()
    pad = b"\1" if "/Length1" in stream or "/Subtype" in stream else b"\n"  # a nought would leave the sum as it is
    while zlib.adler32(data) & 0xFF in b"\r\n":
        data += pad
    if "/Length1" in stream:
        stream.Length1 = len(data)
    stream.write(data)


@cache
def _parsed(css: str) -> weasyprint.CSS:
    """A style sheet read once; it reaches for nothing, so that no document's assets are in it."""
    return weasyprint.CSS(string=css, font_config=fonts(), url_fetcher=Bundled({}))


@cache
def _engine() -> Engine:
    return Engine(dirs=[TEMPLATES], autoescape=True)


def _restore(name: str, before: str | None) -> None:
    if before is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = before
