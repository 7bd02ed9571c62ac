"""What each printed document says: the facts of a contract, an invoice, a member's statement and a provenance report.

A document is a frozen value, complete before it is drawn: templates hold no rule and read no clock. Sums are checked
when the value is made, so a page that does not add up cannot be printed. Texts are in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contributions.core.periods import jst_date
from contributions.core.words import Text
from licensing.core import layouts, specimens, variables
from licensing.core.assembly import Tree
from licensing.core.bills import InvoiceDocument, Line, Returned, StatementDocument, Step, Tax
from licensing.core.letterhead import Fact, Party, marks
from licensing.core.redlines import KINDS, SectionChange

__all__ = [
    "AgreementDocument",
    "Category",
    "Evidence",
    "Fact",
    "InvoiceDocument",
    "Line",
    "Party",
    "RedlineDocument",
    "ReportDocument",
    "Returned",
    "SpecimenDocument",
    "StatementDocument",
    "Step",
    "Tax",
    "marks",
]


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """A licence agreement ready to print."""

    number: str
    revision: int
    tree: Tree
    digest: str
    licensor: Party
    licensee: Party
    particulars: tuple[Fact, ...]
    made_at: datetime
    demo: bool
    test_signature: bool

    template = "agreement.html"

    @property
    def title(self) -> Text:
        """The contract's title."""
        return self.tree.title

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"agreement {self.number} {self.revision} {self.digest}"

    @property
    def reference(self) -> Text:
        """Number and version, as they stand at the head of each page."""
        return Text(f"{self.number}　第{self.revision}版", f"{self.number}, version {self.revision}")

    @property
    def reference_label(self) -> Text:
        """What that number is, at the head of the key terms."""
        return Text("契約番号", "Agreement number")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen or of a test signature."""
        return marks(self.demo, self.test_signature)

    @property
    def closing(self) -> Text:
        """The sentence before the signatures."""
        name = self.tree.name
        return Text(_CLOSING.ja.format(name=name.ja), _CLOSING.en.format(name=name.en))

    @property
    def rows(self) -> tuple[layouts.Row, ...]:
        """The body as rows to set."""
        return layouts.rows(self.tree)

    @property
    def annexes(self) -> dict[str, Text]:
        """What stands behind the signatures, by its name."""
        return layouts.annexes(self.tree, bool(self.particulars))

    @property
    def pricing(self) -> Text | None:
        """How the prices of 別紙1 apply; nothing where nothing is priced."""
        return _PRICING.get(self.tree.mode)


@dataclass(frozen=True, slots=True)
class SpecimenDocument(AgreementDocument):
    """The standard text with placeholders, for whoever thinks of concluding it; never an offer."""

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"specimen {self.digest}"

    @property
    def reference(self) -> Text:
        """It has no number: what stands at the head of each page says what it is."""
        return Text("見本", "Specimen")

    @property
    def marks(self) -> str:
        """On every page: no offer, and in a demo invented."""
        return "　".join(part for part in (specimens.MARK, marks(self.demo)) if part)


@dataclass(frozen=True, slots=True)
class RedlineDocument:
    """What changed between two frozen rounds of a negotiation, ready to print."""

    number: str
    licensee: Text
    before: int
    after: int
    digests: tuple[str, str]
    changes: tuple[SectionChange, ...]
    made_at: datetime
    demo: bool

    template = "redline.html"

    @property
    def title(self) -> Text:
        """The document's name."""
        return Text("新旧対照（修正履歴）", "Redline")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"redline {self.number} {self.digests[0]} {self.digests[1]}"

    @property
    def reference(self) -> Text:
        """What stands at the head of each page."""
        return Text(
            f"{self.number}　第{self.before}稿 → 第{self.after}稿",
            f"{self.number}, round {self.before} to {self.after}",
        )

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def shown(self) -> tuple[SectionChange, ...]:
        """The clauses that changed; what stayed is not printed."""
        return tuple(change for change in self.changes if change.kind != "same" or change.moved)

    @property
    def kinds(self) -> dict[str, Text]:
        """What each kind of change is called."""
        return KINDS


