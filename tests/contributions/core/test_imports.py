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
        imports.check_strict([rejected(7), rejected(9)])
    assert "7 行目" in refusal.value.text("ja") and "日付「x」" in refusal.value.text("ja")
    assert "2 bad rows" in refusal.value.text("en") and "date “x”" in refusal.value.text("en")
    imports.check_strict([])


def test_rejected_rows_come_back_as_a_file_to_correct() -> None:
    assert b"".join(imports.rows_to_correct(b"h1|h2", [rejected(7), rejected(9)])) == b"h1|h2\na|b\na|b\n"
