"""The standard form as Parquet: read by the same rule as CSV, and nothing unpacked that its footer lies about."""

from __future__ import annotations

from pathlib import Path

import pytest

from contributions.adapters import columnar, day_forms, spreadsheets
from contributions.core.errors import Refused

CELLS = {"facility": "'osaka'", "day": "DATE '2026-05-10'", "accelerator": "'h100'", "jobs": "1", "cpu_hours": "8",
         "node_hours": "1", "gpu_hours": "8"}  # fmt: skip


def written(folder: Path, rows: int = 1, **cells: str) -> Path:
    """The form as Parquet, its cells stated in SQL."""
    stated = ", ".join(f"{expression} AS {name}" for name, expression in (CELLS | cells).items())
    target = folder / "form.parquet"
    with columnar.opened(memory=day_forms.MEMORY) as engine:
        columnar.write(engine, f"SELECT {stated} FROM range({rows})", target)
    return target


def read(path: Path, folder: Path) -> list[columnar.FindingRow]:
    """The findings of the form."""
    aside = folder / "aside"
    aside.mkdir()
    day_forms.read(path, "osaka", aside, file_format="parquet", known=("h100",))
    columnar.close_findings(aside)
    return columnar.findings(aside / "findings.parquet", limit=3)


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def footer(depth: int = 0, rows: int = 0, groups: int = 0) -> bytes:
    """A Parquet file that is nothing but its footer, in Thrift's compact form: groups that deep, that many rows."""
    leaves = ("x",) if depth else spreadsheets.COMPUTE
    schema = [b"\x48\x04root\x15" + _varint(2 if depth else 2 * len(leaves)) + b"\x00"]
    schema += [b"\x35\x02\x18\x01g\x15\x02\x00"] * depth
    schema += [b"\x15\x04\x25\x02\x18" + _varint(len(name)) + name.encode() + b"\x00" for name in leaves]
    group = b"\x19\x0c\x16\x00\x16" + _varint(rows * 2) + b"\x00"
    meta = b"\x15\x02\x19\xfc" + _varint(len(schema)) + b"".join(schema) + b"\x16" + _varint(rows * 2)
    meta += b"\x19" + bytes([groups << 4 | 12]) + group * groups + b"\x00"
    return b"PAR1" + meta + len(meta).to_bytes(4, "little") + b"PAR1"


def test_a_good_form_is_read(tmp_path):
    assert read(written(tmp_path), tmp_path) == []


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"facility": "'=osaka'"}, "facility", "formula"),
        ({"gpu_hours": "'nan'::DOUBLE"}, "gpu_hours", "not-a-decimal"),
        ({"gpu_hours": "'-inf'::DOUBLE"}, "gpu_hours", "formula"),
        ({"gpu_hours": "-8"}, "gpu_hours", "formula"),
        ({"cpu_hours": "9e30::DOUBLE"}, "cpu_hours", "not-a-decimal"),
        ({"cpu_hours": "(170141183460469231731687303715884105727)::HUGEINT"}, "cpu_hours", "not-a-decimal"),
        ({"day": "'2026-02-30'"}, "day", "date"),
        ({"day": "DATE '9999-12-31'"}, "day", "year"),
        ({"day": "NULL"}, "day", "empty"),
        ({"accelerator": "chr(1) || 'h100'"}, "accelerator", "accelerator"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(tmp_path, cells, field, code):
    [found] = read(written(tmp_path, **cells), tmp_path)
    assert (found.line, found.field, found.code) == (2, field, code)
    assert found.ja and found.en and found.ja != found.en


@pytest.mark.parametrize(("length", "rows"), [(10_000, 10_000), (20_000_000, 3)])
def test_of_a_cell_that_blows_up_no_more_is_kept_than_shows_that_it_does(tmp_path, length, rows):
    path = written(tmp_path, rows=rows, facility=f"repeat('x', {length})")
    assert path.stat().st_size < 50_000
    found = read(path, tmp_path)
    assert {(row.field, row.code) for row in found} == {("facility", "too-long")}
    assert sum(file.stat().st_size for file in (tmp_path / "aside").iterdir()) < rows * 1_500


@pytest.mark.parametrize(
    ("kind", "expression"),
    [("list", "[['osaka']]"), ("struct", "{'a': 1}"), ("map", "MAP {'a': 1}"), ("bytes", "'osaka'::BLOB")],
)
def test_a_column_that_is_no_plain_cell_is_refused_by_name(tmp_path, kind, expression):
    with pytest.raises(day_forms.ColumnKind, match="facility"):
        read(written(tmp_path, facility=expression), tmp_path)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"PAR1" + b"\x00" * 64 + b"PAR1", {"not-parquet"}),
        (b"PAR1PAR1", {"not-parquet"}),
        (footer()[:-1], {"not-parquet"}),
        (footer()[:-8] + b"\xff\xff\xff\x7fPAR1", {"not-parquet"}),
        (b"PAR1" + b"\x00" * 5_000_000 + (4_999_999).to_bytes(4, "little") + b"PAR1", {"not-parquet"}),
        (footer(depth=499), {"column-kind", "header-refused"}),
        (footer(depth=20_000), {"not-parquet"}),
        (footer(rows=2**61, groups=3), {"not-parquet", "too-many-rows"}),
    ],
    ids=["nothing", "short", "cut", "footer beyond the file", "footer too large", "deep", "too deep", "endless"],
)
def test_a_footer_that_lies_is_refused(tmp_path, content, codes):
    path = tmp_path / "lies.parquet"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read(path, tmp_path)
    assert refusal.value.code in codes


def test_more_rows_than_a_form_may_have_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(day_forms, "ROWS_MAX", 10)
    with pytest.raises(day_forms.TooManyRows):
        read(written(tmp_path, rows=11), tmp_path)
