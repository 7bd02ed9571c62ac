"""Printed documents: PDF/A-3a and PDF/UA-1, the same bytes each time, and nothing reached from outside."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import documents
import page as validator
import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from contributions.core import canonical
from contributions.core.words import Text
from licensing.adapters import pdf

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
SAMPLES = ["agreement", "after", "invoice", "statement", "report"]
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    attachment = pdf.Attachment("agreement.json", canonical.dumps(documents.agreement_json()), "契約データ")
    made = {name: pdf.write(getattr(documents, name)()) for name in SAMPLES[2:]}
    side = documents.agreement()
    after = dataclasses.replace(side, tree=dataclasses.replace(side.tree, layout="after"))
    return made | {"agreement": pdf.write(side, [attachment]), "after": pdf.write(after, [attachment])}


def text_of(data: bytes, tmp_path: Path) -> str:
    (tmp_path / "x.pdf").write_bytes(data)
    run = subprocess.run(["pdftotext", "-layout", str(tmp_path / "x.pdf"), "-"], capture_output=True, check=True)
    return run.stdout.decode()


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_a_document_conforms_to_pdf_a_3a_and_pdf_ua_1(printed, name, profile):
    report = validator.validate_pdf_bytes(printed[name], profile=profile)
    assert "0 failed, " in str(report), str(report)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_passes_qpdf_and_lacks_nothing_of_its_structure(printed, name, tmp_path):
    (tmp_path / "x.pdf").write_bytes(printed[name])
    run = subprocess.run(["qpdf", "--check", str(tmp_path / "x.pdf")], capture_output=True, check=False)
    assert run.returncode == 0 and documents.structural_faults(printed[name]) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_stream_ends_on_a_byte_that_reads_as_its_line_end(printed, name):
    with pikepdf.open(BytesIO(printed[name])) as paper:
        last = {stream.read_raw_bytes()[-1:] for stream in paper.objects if isinstance(stream, pikepdf.Stream)}
    assert last and b"\r" not in last


@pytest.mark.parametrize("font", [False, True])
@pytest.mark.parametrize("last", [b"\x0c", b"\x09"])  # with the one that the sum begins at: carriage return, line feed
def test_a_stream_that_would_end_so_is_lengthened_whatever_it_holds(font, last):
    with pikepdf.new() as paper:
        stream = paper.make_stream(last)
        if font:
            stream.Length1 = 1
        pdf._pad(stream)
        data = stream.read_bytes()
        assert data.startswith(last) and len(data) > 1 and zlib.adler32(data) & 0xFF not in b"\r\n"
        assert not font or stream.Length1 == len(data)


def test_a_file_is_named_by_what_it_is_and_which_and_tells_of_nobody_who_made_it(printed):
    named = {
        "agreement": "基盤モデル利用許諾契約書　L-2026-0014　第2版",
        "invoice": "請求書　INV-2026-0007",
    }
    for name, content in printed.items():
        with pikepdf.open(BytesIO(content)) as document:
            info, xmp = document.docinfo, document.Root.Metadata.read_bytes().decode()
            assert set(info) == {"/CreationDate", "/ModDate", "/Producer", "/Title"}, name
            assert str(info.Title) in xmp and "dc:creator" not in xmp and str(document.Root.Lang) == "ja"
            assert str(info.Title) == named.get(name, str(info.Title))
            assert any(part.isdigit() for part in str(info.Title)), name


def test_only_our_fonts_are_used_and_all_are_embedded(printed):
    with pikepdf.open(BytesIO(printed["agreement"])) as document:
        names = {str(thing.BaseFont).split("+")[1] for thing in document.objects if _is_font(thing)}
    assert names <= {"BIZ-UDPGothic", "BIZ-UDPGothic-Bold", "BIZ-UDPMincho", "BIZ-UDGothic", "IPAmjMincho"}
    assert "IPAmjMincho" in names, "𠮷 is set from the fallback"


def test_rare_names_survive(printed, tmp_path):
    text = text_of(printed["agreement"], tmp_path)
    assert "髙﨑" in text and "𠮷田" in text


def test_every_page_carries_number_digest_marks_and_page_count(printed, tmp_path):
    pages = text_of(printed["agreement"], tmp_path).split("\f")[:-1]
    digest = documents.agreement().digest
    for number, text in enumerate(pages, 1):
        for expected in ("L-2026-0014", digest, "見本・架空", "試験用署名・法的効力なし", f"{number} / {len(pages)}"):
            assert expected in text, (number, expected)


def test_the_signature_block_stands_on_one_page(printed, tmp_path):
    pages = text_of(printed["agreement"], tmp_path).split("\f")
    (signing,) = [text for text in pages if "電子署名欄「Licensor」" in text]
    assert "電子署名欄「Licensee」" in signing and "髙﨑" in signing


def test_the_agreement_carries_its_data_once(printed):
    with pikepdf.open(BytesIO(printed["agreement"])) as document:
        assert len(document.Root.AF) == 1
        assert document.Root.AF[0].AFRelationship == "/Data"
        attached = document.attachments["agreement.json"].get_file()
        assert attached.mime_type == "application/json"
        assert canonical.sha256_hex(attached.read_bytes()) == documents.agreement().digest


@pytest.mark.slow
def test_the_same_document_gives_the_same_bytes_in_another_process(printed, tmp_path):
    code = (
        "import sys; sys.path[:0] = ['.', 'tests']\n"
        "import django; django.setup()\n"
        "import documents; from licensing.adapters import pdf\n"
        "sys.stdout.buffer.write(pdf.write(documents.invoice()))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout == printed["invoice"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1/x.png", "data:image/png;base64,AA", "asset:other"]
)
def test_a_document_reaches_nothing_but_what_it_was_given(url):
    with pytest.raises(FatalURLFetchingError):
        draw(f'<p>x<img src="{url}" alt="x"></p>')


def test_text_of_others_is_escaped_in_a_template():
    document = dataclasses.replace(documents.invoice(), subject=Text("<img src=x>", "<b>"))
    assert "<img" not in pdf.page("invoice.html", document)


def test_missing_fonts_are_named_with_the_packages_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONT_ROOT", tmp_path)
    pdf.fonts.cache_clear()
    try:
        with pytest.raises(pdf.FontsMissing) as refusal:
            pdf.fonts()
        assert "fonts-ipamj-mincho" in refusal.value.text("ja")
    finally:
        pdf.fonts.cache_clear()


def draw(body: str) -> bytes:
    html = f"<html lang=ja><head><title>試</title></head><body>{body}</body></html>"
    return pdf.render(html, "", identifier=b"0" * 16, title="試", lang="ja", created=AT)


def _is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/BaseFont" in thing


assert shutil.which("qpdf") and shutil.which("pdftotext"), "these tests need qpdf and poppler-utils"
