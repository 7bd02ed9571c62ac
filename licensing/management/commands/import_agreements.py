"""Take in the contracts of a folder: a list (agreements.csv) with a row for each file that lies beside it.

Good rows are taken in, bad ones named by line, column and reason; with --strict one bad row keeps all of them out. Run
again, what is held already is a finding that names its number.
"""

from __future__ import annotations

import csv
import io
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import override

from contributions import selectors as contributed
from contributions.core import evidence
from contributions.core.errors import Finding, Refused
from contributions.management import shell
from licensing import services
from licensing.forms.outside import COLUMNS, OutsideForm, of_row

LIST = "agreements.csv"
LIST_BYTES_MAX = 5_000_000


class NoList(Refused):
    code = "no-list"
    ja = "フォルダー「{folder}」に一覧「agreements.csv」（UTF-8）がありません。1行目に列名を記載してください：{columns}"
    en = "The folder “{folder}” holds no list “agreements.csv” in UTF-8. Its first row names the columns: {columns}"


class NotStrict(Refused):
    code = "import-refused"
    ja = "{count} 件の誤りがあるため、1件も受け入れていません。"
    en = "Nothing was taken in, since {count} rows are at fault."


class Command(shell.Answering):
    help = "Take in contracts that exist already, from a folder of files with a list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", help=f"the folder, with {LIST} and the files that it names")
        parser.add_argument("--strict", action="store_true", help="take in all rows or none")

    def work(self, **options: Any) -> dict:
        folder, by = Path(options["folder"]), shell.viewer("import_agreements")
        taken: dict[str, str] = {}
        findings: list[Finding] = []
        with override(options["lang"]), transaction.atomic():
            organizations = {row.code: row for row in contributed.organizations.all_for(by)}
            for line, row in _rows(folder):
                found = _take(folder, row, organizations, taken, by, now())
                findings += [Finding(line, name, "outside", ja, en) for name, ja, en in found]
            self.beside_refusal = {"findings": [_told(finding, options["lang"]) for finding in findings]}
            if findings and options["strict"]:
                raise NotStrict(count=len({finding.line for finding in findings}))
        return {"taken": sorted(set(taken.values())), **self.beside_refusal}

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(f"{len(answer['taken'])} 件を受け入れました。", f"{len(answer['taken'])} taken in.")
        for number in answer["taken"]:
            yield f"  {number}"
        for one in answer["findings"]:
            yield self.say(
                f"{one['line']}行目 {one['field']}：{one['reason']}",
                f"line {one['line']}, {one['field']}: {one['reason']}",
            )


def _rows(folder: Path) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of the list with the lines where they end."""
    path = folder / LIST
    columns = ", ".join(COLUMNS)
    if not path.is_file() or path.stat().st_size > LIST_BYTES_MAX:
        raise NoList(folder=folder.name, columns=columns)
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise NoList(folder=folder.name, columns=columns) from None
    if "file" not in (reader.fieldnames or ()) and COLUMNS["file"] not in (reader.fieldnames or ()):
        raise NoList(folder=folder.name, columns=columns)
    return rows


def _take(folder: Path, row: Mapping, organizations: Mapping, taken: dict[str, str], by, at: datetime) -> list[tuple]:
    """Take in one row, or say what is wrong with it: column and both sentences."""
    stated = of_row(row)
    name = stated.pop("file")
    stated["follows"] = taken.get(stated["follows"], stated["follows"])  # a file of an earlier row, by its name
    form = OutsideForm(stated, organizations=[(code, code) for code in organizations])
    path = folder / name
    faults = _file_faults(path, folder, name)
    faults += [(field, str(error), str(error)) for field, errors in form.errors.items() for error in errors]
    if faults:
        return faults
    try:
        with transaction.atomic():
            one = services.outside.take(
                form.cleaned_data["terms"],
                name=name,
                content=path.read_bytes(),
                organization=organizations.get(form.cleaned_data["organization"]),
                follows=form.cleaned_data["follows"],
                duties=form.cleaned_data["duties"],
                by=by,
                at=at,
            )
    except Refused as refusal:
        return [(getattr(refusal, "field", "") or "row", refusal.text("ja"), refusal.text("en"))]
    taken[name] = one.number
    return []


def _file_faults(path: Path, folder: Path, name: str) -> list[tuple]:
    if not name or path.resolve().parent != folder.resolve() or not path.is_file():
        return [("file", f"ファイル「{name}」がフォルダーにありません。", f"The folder holds no file “{name}”.")]
    if path.stat().st_size > evidence.BYTES_MAX:
        limit = evidence.BYTES_MAX
        return [("file", f"ファイルが上限 {limit} バイトを超えています。", f"The file is larger than {limit} bytes.")]
    return []


def _told(finding: Finding, language: str) -> dict:
    text = finding.ja if language == "ja" else finding.en
    return {"line": finding.line, "field": finding.field, "reason": text}
