"""The demo's chapter on contracts that existed before: a chain with an invented company, as scans would come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from contributions.core.words import Text
from licensing.adapters import pdf
from licensing.core import variables
from licensing.core.letterhead import Fact, marks
from licensing.core.outside import KINDS, Duty, Terms
from licensing.services import outside

_PARTY = "架空商事株式会社（架空）"
_CHAIN = (
    (
        Terms(
            "nda", "共同研究の検討に関する秘密保持契約", _PARTY, date(2025, 11, 4), date(2025, 11, 4),
            date(2028, 11, 4),
        ),
        "",
    ),
    (
        Terms(
            "evaluation", "学習済みモデルの評価に関する契約", _PARTY, date(2026, 1, 15), date(2026, 1, 15),
            date(2026, 7, 15), amount=1_100_000, relation="under",
        ),
        "nda",
    ),
    (
        Terms(
            "framework", "アノテーション業務委託基本契約", _PARTY, date(2026, 3, 2), date(2026, 4, 1), date(2027, 4, 1),
            renewal="automatic", renewal_months=12, notice_months=3, relation="succeeds",
        ),
        "evaluation",
    ),
    (
        Terms(
            "individual", "個別契約（2026年度上期 画像データ整備）", _PARTY, date(2026, 4, 20), date(2026, 4, 20),
            date(2026, 10, 1), amount=13_200_000, relation="under",
        ),
        "framework",
    ),
    (
        Terms(
            "memorandum", "個別契約の納期変更に関する覚書", _PARTY, date(2026, 7, 30), date(2026, 7, 30),
            date(2026, 12, 1), amount=0, relation="amends",
        ),
        "individual",
    ),
)  # fmt: skip


# What the contracts ask of either side: one is overdue, one falls due each half-year, one is money.
_DUTIES = {
    "framework": (
        Duty("作業体制表の提出（見本・架空）", "licensee", date(2026, 10, 20), "第6条第2項"),
        Duty("情報管理状況の報告（見本・架空）", "licensee", date(2026, 12, 15), "第9条", every_months=6),
    ),
    "individual": (
        Duty("委託料の支払（見本・架空）", "licensor", date(2026, 11, 30), "第4条", date(2026, 11, 1), 13_200_000),
    ),
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page that stands for a contract concluded elsewhere, marked as a specimen."""

    terms: Terms
    made_at: datetime
    demo: bool = True
    digest: str = ""

    template = "specimen.html"

    @property
    def title(self) -> Text:
        """What the contract calls itself."""
        return Text(self.terms.title, KINDS[self.terms.kind].en)

    @property
    def number(self) -> str:
        """It has no number of ours."""
        return ""

    @property
    def identity(self) -> str:
        """What makes this page this one."""
        return f"specimen {self.terms.kind} {self.terms.signed_on}"

    @property
    def reference(self) -> Text:
        """What stands at the head of the page."""
        return KINDS[self.terms.kind]

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(True)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the page says."""
        amount = variables.yen(self.terms.amount) if self.terms.amount else Text("定めなし", "none")
        return (
            Fact(Text("相手方", "Counterparty"), Text(self.terms.counterparty, "Kaku Trading (fictitious)")),
            Fact(Text("締結日", "Concluded on"), variables.day(self.terms.signed_on)),
            Fact(Text("金額（税込）", "Amount, tax included"), amount),
        )


def take_in(act) -> None:
    """Legal takes in a chain: NDA, evaluation, framework, individual agreement, memorandum."""
    numbers: dict[str, str] = {"": ""}
    for minute, (terms, follows) in enumerate(_CHAIN):
        given = act("homu", f"2026-10-30 15:{minute:02d}", f"outside {terms.kind}")
        content = pdf.write(Specimen(terms, given["at"]))
        name = f"{terms.signed_on:%Y%m%d}_{terms.kind}.pdf"
        row = outside.take(
            terms, name=name, content=content, follows=numbers[follows], duties=_DUTIES.get(terms.kind, ()), **given
        )
        numbers[terms.kind] = row.number
