"""Record a table of cash, people or background IP for a member: all of it, or, with every finding, nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import now

from contributions import selectors, services
from contributions.management import shell
from contributions.services.spreadsheets import AlreadySent, SheetRefused


class Command(shell.Answering):
    help = "Record a table (CSV) of cash, people or background IP as contributions of a member."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the table, in the standard form or in columns that the member has named")
        parser.add_argument("--kind", choices=tuple(services.spreadsheets.KINDS), required=True)
        parser.add_argument("--member", required=True, help="code of the member whose contributions they are")

    def work(self, **options: Any) -> dict:
        by = shell.viewer("import_resources")
        content = shell.file_at(options["file"]).read_bytes()
        member = shell.member(by, options["member"])
        try:
            made = services.spreadsheets.post(
                content,
                kind=options["kind"],
                member=member,
                illustrative=selectors.log.head().demo,
                limit=None,
                by=by,
                at=now(),
            )
        except AlreadySent as held:
            return {"recorded": [], "already": held.facts["number"]}
        except SheetRefused as refusal:
            self._tell(refusal)
            raise
        return {"recorded": [row.number for row in made], "already": None}

    def _tell(self, refusal: SheetRefused) -> None:
        """Every finding by line and field: on standard error for people, beside the refusal for programs."""
        found = [
            {"line": one.line, "field": one.field, "code": one.code, "reason": one.text(self.language)}
            for one in refusal.findings
        ]
        self.beside_refusal = {"findings": found}
        for one in found:
            self.stderr.write(self.finding(one))

    def sentences(self, answer: dict) -> Iterable[str]:
        if answer["already"]:
            held = answer["already"]
            yield self.say(
                f"同じファイルの内容は {held} ほかとして登録済みです。何も追加していません。",
                f"The same file is on record already, as {held} and others. Nothing was added.",
            )
            return
        yield self.say(f"{len(answer['recorded'])} 件を登録しました。", f"{len(answer['recorded'])} recorded.")
        yield from answer["recorded"]
