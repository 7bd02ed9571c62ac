"""Checking a licensee bundle: its own entries, each proven to be in the log, and the report that stands on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contributions.core import canonical, proofs
from contributions.core.proofs import Altered, Malformed, Reordered
from contributions.core.words import Text
from licensing.core import bundles
from licensing.core.bundles import CHECKPOINT
from licensing.core.kinds import ALL
from licensing.core.verdicts import NO_ALLOCATION, SUM, Verdict


class LicenseeBundle:
    """A licensee bundle: its own entries, each proven, and the report that stands on them."""

    def __init__(self, files: Mapping[str, bytes], verdict: Verdict) -> None:
        self.files, self.verdict, self.checkpoint = files, verdict, verdict.checkpoint
        self.seqs = bundles.entry_numbers(files)

    def check(self) -> None:
        leaves = self._check_proofs()
        raw = {seq: self.files[f"statements/{seq}.json"] for seq in self.seqs}
        proofs.check_statements(leaves, raw)
        statements = {seq: proofs.read_statement(raw[seq], seq=seq, kinds=ALL) for seq in self.seqs}
        self._check_report(statements)
        self._check_allocation(statements)
        shown, size = len(self.seqs), self.checkpoint.size
        self.verdict.checked.append(
            Text(f"開示された台帳記録 {shown} 件が台帳に含まれること", f"that {shown} disclosed entries are in the log")
        )
        self.verdict.unchecked += [
            Text(
                "会員の配分比率（開示されないため、計算し直していません）",
                "the members’ shares (not disclosed, so not recomputed)",
            ),
            Text(f"台帳のその他の記録 {size - shown} 件", f"the other {size - shown} entries of the log"),
            Text(
                "report.pdf の文面が report.json と同じ内容であること", "that report.pdf says the same as report.json"
            ),
        ]

    def _check_proofs(self) -> dict[int, proofs.Leaf]:
        found = {seq: self._proof(seq) for seq in self.seqs}
        leaves = {seq: self.files[f"leaves/{seq}.json"] for seq in self.seqs}
        for seq in self.seqs:
            if found[seq].index != seq:
                raise Reordered(seq=seq)
            if not found[seq].proves(leaves[seq], self.checkpoint):
                moved = any(other.proves(leaves[seq], self.checkpoint) for other in found.values())
                raise Reordered(seq=seq) if moved else Altered(what=proofs.entry_name(seq))
        return {seq: proofs.read_leaf(leaves[seq], origin=self.checkpoint.origin, seq=seq) for seq in self.seqs}

    def _proof(self, seq: int) -> proofs.Proof:
        name = f"proofs/{seq}.tlog-proof"
        try:
            found = proofs.Proof.parse(self.files[name].decode())
        except UnicodeDecodeError:
            raise Malformed(what=name, reason=Text("UTF-8ではありません", "not UTF-8")) from None
        if found.note.encode() != self.files[CHECKPOINT]:
            raise Altered(what=name)
        return found

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
