"""Files from outside: what could act or reach out is refused by the name of its part, before a word is read."""

import struct
import zipfile
from io import BytesIO

import pytest

from licensing.adapters import tracked, wordfiles
from licensing.adapters.wordfiles import FileRefused

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
PLAIN = "<w:p><w:r><w:t>第1条（定義）</w:t></w:r></w:p><w:p><w:r><w:t>本契約において </w:t></w:r></w:p>"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
OUT = "http://x.example/"


def document(inner: str = PLAIN, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{inner}</w:body></w:document>'


def relation(kind: str, target: str, mode: str = "") -> str:
    shown = f' TargetMode="{mode}"' if mode else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{R}/{kind}" Target="{target}"{shown}/></Relationships>'
    )


def packed(**parts: str) -> bytes:
    given = {"[Content_Types].xml": TYPES.format(""), "word/document.xml": document()}
    return tracked.packed(given | {name.replace("__", "/"): text for name, text in parts.items()})


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        wordfiles.read(content)
    assert caught.value.text("ja") != caught.value.text("en")
    return caught.value.text("ja")


def test_a_plain_file_is_read():
    reading = wordfiles.read(packed())
    assert [one.text for one in reading.paragraphs] == ["第1条（定義）", "本契約において"]
    assert not reading.tracked


def test_tracked_changes_are_taken_as_made_and_a_deleted_end_joins_paragraphs():
    inner = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r>"
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"
        "<w:p><w:moveFrom><w:r><w:t>去</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>来</w:t></w:r></w:moveTo>"
        "<w:r><w:t>後</w:t><w:tab/><w:t>半</w:t></w:r></w:p>"
    )
    reading = wordfiles.read(packed(**{"word/document.xml": document(inner)}))
    assert [one.text for one in reading.paragraphs] == ["前半新来後 半"]
    assert reading.tracked


def test_what_is_noted_beside_the_text_is_read_with_its_writer():
    said = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    line = '<w:footnote w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    comment = f'<w:comment w:author="相手方">{said.format("譲れません。")}</w:comment>'
    foot = f"{line}<w:footnote>{said.format('半額とする。')}</w:footnote>"
    parts = {
        "word/comments.xml": f"<w:comments {W}>{comment}</w:comments>",
        "word/footnotes.xml": f"<w:footnotes {W}>{foot}</w:footnotes>",
    }
    reading = wordfiles.read(packed(**parts))
    assert [(one.kind.en, one.author, one.text) for one in reading.notes] == [
        ("Comment", "相手方", "譲れません。"),
        ("Footnote", "", "半額とする。"),
    ]


def test_the_strict_form_is_refused_with_the_form_to_save_in():
    text = document().replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert "Word 文書（.docx）" in refused(packed(**{"word/document.xml": text}))


def test_tables_are_read_in_order_and_fallbacks_once():
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:t>一度</w:t></mc:Choice><mc:Fallback><w:t>二度</w:t></mc:Fallback></mc:AlternateContent>"
    )
    cells = "".join(f"<w:tc><w:p><w:r>{cell}</w:r></w:p></w:tc>" for cell in ("<w:t>左</w:t>", box))
    inner = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    reading = wordfiles.read(packed(**{"word/document.xml": document(inner)}))
    assert [one.text for one in reading.paragraphs] == ["左", "一度"]


@pytest.mark.parametrize(
    ("parts", "part"),
    [
        ({"word/vbaProject.bin": "x"}, "word/vbaProject.bin"),
        ({"[Content_Types].xml": TYPES.format(f'<Override ContentType="{MACROS}"/>')}, "[Content_Types].xml"),
        ({"word/embeddings/oleObject1.bin": "x"}, "word/embeddings/oleObject1.bin"),
        ({"word/activeX/activeX1.xml": "<x/>"}, "word/activeX/activeX1.xml"),
        ({"word/_rels/settings.xml.rels": relation("attachedTemplate", OUT, "External")}, "settings.xml.rels"),
        ({"word/_rels/document.xml.rels": relation("hyperlink", OUT, "External")}, "document.xml.rels"),
        ({"word/_rels/document.xml.rels": relation("image", "file://host/a.png", "External")}, "document.xml.rels"),
        ({"word/_rels/document.xml.rels": relation("oleObject", "embeddings/a.bin")}, "document.xml.rels"),
        ({"word/_rels/document.xml.rels": relation("aFChunk", "a.html")}, "document.xml.rels"),
        ({"word/document.xml": document('<w:p><w:fldSimple w:instr=" INCLUDETEXT a "/></w:p>')}, "word/document.xml"),
        ({"word/document.xml": document("<w:p><w:instrText> DDEAUTO c </w:instrText></w:p>")}, "word/document.xml"),
        ({"word/header1.xml": document("<w:p><w:r><w:object/></w:r></w:p>")}, "word/header1.xml"),
        ({"word/document.xml": document(head='<!DOCTYPE a [<!ENTITY b "c">]>')}, "word/document.xml"),
        ({"word/styles.xml": f'<!DOCTYPE a SYSTEM "{OUT}a.dtd"><a/>'}, "word/styles.xml"),
        ({"word/document.xml": "<w:document"}, "word/document.xml"),
        ({"../evil.xml": "<x/>"}, "../evil.xml"),
    ],
)
def test_what_could_act_or_reach_out_is_refused_by_its_part(parts, part):
    assert part in refused(packed(**parts))


def test_a_link_inside_the_file_is_no_reference_to_the_outside():
    inner = '<w:p><w:r><w:instrText> HYPERLINK \\l "m_audit" </w:instrText><w:t>第12条</w:t></w:r></w:p>'
    assert wordfiles.read(packed(**{"word/document.xml": document(inner)})).paragraphs[0].text == "第12条"


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "展開後" in refused(packed(**{"word/media/a.xml": "0" * 3_000_000}))
    assert "展開後" in refused(packed(**{f"word/part{n}.xml": "<a/>" for n in range(1_001)}))


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(packed(**{"word/media/a.bin": "x" * 5_000}))
    at = content.rindex(b"word/media/a.bin") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refused(bytes(content))


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04"]
)
def test_what_is_no_docx_is_refused(content):
    assert refused(content)


def test_an_encrypted_part_is_refused():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        info = zipfile.ZipInfo("word/document.xml")
        package.writestr(info, document())
        package.writestr("[Content_Types].xml", TYPES.format(""))
    broken = bytearray(content.getvalue())
    at = broken.index(b"PK\x01\x02")
    broken[at + 8] |= 1
    assert "暗号化" in refused(bytes(broken))


def test_deep_nesting_ends_in_an_answer():
    inner = f"<w:p>{'<w:r>' * 5_000}<w:t>底</w:t>{'</w:r>' * 5_000}</w:p>"
    assert wordfiles.read(packed(**{"word/document.xml": document(inner)})).paragraphs[0].text == "底"
