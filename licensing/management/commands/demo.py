"""manage.py demo: tell the demo's story once, and write its exhibits."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from contributions import selectors as contributed
from contributions.adapters.randomness import seeded
from contributions.core.errors import Refused
from licensing.services import story
from licensing.services.story import exhibits


class Command(BaseCommand):
    help = "Tells the story of the demo consortium (once), and writes its bundles and documents. Safe to repeat."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--out", type=Path, default=None, help="folder for what is written (default: MOYAI_HOME/demo)"
        )
        parser.add_argument("--json", action="store_true", help="print the story as JSON")
        parser.add_argument("--seed", default="", help="repeatable ids, nonces and salts, for tests")
        parser.add_argument("--if-empty", action="store_true", help="leave a ledger that is not a demo's alone")

    def handle(self, *, out: Path | None, json: bool, seed: str, if_empty: bool, **_) -> None:
        head = contributed.log.head()
        if head is not None and not head.demo:
            if if_empty:
                self._say("This ledger is not a demo's; nothing was added.")
                return
            raise CommandError(
                "This ledger was founded for real use; the demo does not touch it. Use another database."
            )
        if not story.is_told():
            self._tell(seed)
        try:
            paths = exhibits.write((out or Path(settings.MOYAI_HOME) / "demo").resolve())
        except Refused as refusal:
            raise CommandError(refusal.text("en")) from refusal
        told = exhibits.tell(paths)
        self.stdout.write(_json(told) if json else "\n".join(self._lines(told)))

    def _tell(self, seed: str) -> None:
        """All chapters in one transaction: a story broken off leaves nothing behind."""
        try:
            with transaction.atomic():
                if seed:
                    with seeded(seed.encode()):
                        self._chapters(UUID(bytes=(seed.encode() * 16)[:16], version=4))
                else:
                    self._chapters(None)
        except Refused as refusal:
            raise CommandError(refusal.text("en")) from refusal

    def _chapters(self, installation: UUID | None) -> None:
        for number, (title, chapter) in enumerate(story.CHAPTERS, start=1):
            began = time.monotonic()
            chapter(installation) if chapter is story.opening.found else chapter()
            self._say(f"  {number:2d}/{len(story.CHAPTERS)}  {title}  {time.monotonic() - began:.1f} s")

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def _lines(self, told: dict) -> list[str]:
        logins = [f"  {row['username']:12} {row['password']:12} {row['workplace']}" for row in told["logins"]]
        files = [f"  {path}" for path in told["paths"].values()]
        return [*exhibits.summary(told), "", "Logins (username, password, workplace):", *logins, "", "Written:", *files]


def _json(told: dict) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
