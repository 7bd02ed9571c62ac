"""Compare the library that comes with the product with the one in force here, and take chosen wordings over as drafts.

Nothing in force changes: a draft is approved on its page by one of the legal staff.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.timezone import now

from contributions.management import shell
from licensing import selectors, services
from licensing.core import shipped


class Command(shell.Answering):
    help = "Compare the shipped clause library with the one in force; with --take, make drafts of chosen wordings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--file", help="another library document than the one that is set (MOYAI_CLAUSE_LIBRARY)")
        parser.add_argument("--take", nargs="+", metavar="CODE", help="clauses, or template:CODE, to make drafts of")
        parser.add_argument("--all", action="store_true", help="make drafts of everything new or changed")

    def work(self, **options: Any) -> dict:
        by = shell.viewer("compare_library")
        library = selectors.shipped.document(Path(options["file"]) if options["file"] else None)
        found = selectors.shipped.compared(by, library)
        codes = list(options["take"] or [])
        if options["all"]:
            codes += [row.code for row in found["clauses"] if row.state in shipped.OPEN]
            codes += [f"template:{row.code}" for row in found["templates"] if row.state in shipped.OPEN]
        return {
            **{
                kind: [{"code": row.code, "state": row.state} for row in rows if row.state != shipped.SAME]
                for kind, rows in found.items()
            },
            "same": sum(row.state == shipped.SAME for rows in found.values() for row in rows),
            "drafts": services.shipped.take_over(library, codes, by=by, at=now()) if codes else [],
        }

    def sentences(self, answer: dict) -> Iterable[str]:
        for kind, prefix in (("clauses", ""), ("templates", "template:")):
            for row in answer[kind]:
                yield f"{prefix}{row['code']}\t{shipped.STATES[row['state']].of(self.language)}"
        yield self.say(f"変更なし：{answer['same']}件", f"the same: {answer['same']}")
        for name in answer["drafts"]:
            yield self.say(f"案を作成しました：{name}", f"draft made: {name}")
