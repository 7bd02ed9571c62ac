"""The word-processor file: whole, well-formed, in both languages and layouts, with a bookmark for every place."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from xml.etree import ElementTree

import documents
import pytest

from contributions.core.words import Text
from licensing.adapters import docx
from licensing.core import agreements, assembly

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(content: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}


def document(**changes):
    tree = agreements.assemble(documents.TEMPLATE, documents.CLAUSES, documents.VARIABLES | changes)
    return dataclasses.replace(documents.agreement(), tree=tree)


def texts(content: bytes) -> list[str]:
    body = parts(content)["word/document.xml"]
    return ["".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


@pytest.mark.parametrize("layout", ["side", "after"])
@pytest.mark.parametrize("numbering", ["house", "statute"])
def test_every_line_of_the_contract_stands_in_the_file_in_both_languages(layout, numbering):
    sample = document(layout=layout, numbering=numbering)
    written = "\n".join(texts(docx.write(sample)))
    for _place, line in assembly.lines(sample.tree):
        assert line.text.ja in written and line.text.en in written
    assert "{" not in written and sample.digest in "".join(
        node.text or "" for node in parts(docx.write(sample))["word/footer1.xml"].iter()
    )


def test_the_table_of_prices_says_of_what_quantity_and_before_tax():
    written = texts(docx.write(document()))
    assert {"報告期間の数量", "Quantity in a Reporting Period", "単価（税抜）", "Price (before tax)"} <= set(written)


def test_numbers_are_text_and_not_the_word_processor_s():
    content = docx.write(document())
    assert not list(parts(content)["word/document.xml"].iter(f"{W}numPr"))
    assert any(text.startswith("第1条（") for text in texts(content))


def test_each_place_has_a_bookmark_in_each_language_that_leads_back_to_it():
    sample = document()
    names = [node.get(f"{W}name") for node in parts(docx.write(sample))["word/document.xml"].iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    places = {docx.place_of(name) for name in names}
    for row in sample.rows:
        if row.key:
            assert {("ja", row.key), ("en", row.key)} <= places, row.key


def test_somebody_else_s_bookmark_is_none_of_ours():
    assert docx.place_of("_GoBack") is None and docx.place_of("OLE_LINK1") is None


def test_the_same_agreement_gives_the_same_bytes():
    assert docx.write(document()) == docx.write(document())


def test_every_part_that_is_referred_to_is_there():
    files = parts(docx.write(document()))
    for name, folder in (("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")):
        for relation in files[name]:
            assert folder + relation.get("Target") in files


def test_text_cannot_break_out_of_its_paragraph():
    licensee = dataclasses.replace(documents.LICENSEE, name=Text("<w:p>&悪\x0b社", "A & <B>"))
    content = docx.write(dataclasses.replace(document(), licensee=licensee))
    assert any("<w:p>&悪社" in text for text in texts(content))


def test_no_macro_no_field_code_and_no_outside_link_is_written():
    content = docx.write(document())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"TargetMode" not in everything and b"vbaProject" not in everything
    assert set(re.findall(rb'w:instr="([A-Z]+)"', everything)) == {b"PAGE", b"NUMPAGES"}
