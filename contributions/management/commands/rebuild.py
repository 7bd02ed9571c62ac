"""Make again from the log what is only worked out from it: the blocks of balances and the totals of compute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contributions import services
from contributions.management import shell


class Command(shell.Answering):
    help = "Drop the projections (balances, totals of metered compute) and make them again from the log."

    def work(self, **options: Any) -> dict:
        return {"blocks": services.balances.rebuild(), "totals": services.meter_totals.rebuild()}

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(
            f"台帳記録から作り直しました：残高の集計単位 {answer['blocks']:,}、計算実績の集計 {answer['totals']:,}。",
            f"Made again from the log: {answer['blocks']:,} blocks of balances, {answer['totals']:,} of compute.",
        )
