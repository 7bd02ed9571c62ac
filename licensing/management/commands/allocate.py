"""Calculate an allocation: `allocate --release R --policy P [--from D --to D] [--known-at N] --json`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate, now

from contributions import selectors as contributed
from contributions import services as contributing
from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import fiscal_year
from contributions.core.roles import Viewer
from licensing import selectors, services


class Command(BaseCommand):
    help = (
        "Calculate every right of an adopted policy for a release: the same policy, release, period and checkpoint give"
        " the same bytes. The allocation is a draft until desk and auditor have recomputed it and it was adopted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--release", required=True, metavar="R", help="number of the release, such as R-0.3")
        parser.add_argument(
            "--policy", required=True, metavar="P", help="the adopted policy: its number, number@version, or SHA-256"
        )
        parser.add_argument("--from", dest="start", type=date.fromisoformat, metavar="D", help="first day (1 April)")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="D", help="last day (today)")
        parser.add_argument("--known-at", type=int, metavar="N", help="checkpoint of N entries (default: sealed now)")
        parser.add_argument("--json", action="store_true", help="print the whole result, as it is stored")

    def handle(self, **options: Any) -> None:
        viewer = Viewer.system("allocate")
        today = localdate()
        start = options["start"] or date(fiscal_year(today), 4, 1)
        until = (options["last"] or today) + timedelta(days=1)
        try:
            found = services.allocations.run(
                self._policy(viewer, options["policy"]),
                self._release(viewer, options["release"]),
                checkpoint=self._checkpoint(viewer, options["known_at"]),
                window=(start, until),
                by=viewer,
                at=now(),
            )
        except Refused as refusal:
            raise CommandError(f"{refusal.text('ja')}\n{refusal.text('en')}") from None
        self._say(found, options["json"])

    def _say(self, found, as_json: bool) -> None:
        if as_json:
            heading = {"allocation": found.number, "result_sha256": found.result_sha256, "rows_root": found.rows_root}
            whole = heading | {"result": canonical.loads(bytes(found.result))}
            self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True))
            return
        self.stdout.write(f"{found.number}  inputs {found.inputs_sha256}  result {found.result_sha256}")
        for share in found.shares.select_related("member__organization"):
            self.stdout.write(f"  {share.right}  {share.member.code}  {share.grid_units}  {share.exact}")

    def _policy(self, viewer: Viewer, named: str):
        rows = selectors.policies.visible_to(viewer).filter(state="adopted")
        found = next((row for row in rows if named in {row.number, str(row), row.sha256}), None)
        if found is None:
            raise CommandError(f"配分規程「{named}」は採択されていません。\nNo adopted policy is “{named}”.")
        return found

    def _release(self, viewer: Viewer, number: str):
        found = selectors.releases.visible_to(viewer).filter(number=number).first()
        if found is None:
            raise CommandError(f"モデルリリース「{number}」はありません。\nThere is no release “{number}”.")
        return found

    def _checkpoint(self, viewer: Viewer, size: int | None):
        if size is None:
            return contributing.log.seal(by=viewer, at=now())
        found = contributed.log.checkpoints().filter(size=size).first()
        if found is None:
            raise CommandError(f"{size} 件の時点証明はありません。\nThere is no checkpoint of {size} entries.")
        return found
