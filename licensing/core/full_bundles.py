"""Checking a full bundle: the whole log, and the adopted allocation over again.

Order: the entries under the checkpoint; the adoption among them; the policy it names; the inputs folded anew from the
statements; the shares computed anew from both; the salted rows whose root the adoption holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from contributions.core import canonical, committed, merkle, proofs, rate_rows, signed_statements
from contributions.core.errors import Refused
from contributions.core.proofs import Altered, Malformed
from contributions.core.words import Text
from licensing.core import allocations, bundles, inputs, recounts
from licensing.core.kinds import ALL
from licensing.core.results import Result
from licensing.core.verdicts import (
    NO_ALLOCATION,
    SUM,
    InputsChanged,
    PolicyChanged,
    ShareChanged,
    ValuationChanged,
    Verdict,
    said,
)

DOCUMENT_BYTES_MAX = 64 * 1024 * 1024
OTHER_LINES = Text(
    "換算表のルートハッシュが、採択された行のものではありません", "it is not the root over the lines that were adopted"
)
T = TypeVar("T")


class FullBundle:
    """A full bundle: the whole log, and the adopted allocation over again."""

    def __init__(self, files: Mapping[str, bytes], verdict: Verdict) -> None:
        self.files, self.verdict, self.checkpoint = files, verdict, verdict.checkpoint
        self.statements: list[dict[str, Any] | None] = []

    def check(self) -> None:
        self._check_log()
        self._recount()
        self._check_cards()
        seq, facts = self._adopted()
        policy = self._policy(seq, facts)
        window = self._inputs(seq, facts, policy)
        result = self._result(facts, policy, window)
        self._rows(facts, result)
        self.verdict.unchecked += [
            Text(
                "記録された事実そのものの真実性、証憑ファイルの内容",
                "whether what was recorded is true; the evidence files",
            ),
            Text(
                "台帳が他の人に別の歴史を示していないこと（他者の持つ時点証明と --at-least で照合できます）",
                "that the log showed nobody another history (compare with a checkpoint others hold: --at-least)",
            ),
        ]

    def _check_log(self) -> None:
        leaves = bundles.lines_of(self.files["leaves.jsonl"])
        statements = [
            None if line == bundles.ERASED else line for line in bundles.lines_of(self.files["statements.jsonl"])
        ]
        hashes = leaf_hashes(self.files)
        self.statements = proofs.check_log(leaves, statements, self.checkpoint, kinds=ALL, hashes=hashes)
        if merkle.root(hashes) != self.checkpoint.root:
            raise Altered(what="hashes.txt")
        self._check_signatures(leaves)
        erased = self.statements.count(None)
        size = self.checkpoint.size
        self.verdict.checked.append(
            Text(
                f"台帳記録 {size} 件すべて：順序、件数、ルートハッシュ、記録内容の一致、種別、仕訳の貸借一致",
                f"all {size} entries: order, number, root, statements, kinds, balanced movements",
            )
        )
        if erased:
            self.verdict.unchecked.append(
                Text(
                    f"法令により消去された記録内容 {erased} 件の内容",
                    f"what {erased} statements said that law had erased",
                )
            )

    def _check_signatures(self, leaves: list[bytes]) -> None:
        """Members' signatures on what they stated: each by a key that the member had enrolled before."""
        keys = signed_statements.Keys(self.checkpoint.origin)

        def digest_of(seq: int) -> str:
            return str(canonical.loads(leaves[seq])["statement_sha256"])

        for seq, statement in enumerate(self.statements):
            if statement is not None:
                keys.read(seq, statement, digest_of, what=proofs.entry_name(seq))
        if keys.count:
            self.verdict.checked.append(
                Text(
                    f"会員による記録内容への署名 {keys.count} 件：登録された会員の鍵によるもの",
                    f"members’ signatures on {keys.count} statements: by keys that they had enrolled",
                )
            )

    def _recount(self) -> None:
        """Every ballot counted again, and every adoption held against the ballot that it names."""
        try:
            numbers = recounts.recount(
                (seq, said["kind"] if said else None, said["facts"] if said else {})
                for seq, said in enumerate(self.statements)
            )
        except (KeyError, TypeError, AttributeError):
            raise Malformed(what=Text("議決", "a ballot"), reason=Text("項目の過不足", "fields missing")) from None
        if numbers:
            listed = "・".join(map(str, numbers))
            self.verdict.checked.append(
                Text(
                    f"議決 第{listed}号：選挙人、規則、投票から数え直し一致",
                    f"ballots {', '.join(map(str, numbers))}: counted again from electorate, rule and votes",
                )
            )

    def _check_cards(self) -> None:
        """The roots of rate cards, against which members are shown their factors, are those of the adopted lines."""
        said = [(seq, one) for seq, one in enumerate(self.statements) if one is not None]
        try:
            wrong = rate_rows.unfaithful(said)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Malformed(what=Text("換算表", "a rate card"), reason=Text("項目の過不足", "fields missing")) from None
        if wrong:
            raise Malformed(what=proofs.entry_name(wrong[0]), reason=OTHER_LINES)
        if stated := sum(1 for _, one in said if one["kind"] == rate_rows.COMMITTED):
            self.verdict.checked.append(
                Text(
                    f"換算表 {stated} 版のルートハッシュ：採択された行から計算し直し一致",
                    f"the roots of rate cards ({stated} editions): worked out again from the adopted lines",
                )
            )

    def _of_kind(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        return [(seq, s["facts"]) for seq, s in enumerate(self.statements) if s is not None and s["kind"] == kind]

    def _adopted(self) -> tuple[int, dict[str, Any]]:
        """The adoption this bundle is about: the one most of its files belong to, the latest of those."""
        digests = {name: canonical.sha256_hex(self.files[f"{name}.json"]) for name in ("policy", "inputs")}

        def fits(row: tuple[int, dict[str, Any]]) -> tuple[int, int]:
            return sum(row[1][f"{name}_sha256"] == digest for name, digest in digests.items()), row[0]

        adopted = self._of_kind("allocation.adopted")
        if not adopted:
            raise Malformed(what=Text("台帳", "the log"), reason=NO_ALLOCATION)
        seq, facts = max(adopted, key=fits)
        if facts["sum"] != "1":
            raise Malformed(what=proofs.entry_name(seq), reason=SUM)
        return seq, facts

    def _policy(self, seq: int, facts: Mapping[str, Any]) -> dict[str, Any]:
        digest = canonical.sha256_hex(self.files["policy.json"])
        adopted = [at for at, said in self._of_kind("policy.adopted") if said["policy_sha256"] == digest and at < seq]
        if digest != facts["policy_sha256"] or not adopted:
            raise PolicyChanged
        self.verdict.checked.append(
            Text(
                f"配分規程：台帳記録 第 {adopted[-1]} 号で採択されたもの",
                f"the policy: the one adopted in entry {adopted[-1]}",
            )
        )
        return _object(self.files, "policy.json")

    def _inputs(self, seq: int, facts: Mapping[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
        size, window = facts["checkpoint"], facts["window"]
        if not isinstance(size, int) or not 0 < size <= seq or not isinstance(window, list) or len(window) != 2:
            raise Malformed(what=proofs.entry_name(seq), reason=Text("時点または対象期間", "checkpoint or window"))
        root = merkle.root(leaf_hashes(self.files)[:size]).hex()
        statements = [statement for statement in self.statements[:size] if statement is not None]
        folded = _computed(
            lambda: inputs.fold(
                statements,
                policy=policy,
                release=facts["release"],
                window=(window[0], window[1]),
                log={"size": size, "root": root},
                opened=self._parents(),
            )
        )
        expected = canonical.dumps(folded)
        if self._is_other_valuation(folded):
            raise ValuationChanged(name="inputs.json", expected=expected)
        if expected != self.files["inputs.json"] or canonical.sha256_hex(expected) != facts["inputs_sha256"]:
            raise InputsChanged(name="inputs.json", expected=expected)
        self.verdict.checked.append(
            Text(
                f"配分の入力：記録 0〜{size - 1} から再構成し一致", f"the inputs: rebuilt from entries 0 to {size - 1}"
            )
        )
        return dict(folded)

    def _parents(self) -> dict[str, Any]:
        """The rows that parents' shares are taken from; the fold compares them with the roots that the log holds."""
        return _object(self.files, bundles.PARENTS) if bundles.PARENTS in self.files else {}

    def _is_other_valuation(self, folded: Mapping[str, Any]) -> bool:
        """Whether the stated inputs differ from the folded ones in the values of coalitions, and in nothing else."""
        try:
            stated = canonical.loads(self.files["inputs.json"])
        except canonical.NotCanonical:
            return False
        if not isinstance(stated, dict) or stated == folded:
            return False
        return bool(folded.get("valuations")) and stated | {"valuations": folded["valuations"]} == folded

    def _result(self, facts: Mapping[str, Any], policy: dict[str, Any], folded: dict[str, Any]) -> Result:
        result = _computed(lambda: allocations.allocate(policy, folded))
        expected = canonical.dumps(result.document())
        digest = canonical.sha256_hex(expected)
        if expected != self.files["result.json"] or facts.get("result_sha256", digest) != digest:
            raise ShareChanged(name="result.json", expected=expected)
        self.verdict.checked.append(
            Text(
                "配分比率：規程と入力から計算し直し一致、合計はちょうど 1",
                "the shares: recomputed from policy and inputs, sum exactly 1",
            )
        )
        return result

    def _rows(self, facts: Mapping[str, Any], result: Result) -> None:
        stated = _document(self.files, "rows.json")
        try:
            salts = {row["row"]: row["salt"] for row in stated}
            expected = allocations.rows(result, lambda name: salts[name])
        except (KeyError, TypeError):
            raise Malformed(what="rows.json", reason=Text("行の形", "its rows")) from None
        if canonical.dumps(expected) != self.files["rows.json"]:
            raise ShareChanged(name="rows.json", expected=canonical.dumps(expected))
        if committed.rows_root(expected) != facts["rows_root"]:
            raise Altered(what="rows.json")
        self.verdict.checked.append(
            Text(
                "ソルト付きの行：採択の記録が示すルートハッシュと一致",
                "the salted rows: they lead to the root the adoption holds",
            )
        )


def leaf_hashes(files: Mapping[str, bytes]) -> list[bytes]:
    """The leaf hashes that a full bundle lists; none where the file is not what it should be."""
    lines = bundles.lines_of(files["hashes.txt"])
    try:
        found = [bytes.fromhex(line.decode("ascii")) for line in lines]
    except ValueError:
        return []
    return found if all(len(line) == 64 for line in lines) and len(lines) * 65 == len(files["hashes.txt"]) else []


def _document(files: Mapping[str, bytes], name: str) -> Any:
    if len(files[name]) > DOCUMENT_BYTES_MAX:
        raise Malformed(what=name, reason=Text("長すぎます", "too long"))
    try:
        return canonical.loads(files[name])
    except canonical.NotCanonical as wrong:
        raise Malformed(what=name, reason=said(wrong)) from None


def _object(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    value = _document(files, name)
    if not isinstance(value, dict):
        raise Malformed(what=name, reason=Text("項目の過不足", "fields missing or unknown"))
    return value


def _computed(compute: Callable[[], T]) -> T:
    """The outcome of a rule applied to what a bundle says; whatever it cannot digest is ill-formed."""
    try:
        return compute()
    except Refused as wrong:
        raise Malformed(what=Text("配分計算", "the allocation"), reason=said(wrong)) from None
    except Exception as wrong:
        reason = type(wrong).__name__
        raise Malformed(what=Text("配分計算", "the allocation"), reason=Text(reason, reason)) from None
