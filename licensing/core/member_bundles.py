"""Checking a member's bundle: its own entries, the policy, and its extract of the adopted division.

What can be worked out from it is worked out again: the own lines from the own entries, the own points from the lines,
and, where every total behind it is open, the own share. Each share, and each total that is shown, opens against the
root in the adopted record; of a total that is not shown the commitment is checked to stand there, and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from contributions.core import canonical, committed, proofs
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.proofs import Malformed
from contributions.core.words import Text
from licensing.core import allocations, disclosed, divisions, extracts, policies, ratings
from licensing.core.categories import CATEGORIES
from licensing.core.methods import WEIGHTED, Method
from licensing.core.policies import Policy, Right
from licensing.core.pools import CATEGORY, Pool
from licensing.core.suppression import category_of
from licensing.core.verdicts import NO_ALLOCATION, SUM, InputsChanged, PolicyChanged, ShareChanged, Verdict

EXTRACT = "division.json"
OTHERS = "~others"
ATTESTING = ("desk", "auditor")
WHOLE, BEFORE_BOUNDS, ATTESTED = "whole", "before-bounds", "attested"
NOT_ATTESTED = Text(
    "配分デスクと監査人の両方の確認の記録がありません", "the attestations of both desk and auditor are not there"
)
FOREIGN = Text("他の会員の記録です", "it is another member’s")
Document = Mapping[str, Any]


class MemberBundle:
    """A member's bundle: its own entries, each proven, and what the adopted division shows it."""

    def __init__(self, files: Mapping[str, bytes], verdict: Verdict) -> None:
        self.files, self.verdict = files, verdict
        self.extract: dict[str, Any] = {}
        self.opened: dict[str, Document] = {}

    def check(self) -> None:
        statements = disclosed.statements(self.files, self.verdict.checkpoint)
        self.extract = _read(self.files)
        try:
            self._check(statements)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration, ZeroDivisionError):
            raise Malformed(what=EXTRACT, reason=Text("項目の過不足", "fields missing")) from None
        shown, others = disclosed.said_shown(len(statements), self.verdict.checkpoint.size)
        self.verdict.checked.insert(2, shown)
        self.verdict.unchecked += [
            Text(
                "他の会員の配分比率と、全員の合計が 1 であること（配分デスクと監査人が再計算し、記録しています）",
                "the other members’ shares, and that all sum to one (desk and auditor recomputed it and recorded so)",
            ),
            Text(
                "採択を可決した議決（ほかの会員の投票を含むため）",
                "the ballot that carried the adoption (it holds other members’ votes)",
            ),
            others,
            Text(
                "記録された事実そのものの真実性、証憑ファイルの内容",
                "whether what was recorded is true; the evidence files",
            ),
        ]

    def _check(self, statements: Mapping[int, Document]) -> None:
        member = self.extract["member"]
        foreign = next((seq for seq, said in statements.items() if said["member"] not in {None, member}), None)
        if foreign is not None:
            raise Malformed(what=proofs.entry_name(foreign), reason=FOREIGN)
        seq, facts = self._adopted(statements)
        rule = self._policy(statements, seq, facts)
        self._attested(statements, seq, facts)
        self._lines(statements, facts)
        self._points(rule)
        self._rows(rule, facts["rows_root"])
        self._shares(rule)

    # ---- what was adopted, by which policy, and who answers for it ----
    def _adopted(self, statements: Mapping[int, Document]) -> tuple[int, Document]:
        found = [
            (seq, said["facts"])
            for seq, said in statements.items()
            if said["kind"] == "allocation.adopted" and said["facts"]["allocation"] == self.extract["allocation"]
        ]
        if not found:
            raise Malformed(what=Text("会員向け検証資料", "the member’s bundle"), reason=NO_ALLOCATION)
        seq, facts = found[-1]
        if facts["sum"] != "1":
            raise Malformed(what=proofs.entry_name(seq), reason=SUM)
        if any(facts[name] != self.extract[name] for name in extracts.HEADING):
            raise ShareChanged(name=EXTRACT)
        return seq, facts

    def _policy(self, statements: Mapping[int, Document], seq: int, facts: Document) -> Policy:
        digest = canonical.sha256_hex(self.files["policy.json"])
        adopted = [
            at
            for at, said in statements.items()
            if said["kind"] == "policy.adopted" and said["facts"]["policy_sha256"] == digest and at < seq
        ]
        if digest != facts["policy_sha256"] or not adopted:
            raise PolicyChanged
        self.verdict.checked.append(
            Text(
                f"配分規程：台帳記録 第 {adopted[-1]} 号で採択され、第 {seq} 号の採択が用いたもの",
                f"the policy: adopted in entry {adopted[-1]}, and the one that the adoption in entry {seq} went by",
            )
        )
        try:
            return policies.read(canonical.loads(self.files["policy.json"]))
        except Refused as wrong:
            raise Malformed(what="policy.json", reason=Text(wrong.text("ja"), wrong.text("en"))) from None

    def _attested(self, statements: Mapping[int, Document], seq: int, facts: Document) -> None:
        found = {
            said["facts"]["attested_by"]: at
            for at, said in statements.items()
            if said["kind"] == "allocation.attested"
            and said["facts"]["allocation"] == facts["allocation"]
            and said["facts"]["result_sha256"] == facts["result_sha256"]
            and at < seq
        }
        if not set(ATTESTING) <= set(found):
            raise Malformed(what=Text("会員向け検証資料", "the member’s bundle"), reason=NOT_ATTESTED)
        desk, auditor = (found[who] for who in ATTESTING)
        self.verdict.checked.append(
            Text(
                f"配分デスク（第 {desk} 号）と監査人（第 {auditor} 号）が、採択されたのと同じ計算結果を"
                "再計算して確認した記録",
                f"that the desk (entry {desk}) and the auditor (entry {auditor}) recorded to have recomputed the very"
                " result that was adopted",
            )
        )

    # ---- own lines and points ----
    def _lines(self, statements: Mapping[int, Document], facts: Document) -> None:
        """The own lines are what the own entries before the run's checkpoint come to."""
        policy, size = canonical.loads(self.files["policy.json"]), facts["checkpoint"]
        before = [dict(said) for seq, said in sorted(statements.items()) if seq < size]
        left = set(self.extract["unproven"])
        if set(extracts.unproven(self.extract, before, policy)) - left:
            raise InputsChanged(name=EXTRACT)
        rebuilt = [code for code in self.extract["points"] if code not in left]
        self._say(
            rebuilt,
            "自社の明細（{ja}）：自社の台帳記録から作り直し一致",
            "the own lines ({en}): rebuilt from own entries",
        )
        self._doubt(
            sorted(left),
            "自社の明細（{ja}）のもとになった台帳記録（件数が多く、または開示されないため、この資料に含みません）",
            "the entries behind the own lines ({en}): too many, or not disclosed, and so not in this bundle",
        )
        self._rates(before, policy)

    def _rates(self, before: list[dict[str, Any]], policy: Document) -> None:
        """The factors of the own lines are those of the opened rows, under the roots that the log states.

        A bundle of before has no such rows: there the factors stay attested.
        """
        rated = sorted({line["category"] for line in self.extract["lines"] if line["factors"]})
        left = set(self.extract.get("unrated", rated))
        if "rates" in self.extract and set(ratings.unrated(self.extract, before, policy, ratings.roots(before))) - left:
            raise InputsChanged(name=EXTRACT)
        self._say(
            [code for code in rated if code not in left],
            "自社の明細の評価係数（{ja}）：換算表のルートハッシュに対して自社の行を開示し、係数が一致",
            "the rated factors of the own lines ({en}): the own rows of the rate cards open against their roots",
        )
        self._doubt(
            [code for code in rated if code in left],
            "評価係数（{ja}）：全会員分を一つの表に定めるため開示されません。係数の値は明細にあります",
            "the rated factors ({en}): their tables speak of all members and are not disclosed; the lines state the"
            " values",
        )

    def _points(self, rule: Policy) -> None:
        """Own points over again: quantity · counted · points per unit · Π factors, line by line, and their sums."""
        member = self.extract["member"]
        rows = [{**line, "member": member} for line in self.extract["lines"]]
        try:
            lines = allocations.rated(rule, {"members": [{"member": member}], "lines": rows})[member]
        except Refused:
            raise ShareChanged(name=EXTRACT) from None
        points = dict.fromkeys((category.code for category in rule.categories), Fraction(0))
        for line, stated in zip(lines, self.extract["lines"], strict=True):
            if line.document() != stated:
                raise ShareChanged(name=EXTRACT)
            points[line.category] += line.points
        if {code: fraction(value) for code, value in self.extract["points"].items()} != points:
            raise ShareChanged(name=EXTRACT)
        if lines:
            self.verdict.checked.append(
                Text(
                    f"自社の点数：明細 {len(lines)} 件から計算し直し一致",
                    f"the own points: recomputed from the {len(lines)} own lines",
                )
            )

    # ---- what opens against the adopted root ----
    def _rows(self, rule: Policy, root: str) -> None:
        for one in self.extract["opened"]:
            if not committed.leads_to(root, committed.row_hash(one["row"]), one):
                raise ShareChanged(name=EXTRACT)
            self.opened[one["row"]["row"]] = one["row"]
        codes = sorted(category.code for category in rule.categories)
        # Rows stand in order of their names, and those of categories come first: a commitment cannot change places.
        places = {f"category:{code}": place for place, code in enumerate(codes)}
        sealed = {one["name"]: one for one in self.extract["sealed"]}
        for name, one in sealed.items():
            hash_ = bytes.fromhex(one["commitment"])
            if one["index"] != places[name] or not committed.leads_to(root, hash_, one):
                raise ShareChanged(name=EXTRACT)
        own = {extracts.own_row(rule.v, right.right, self.extract["member"]) for right in rule.shared}
        if set(self.opened) | set(sealed) != own | set(places) or set(self.opened) & set(sealed):
            raise ShareChanged(name=EXTRACT)
        self._say(
            [code for code in codes if f"category:{code}" in self.opened],
            "区分の総量（{ja}）：採択の記録が示すルートハッシュに対して開示値が一致",
            "the totals of {en}: they open against the root in the adopted record",
        )
        hidden = [code for code in codes if f"category:{code}" in sealed]
        self._say(
            hidden,
            "示されない総量（{ja}）のコミットメント値が採択の記録に含まれること",
            "that the commitments to the totals not shown ({en}) stand in the adopted record",
        )
        self._doubt(
            hidden,
            "示されない総量（{ja}）：配分デスクと監査人が確認・記録済み。ここでは計算し直していません",
            "the totals not shown ({en}): attested by desk and auditor, not recomputed here",
        )

    # ---- own shares ----
    def _shares(self, rule: Policy) -> None:
        stated = {row["right"]: row for row in self.extract["rights"]}
        if set(stated) != {right.right for right in rule.shared}:
            raise ShareChanged(name=EXTRACT)
        found: dict[str, list[str]] = {WHOLE: [], BEFORE_BOUNDS: [], ATTESTED: []}
        for right in rule.shared:
            row = stated[right.right]
            opened = self.opened[extracts.own_row(rule.v, right.right, self.extract["member"])]
            if (row["share"], row["grid"]) != (opened["share"], opened["of"]) or row["grid"] != right.grid:
                raise ShareChanged(name=EXTRACT)
            self._terms(row)
            found[self._recomputed(right, row)].append(right.right)
        self._say_rights(
            [right.right for right in rule.shared],
            "自社の配分比率（{ja}）：採択の記録が示すルートハッシュに対して開示値が一致",
            "the own shares ({en}): they open against the root in the adopted record",
        )
        self._say_rights(
            found[WHOLE],
            "自社の配分比率（{ja}）：規程と総量から計算し直し一致",
            "the own shares ({en}): recomputed from policy and totals",
        )
        self._say_rights(
            found[BEFORE_BOUNDS],
            "下限・上限を適用する前の自社の配分比率（{ja}）：規程と総量から計算し直し一致",
            "the own shares ({en}) before floor and cap: recomputed from policy and totals",
        )
        self._doubt_rights(
            found[BEFORE_BOUNDS],
            "下限・上限による調整（{ja}）：全会員の配分比率によるため、計算し直していません（確認済み・再計算なし）",
            "what floor and cap did to the own shares ({en}): attested, not recomputed, since it turns on every member",
        )
        self._doubt_rights(
            found[ATTESTED],
            "自社の配分比率（{ja}）の計算：もとになる数値のすべては示されないため、計算し直していません"
            "（確認済み・再計算なし）",
            "how the own shares ({en}) came out: attested, not recomputed, since not all behind them is shown",
        )

    def _terms(self, row: Document) -> None:
        """What a right's terms state fits what was opened, the own points, and itself."""
        for term in row["terms"]:
            code = category_of(term["term"])
            if term["kind"] == CATEGORY:
                amount, opened = term["amount"], self.opened.get(f"category:{code}")
                if amount is not None and fraction(amount) != fraction(self.extract["points"][code]):
                    raise ShareChanged(name=EXTRACT)
                if (term["total"] is None) == (opened is not None):
                    raise ShareChanged(name=EXTRACT)
                if opened is not None and fraction(opened["points"]) != fraction(term["total"]):
                    raise ShareChanged(name=EXTRACT)
            if term["total"] is not None and term["part"] is not None:
                amount, total = fraction(term["amount"] or "0"), fraction(term["total"])
                if fraction(term["part"]) * total != fraction(term["effective"]) * amount:
                    raise ShareChanged(name=EXTRACT)

    def _recomputed(self, right: Right, row: Document) -> str:
        """How far the share follows from policy, own points and opened totals; refuses one that does not fit.

        The share before bounds is divided anew, with all others as one: their points are total − own. A share that no
        bound moved is the one before bounds, and the grid's lies less than one part of it away.
        """
        raw = sum((fraction(term["part"]) for term in row["terms"] if term["part"] is not None), Fraction(0))
        exact = None if row["exact"] is None else fraction(row["exact"])
        if exact is not None and (
            fraction(row["raw"]) != raw or abs(Fraction(row["share"], row["grid"]) - exact) * row["grid"] >= 1
        ):
            raise ShareChanged(name=EXTRACT)
        method = right.method
        assert method is not None
        if method.name != WEIGHTED or any(f"category:{code}" not in self.opened for code in method.weights):
            return ATTESTED
        if self._divided(right, method) != raw:
            raise ShareChanged(name=EXTRACT)
        return WHOLE if exact == raw else BEFORE_BOUNDS

    def _divided(self, right: Right, method: Method) -> Fraction:
        """The own share before bounds, by the right's method over the opened totals."""
        member, points = self.extract["member"], {}
        for code in method.weights:
            own, total = fraction(self.extract["points"][code]), fraction(self.opened[f"category:{code}"]["points"])
            if own > total:
                raise ShareChanged(name=EXTRACT)
            points[code] = {member: own, OTHERS: total - own}
        try:
            return divisions.divide(method, Pool((member, OTHERS), points), right.right).raw(member)
        except Refused:
            raise ShareChanged(name=EXTRACT) from None

    # ---- words ----
    def _say(self, codes: Iterable[str], ja: str, en: str) -> None:
        _add(self.verdict.checked, codes, CATEGORIES, ja, en)

    def _say_rights(self, codes: Iterable[str], ja: str, en: str) -> None:
        _add(self.verdict.checked, codes, policies.RIGHTS, ja, en)

    def _doubt_rights(self, codes: Iterable[str], ja: str, en: str) -> None:
        _add(self.verdict.unchecked, codes, policies.RIGHTS, ja, en)

    def _doubt(self, codes: Iterable[str], ja: str, en: str) -> None:
        _add(self.verdict.unchecked, codes, CATEGORIES, ja, en)


def _add(into: list[Text], codes: Iterable[str], names: Mapping[str, Text], ja: str, en: str) -> None:
    if listed := list(codes):
        said_ja, said_en = _listed(listed, names)
        into.append(Text(ja.format(ja=said_ja), en.format(en=said_en)))


def _listed(codes: Iterable[str], names: Mapping[str, Text]) -> tuple[str, str]:
    found = [names[code] for code in codes]
    return "、".join(name.ja for name in found), ", ".join(name.en[:1].lower() + name.en[1:] for name in found)


def _read(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        value = canonical.loads(files[EXTRACT])
    except canonical.NotCanonical as wrong:
        raise Malformed(what=EXTRACT, reason=Text(wrong.text("ja"), wrong.text("en"))) from None
    if not isinstance(value, dict) or value.get("v") != 1:
        raise Malformed(what=EXTRACT, reason=Text("書式", "format"))
    return value
