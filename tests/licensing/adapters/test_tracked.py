"""Redlines as word-processor files: real revisions, the same bytes each time, and back again as they were."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.words import Text
from licensing.adapters import tracked, wordfiles
from licensing.core.documents import RedlineDocument
from licensing.core.redlines import Row, Section, compare

AT = datetime(2026, 11, 1, 3, tzinfo=UTC)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def section(key: str, *rows: tuple[str, str]) -> Section:
    lines = tuple(Row(Text(str(n), f"{n}."), Text(ja, en)) for n, (ja, en) in enumerate(rows, 1))
    return Section(key, Text("第1条", "Article 1"), Text("責任の制限", "Liability"), lines)


OLD = section("liability", ("12か月分を上限とする。", "limited to 12 months."), ("故意を除く。", "Except intent."))
NEW = section(
    "liability", ("24か月分を上限とする。", "limited to 24 months."), ("<重過失>も除く。", "Except “gross” & intent.")
)
DIGESTS = ("a" * 64, "b" * 64)


def redline(old, new) -> RedlineDocument:
    return RedlineDocument(
        "L-1", Text("利用者", "Licensee"), 1, 2, ("a" * 64, "b" * 64), compare(old, new), AT, demo=True
    )


def written(old, new) -> bytes:
    return tracked.write(redline(old, new), author="許諾者 / Licensor", at=AT)


def body(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        return ElementTree.fromstring(package.read("word/document.xml"))


def test_changes_are_revisions_with_author_and_day():
    tree = body(written([OLD], [NEW]))
    inserted = ["".join(t.text for t in node.iter(f"{W}t")) for node in tree.iter(f"{W}ins")]
    deleted = ["".join(t.text for t in node.iter(f"{W}delText")) for node in tree.iter(f"{W}del")]
    assert "24" in inserted and "12" in deleted
    node = next(tree.iter(f"{W}ins"))
    assert (node.get(f"{W}author"), node.get(f"{W}date")) == ("許諾者 / Licensor", "2026-11-01T03:00:00Z")
    ids = [node.get(f"{W}id") for node in tree.iter() if node.tag in {f"{W}ins", f"{W}del"}]
    assert len(ids) == len(set(ids))


def test_the_same_redline_has_the_same_bytes():
    assert written([OLD], [NEW]) == written([OLD], [NEW])


def test_taking_the_changes_as_made_gives_the_new_text_back():
    reading = wordfiles.read(written([OLD], [NEW]))
    texts = [one.text for one in reading.paragraphs]
    assert reading.tracked
    assert "1　24か月分を上限とする。" in texts and "2. Except “gross” & intent." in texts
    assert not any("12か月" in text for text in texts)


def test_an_added_and_a_removed_clause_are_whole_revisions():
    tree = body(written([OLD], [section("audit", ("監査する。", "Audit."))]))
    ends = {node.tag for p in tree.iter(f"{W}p") for node in p.findall(f"{W}pPr/{W}rPr/*")}
    assert ends == {f"{W}ins", f"{W}del"}


def test_a_specimen_says_so_and_bookmarks_are_names_that_word_takes():
    content = written([OLD], [NEW])
    assert "見本・架空" in "".join(t.text or "" for t in body(content).iter(f"{W}t"))
    names = [node.get(f"{W}name") for node in body(content).iter(f"{W}bookmarkStart")]
    assert len(names) == 4 and all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", name) for name in names)


@given(st.lists(st.text("利用料は支払う。<&>\"'12a ", min_size=1, max_size=20).map(str.strip).filter(bool), max_size=4))
def test_any_text_survives_the_round_trip(texts):
    new = section("liability", *[(text, text) for text in texts])
    read = [one.text for one in wordfiles.read(written([OLD], [new])).paragraphs if one.marks]
    assert [text.split("　", 1)[1] for text in read if "　" in text] == texts


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_row_carries_its_mark(language):
    marks = [mark for one in wordfiles.read(written([OLD], [NEW])).paragraphs for mark in one.marks]
    assert tracked.mark_of("liability", language, 0) in marks