@dataclass(frozen=True, slots=True)
class Category:
    """One category of training data, described so that no contributor can be told from it."""

    name: Text
    extent: Text
    reviews: Text
    location: Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact of the report and where it is proved: which ledger entry, at which position."""

    fact: Text
    entry: str
    position: int
    statement_sha256: str


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The provenance and rights report (来歴・権利検証報告書) for one licensee.

    It holds no share, no member and no count of members.
    """

    number: str
    licensee: Party
    issuer: Party
    as_of: datetime
    licensed: tuple[Fact, ...]
    categories: tuple[Category, ...]
    training: tuple[Fact, ...]
    allocation: tuple[Fact, ...]
    payments: tuple[Fact, ...]
    evidence: tuple[Evidence, ...]
    checkpoint: tuple[Fact, ...]
    bundle: str
    limits: tuple[Text, ...]
    made_at: datetime
    demo: bool
    digest: str = ""

    template = "report.html"

    @property
    def title(self) -> Text:
        """The document's name; never 監査報告書, which is an accountant's opinion."""
        return Text("来歴・権利検証報告書", "Provenance and Rights Report")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"report {self.number}"

    @property
    def reference(self) -> Text:
        """What stands at the head of each page."""
        return Text(f"来歴・権利検証報告書　{self.number}", f"Provenance and rights report {self.number}")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def known_on(self) -> Text:
        """The day whose ledger the report speaks of."""
        return variables.day(jst_date(self.as_of))

    @property
    def command(self) -> str:
        """How anybody verifies the bundle without the server."""
        return f"python verify.pyz {self.bundle} --key log.vkey"

    @property
    def steps(self) -> tuple[Text, ...]:
        """Verification in words, one step after another."""
        return _STEPS


_CLOSING = Text(
    "{name}の成立を証するため、両当事者は、この電磁的記録に電子署名を行う。締結の日は、後に署名した当事者の電子署名の日とする。",
    "In witness of {name} the parties sign this electronic record electronically. The date of conclusion is "
    "the date of the later electronic signature.",
)
_PRICING = {
    "standard": Text("全ての数量に同一の単価を適用する。", "One price applies to the whole quantity."),
    "graduated": Text(
        "各段階に属する数量に、その段階の単価を適用し、合計する。",
        "The quantity within each tier is charged at the price of that tier, and the results are added.",
    ),
    "volume": Text(
        "数量が属する段階の単価を、全ての数量に適用する。",
        "The price of the tier that the quantity reaches applies to the whole quantity.",
    ),
    "package": Text(
        "所定の数量を一組とし、端数も一組として、組数に単価を適用する。",
        "Quantities are counted in packages, a part of a package as a whole one, each charged at the price.",
    ),
    "percentage": Text("対象額に料率を適用する。", "The rate applies to the base amount."),
    "graduated_percentage": Text(
        "各段階に属する対象額に、その段階の料率を適用し、合計する。",
        "The base amount within each tier is charged at the rate of that tier, and the results are added.",
    ),
}
_STEPS = (
    Text(
        "検証用プログラムと検証鍵（log.vkey）を、束とは別の経路で入手し、鍵の識別子を許諾者に確認する。",
        "Obtain the verifier and the verification key (log.vkey) by a route other than the bundle, and confirm the "
        "key's identifier with the issuer.",
    ),
    Text("下記の命令を、通信を断った計算機で実行する。", "Run the command below on a computer that is not connected."),
    Text(
        "検証鍵の識別子が許諾者のものであり、表示された時点証明の件数が、"
        "この報告書に記載の件数以上であることを確認する。",
        "Check that the key is the issuer's, and that the checkpoint shown counts at least as many entries "
        "as this report states.",
    ),
)
