"""What the papers of a contract's life say: the 覚書 that amends it, and the consolidated text of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from contributions.core.words import Text
from licensing.core import variables
from licensing.core.amendments import Change
from licensing.core.assembly import Article
from licensing.core.documents import AgreementDocument
from licensing.core.letterhead import ILLUSTRATIVE, Party, marks


@dataclass(frozen=True, slots=True)
class Replaced:
    """An article that comes, goes or is reworded: its number before and after, and its new text."""

    before: Article | None
    after: Article | None

    @property
    def sentence(self) -> Text:
        """What happens to the article, as a 覚書 says it."""
        if self.before is None and self.after is not None:
            label, heading = self.after.label, self.after.heading
            return Text(
                f"次の条を{label.ja}（{heading.ja}）として加える。",
                f"The following is added as {label.en} ({heading.en}).",
            )
        assert self.before is not None
        label, heading = self.before.label, self.before.heading
        if self.after is None:
            return Text(f"{label.ja}（{heading.ja}）を削る。", f"{label.en} ({heading.en}) is deleted.")
        return Text(
            f"{label.ja}（{heading.ja}）を次のとおり改める。",
            f"{label.en} ({heading.en}) is replaced by the following.",
        )


@dataclass(frozen=True, slots=True)
class MemorandumDocument:
    """An amendment ready to print and sign."""

    number: str
    agreement: str
    version: int
    concluded_on: date
    effective_from: date
    changes: tuple[Change, ...]
    articles: tuple[Replaced, ...]
    digest: str
    licensor: Party
    licensee: Party
    made_at: datetime
    demo: bool
    test_signature: bool

    template = "memorandum.html"

    @property
    def title(self) -> Text:
        """The paper's title."""
        return Text("変更契約書（覚書）", "Amendment Agreement (Memorandum)")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"amendment {self.number} {self.digest}"

    @property
    def reference(self) -> Text:
        """Its number, as it stands at the head of each page."""
        return Text(f"{self.number}（契約 {self.agreement}）", f"{self.number} (agreement {self.agreement})")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen or of a test signature."""
        return marks(self.demo, self.test_signature)

    @property
    def preamble(self) -> Text:
        """Who changes which contract."""
        ja, en = variables.day(self.concluded_on).ja, variables.day(self.concluded_on).en
        return Text(
            f"{self.licensor.name.ja}（以下「許諾者」という。）と{self.licensee.name.ja}（以下「利用者」という。）とは、"
            f"両当事者が{ja}に締結した基盤モデル利用許諾契約（契約番号 {self.agreement}。以下「原契約」という。）"
            "の一部を次のとおり変更することに合意し、この覚書を締結する。",
            f"{self.licensor.name.en} (the “Licensor”) and {self.licensee.name.en} (the “Licensee”) agree to amend the"
            f" Foundation Model Licence Agreement that they concluded on {en} (number {self.agreement}; the “Original"
            " Agreement”) as follows.",
        )

    @property
    def effect(self) -> Text:
        """From when it holds, and what it leaves alone."""
        day = variables.day(self.effective_from)
        return Text(
            f"この覚書による変更は、{day.ja}から適用し、同日前の利用に係る利用料には適用しない。",
            f"The changes made by this memorandum apply from {day.en}, and not to Fees for use before that day.",
        )

    @property
    def rest(self) -> Text:
        """That all else stays as it was."""
        return Text(
            "この覚書により変更しない原契約の条項は、引き続き効力を有する。この覚書で用いる用語の意義は、原契約の"
            "定めるところによる。",
            "All provisions of the Original Agreement that this memorandum does not amend remain as they were. Terms"
            " used in this memorandum have the meanings given in the Original Agreement.",
        )

    @property
    def closing(self) -> Text:
        """The sentence before the signatures."""
        return Text(
            "この覚書の成立を証するため、この電磁的記録を作成し、両当事者が電子署名を行う。日本語を正文とする。",
            "In witness whereof the parties have made this electronic record and signed it electronically."
            " The Japanese text prevails.",
        )


@dataclass(frozen=True, slots=True)
class ConsolidatedDocument(AgreementDocument):
    """The text in force on a day, for reading: it is not signed, and says so on every page."""

    as_of: date = date.min
    sources: tuple[str, ...] = ()

    template = "consolidation.html"

    @property
    def title(self) -> Text:
        """The contract's title, marked as a consolidation."""
        return Text(f"{self.tree.title.ja}（統合版）", f"{self.tree.title.en} (consolidation)")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"consolidation {self.number} {self.as_of.isoformat()} {self.digest}"

    @property
    def marks(self) -> str:
        """What must stand on every page: that it is a consolidation, and that a demo is one."""
        return "　".join([CONSOLIDATION.ja] + [ILLUSTRATIVE.ja] * self.demo)

    @property
    def notice(self) -> Text:
        """What the reader holds."""
        day = variables.day(self.as_of)
        names = "、".join(self.sources)
        english = ", ".join(self.sources)
        worked_in = f"原契約に変更契約（{names}）を織り込んだ" if names else "原契約の"
        return Text(
            f"この文書は、{worked_in}{day.ja}現在の統合版であり、参考のために作成したものです。"
            "効力を有するのは、署名済みの原契約及び変更契約です。",
            f"This is the text as of {day.en}, with {english or 'no amendment'} worked into the original agreement,"
            " made for reading. What binds is the signed agreement and the signed amendments.",
        )


CONSOLIDATION = Text("統合版・参考（署名なし）", "Consolidation for reading, not signed")
