"""Take in the contracts of a folder: a list (agreements.csv) with a row for each file that lies beside it.

Good rows are taken in, bad ones named by line, column and reason; with --strict one bad row keeps all of them out. Run
again, what is held already is a finding that names its number.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.timezone import now
from django.utils.translation import override

from contributions import selectors as contributed
from contributions.core import evidence
from contributions.core.errors import Finding, Refused
from contributions.management import shell
from licensing import services
from licensing.core.outside import LIST
from licensing.forms.outside import LIST_BYTES_MAX, read_list


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
        organizations = {row.code: row for row in contributed.organizations.all_for(by)}
        with override(options["lang"]):
            rows = read_list(_content(folder, LIST, LIST_BYTES_MAX), organizations)
        found = services.outside.take_all(
            rows, lambda name: _content(folder, name, evidence.BYTES_MAX), strict=options["strict"],
            organizations=organizations, by=by, at=now(),
        )  # fmt: skip
        self.beside_refusal = {"findings": [_told(finding, options["lang"]) for finding in found.findings]}
        if found.findings and options["strict"]:
            raise NotStrict(count=found.faulty)
        return {"taken": sorted(number for _file, number in found.taken), **self.beside_refusal}

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(f"{len(answer['taken'])} 件を受け入れました。", f"{len(answer['taken'])} taken in.")
        for number in answer["taken"]:
            yield f"  {number}"
        for one in answer["findings"]:
            yield self.say(
                f"{one['line']}行目 {one['field']}：{one['reason']}",
                f"line {one['line']}, {one['field']}: {one['reason']}",
            )


def _content(folder: Path, name: str, limit: int) -> bytes | None:
    """A file of the folder itself, read to one byte past its limit; nothing where there is none."""
    path = folder / name
    if path.resolve().parent != folder.resolve() or not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(limit + 1)


def _told(finding: Finding, language: str) -> dict:
    return {"line": finding.line, "field": finding.field, "reason": finding.text(language)}
