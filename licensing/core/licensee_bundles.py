"""Checking a licensee bundle: its own entries, each proven to be in the log, and the report that stands on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contributions.core import canonical, proofs
from contributions.core.proofs import Altered, Malformed
from contributions.core.words import Text
from licensing.core import disclosed, releases
from licensing.core.verdicts import NO_ALLOCATION, SUM, Verdict


class LicenseeBundle:
    """A licensee bundle: its own entries, each proven, and the report that stands on them."""

    def __init__(self, files: Mapping[str, bytes], verdict: Verdict) -> None:
        self.files, self.verdict, self.checkpoint = files, verdict, verdict.checkpoint

    def check(self) -> None:
        statements = disclosed.statements(self.files, self.checkpoint)
        self._check_report(statements)
        self._check_descent(statements)
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

    def _check_descent(self, statements: Mapping[int, dict[str, Any]]) -> None:
        """The report's data are those of the release and of all that it descends from, as their publication says.

        A report of before named its own release's data alone, and says so here.
        """
        try:
            report = canonical.loads(self.files["report.json"])
            covered = report.get("training", {}).get("releases")
            own = report["release"]["number"] if covered is not None else ""
            covered = covered if covered is None else [str(one) for one in covered]
        except (canonical.NotCanonical, KeyError, TypeError, AttributeError):
            raise Malformed(what="report.json", reason=Text("書式", "format")) from None
        if covered is None:
            self.verdict.unchecked.append(
                Text(
                    "派生元のモデルリリースの学習データ（この報告書は、許諾モデル自身の学習データだけを示します）",
                    "the data of releases it descends from (this report speaks of its own release’s data alone)",
                )
            )
            return
        parents = {
            said["facts"]["release"]: [row["release"] for row in said["facts"].get("parents") or ()]
            for said in statements.values()
            if said["kind"] == "release.published"
        }
        if set(covered) != {own, *releases.ancestors(own, parents)} or not set(covered) <= set(parents):
            raise Altered(what="report.json")
        listed = ", ".join(covered)
        self.verdict.checked.append(
            Text(
                f"学習データの記載が、許諾モデルとその派生元すべて（{listed}）を対象とすること",
                f"that what is said of training data covers the release and all it descends from ({listed})",
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
