"""Take in a file of metered compute: good rows are posted, bad ones reported by line, field and reason."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import now

from contributions import selectors, services
from contributions.adapters.columnar import FindingRow
from contributions.core import compute, imports
from contributions.core.imports import AlreadyHeld, FileRefused
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.management import shell
from contributions.services.imports import NothingToPost


class Command(shell.Answering):
    help = "Import compute usage (Slurm accounting, or the standard form) as a batch of a member at a facility."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the file to take in")
        parser.add_argument("--format", choices=tuple(imports.FORMATS), help="told from the first line if left out")
        parser.add_argument("--facility", required=True, help="code of the facility that the file comes from")
        parser.add_argument("--member", required=True, help="code of the member whose contribution it is")
        parser.add_argument("--supersedes", help="number of the batch, not attested yet, that this file replaces")
        parser.add_argument("--funding", help="code of the funding source; own money if left out")
        parser.add_argument("--strict", action="store_true", help="refuse the whole file if any row is bad")

    def work(self, **options: Any) -> dict:
        by = shell.viewer("import_compute")
        path = shell.file_at(options["file"])
        facilities = selectors.compute.facilities_visible_to(by)
        named: dict[str, Any] = {
            "facility": shell.one_of(facilities, options["facility"], noun=Text("計算施設", "facility")),
            "member": shell.member(by, options["member"]),
            "funding": shell.funding(by, options["funding"]),
            "supersedes": self._superseded(by, options["supersedes"]),
        }
        try:
            outcome = services.imports.receive(
                path, **named, file_format=options["format"], strict=options["strict"], by=by, at=now()
            )
        except AlreadyHeld as held:
            return self._answer(held.facts["batch"], compute.Totals(0, 0, 0, 0), (), posted=False)
        except (FileRefused, NothingToPost) as refusal:
            self._tell_findings(refusal.findings)
            raise
        return self._answer(outcome.batch.number, outcome.totals, outcome.findings)

    def _superseded(self, by: Viewer, number: str | None):
        if number is None:
            return None
        rows = selectors.compute.batches_visible_to(by)
        return shell.one_of(rows, number, noun=Text("受付", "batch"), field="number")

    def _answer(
        self, batch: object, totals: compute.Totals, rejected: Sequence[FindingRow], *, posted: bool = True
    ) -> dict:
        return {
            "batch": batch if posted else None,
            "jobs": totals.jobs,
            "cpu_hours": totals.cpu_hours,
            "node_hours": totals.node_hours,
            "gpu_hours": totals.gpu_hours,
            "findings": [self._finding(row) for row in rejected],
            "already": None if posted else batch,
        }

    def _tell_findings(self, rows: Sequence[FindingRow]) -> None:
        """A file that is refused as a whole still says of every bad row what is wrong with it."""
        found = [self._finding(row) for row in rows]
        self.beside_refusal = {"findings": found}
        for one in found:
            self.stderr.write(self.finding(one))

    def _finding(self, row: FindingRow) -> dict:
        return {"line": row.line, "field": row.field, "code": row.code, "reason": self.say(row.ja, row.en)}

    def sentences(self, answer: dict) -> Iterable[str]:
        if answer["already"]:
            held = answer["already"]
            yield self.say(
                f"同じファイルは受付番号 {held} で受領済みです。何も追加していません。",
                f"The same file is already held as batch {held}. Nothing was added.",
            )
            return
        yield self.say(f"受付番号 {answer['batch']}", f"Batch {answer['batch']}")
        yield self.say(f"ジョブ {answer['jobs']:,} 件", f"{answer['jobs']:,} jobs")
        for name, ja, en in (
            ("cpu_hours", "CPU時間", "CPU hours"),
            ("node_hours", "ノード時間", "node hours"),
            ("gpu_hours", "GPU時間", "GPU hours"),
        ):
            yield f"{answer[name]} {self.say(ja, en)}"
        yield from map(self.finding, answer["findings"])
        if answer["findings"]:
            count = len({found["line"] for found in answer["findings"]})
            yield self.say(
                f"{count} 行は計上せず、原文のまま保管しました。",
                f"{count} rows were not posted; they are kept aside in full.",
            )
