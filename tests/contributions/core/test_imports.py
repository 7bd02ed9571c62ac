"""Imports: what a file is, and what becomes of bad rows."""

from __future__ import annotations

import hashlib

import pytest

from contributions.core import imports
from contributions.core.errors import Finding


def rejected(line: int) -> imports.Rejected:
    return imports.Rejected(
        Finding(line, "end", "date", "日付「{value}」", "date “{value}”", {"value": "x"}), b"a|b\r\n"
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"163485|163485|phillips|focaccia\n", "sacct"),
        (b"JobID|Start|End|Elapsed\n", "sacct"),
        (b"\xef\xbb\xbfFacility,day,accelerator\n", "template"),
    ],
)
def test_the_first_line_tells_the_format(head: bytes, expected: str) -> None:
    assert imports.format_of(None, head) == expected


def test_the_format_that_the_sender_names_stands() -> None:
    assert imports.format_of("template", b"a|b|c|d\n") == "template"


@pytest.mark.parametrize(("named", "head"), [(None, b"hello\n"), (None, b""), (None, b"\n\n"), ("xlsx", b"a|b|c|d\n")])
def test_an_unknown_format_is_refused_with_the_list(named: str | None, head: bytes) -> None:
    with pytest.raises(imports.UnknownFormat, match="sacct"):
        imports.format_of(named, head)


def test_the_digest_does_not_depend_on_how_the_file_is_cut() -> None:
    assert imports.digest([b"ab", b"", b"c"]) == hashlib.sha256(b"abc").hexdigest()


def test_strict_refuses_the_whole_file_and_names_the_first_bad_line_in_both_languages() -> None:
    with pytest.raises(imports.FileRefused) as refusal:
        imports.check_strict(2, rejected(7).finding)
    assert "7 行目" in refusal.value.text("ja") and "日付「x」" in refusal.value.text("ja")
    assert "2 bad rows" in refusal.value.text("en") and "date “x”" in refusal.value.text("en")
    imports.check_strict(0, None)


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"])
@pytest.mark.parametrize("named", [None, "sacct", "template"])
def test_a_packed_file_is_refused_before_it_is_unpacked(magic: bytes, named: str | None) -> None:
    with pytest.raises(imports.Packed):
        imports.format_of(named, magic + b"rest")


def test_parquet_is_told_by_its_magic_and_is_never_accounting() -> None:
    assert imports.format_of(None, b"PAR1....") == imports.format_of("template", b"PAR1....") == "parquet"
    for named, head in (("sacct", b"PAR1"), ("parquet", b"facility,day,a,b\n")):
        with pytest.raises(imports.UnknownFormat):
            imports.format_of(named, head)


def test_a_file_in_utf_16_is_refused_by_name() -> None:
    with pytest.raises(imports.NotUtf8, match="UTF-8"):
        imports.format_of(None, "JobID|a|b|c".encode("utf-16"))


def test_a_mapping_takes_columns_of_the_file_each_once() -> None:
    printed, wanted = ("番号", "開始"), ("jobid", "start")
    mapping = {"番号": "jobid", "開始": "start"}
    assert imports.check_mapping(mapping, printed, wanted) == mapping
    for wrong in ({"無": "jobid"}, {"番号": "nothing"}, {"番号": "jobid", "開始": "jobid"}):
        with pytest.raises(imports.MappingRefused):
            imports.check_mapping(wrong, printed, wanted)
