"""Checking a licensee bundle: its own entries, each proven to be in the log, and the report that stands on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contributions.core import canonical, proofs
from contributions.core.proofs import Altered, Malformed
from contributions.core.words import Text
from licensing.core import disclosed
from licensing.core.verdicts import NO_ALLOCATION, SUM, Verdict


class LicenseeBundle:
    """A licensee bundle: its own entries, each proven, and the report that stands on them."""

    def __init__(self, files: Mapping[str, bytes], verdict: Verdict) -> None:
        self.files, self.verdict, self.checkpoint = files, verdict, verdict.checkpoint

    def check(self) -> None:
        statements = disclosed.statements(self.files, self.checkpoint)
        self._check_report(statements)
        self._check_allocation(statements)
        shown, others = disclosed.said_shown(len(statements), self.checkpoint.size)
        self.verdict.checked.append(shown)
        self.verdict.unchecked += [
            Text(
                "会員の配分比率（開示されないため、計算し直していません）",
                "the members’ shares (not disclosed, so not recomputed)",
            ),
            others,
            Text(
                "report.pdf の文面が report.json と同じ内容であること", "that report.pdf says the same as report.json"
            ),
        ]

    def _check_report(self, statements: Mapping[int, dict[str, Any]]) -> None:
        digest = canonical.sha256_hex(self.files["report.json"])
        prepared = {seq: s["facts"] for seq, s in statements.items() if s["kind"] == "report.prepared"}
        own = [seq for seq, facts in prepared.items() if facts["report_sha256"] == digest]
        if not own:
            raise Altered(what="report.json")
        stated = prepared[own[-1]].get("pdf_sha256")
        if stated is not None and stated != canonical.sha256_hex(self.files["report.pdf"]):
            raise Altered(what="report.pdf")
        self.verdict.checked.append(
            Text(
                f"報告書 report.json：台帳記録 第 {own[-1]} 号が指すもの",
                f"report.json: the one that entry {own[-1]} names",
            )
        )

    def _check_allocation(self, statements: Mapping[int, dict[str, Any]]) -> None:
        adopted = [seq for seq, s in statements.items() if s["kind"] == "allocation.adopted"]
        if not adopted:
            raise Malformed(what=Text("利用者向け検証資料", "the licensee bundle"), reason=NO_ALLOCATION)
        if any(statements[seq]["facts"]["sum"] != "1" for seq in adopted):
            raise Malformed(what=proofs.entry_name(adopted[-1]), reason=SUM)
        self.verdict.checked.append(
            Text(
                f"採択された配分計算があり、合計が 1 であること（台帳記録 第 {adopted[-1]} 号）",
                f"that an adopted allocation exists and sums to one (entry {adopted[-1]})",
            )
        )
