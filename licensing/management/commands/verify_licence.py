"""Check a licence file, by default under this installation's own log key."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.utils.timezone import localdate

from contributions.management import shell
from licensing import services
from licensing.core import licences as rules


class Command(shell.Answering):
    help = "Check a licence file: its signature, its entry in the log, and whether it allows use on a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the licence file")
        parser.add_argument("--key", help="the log's public key or its file; default: every key that this log has had")
        parser.add_argument("--on", type=date.fromisoformat, help="the day of use; default: today")

    def work(self, **options) -> dict:
        content = Path(shell.file_at(options["file"])).read_bytes()
        found = services.licences.check(content, rules.key(options["key"]) if options["key"] else None)
        on = options["on"] or localdate()
        usable, sentence = found.standing(on)
        self.said = rules.lines(found, on, options["lang"])
        return {
            "licence": found.certificate["licence"],
            "agreement": found.certificate["agreement"],
            "entry": found.entry,
            "on": on.isoformat(),
            "usable": usable,
            "said": sentence.of(options["lang"]),
        }

    def sentences(self, answer: dict) -> Iterable[str]:
        return self.said
