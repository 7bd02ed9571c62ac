"""Papers of an ending: the notice that ends an agreement, and the form of the certificate that copies were deleted.

A notice is a letter, in the polite style; what it ends, on which provision and from when are the agreement's own words.
The certificate is a form: what was delivered and by when it is to be deleted are printed, the rest its maker fills in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from contributions.core.words import Text
from licensing.core import variables
from licensing.core.letterhead import Fact, Party, marks

# What the letter is called, and what it does: 解除 for a ground in the other side, 解約 on mere notice, and a
# confirmation where nobody gives notice.
_TITLES = {
    "convenience": Text("契約解約通知書", "Notice of Termination"),
    "exit": Text("契約解約通知書", "Notice of Termination"),
    "agreed": Text("契約終了確認書", "Confirmation of the End of an Agreement"),
    "step-up": Text("契約終了確認書", "Confirmation of the End of an Agreement"),
}
_TITLE = Text("契約解除通知書", "Notice of Termination for Cause")
_ON_NOTICE = ("convenience", "exit")  # 解約: no fault of the other side is needed


@dataclass(frozen=True, slots=True)
class Ended:
    """The agreement that ends, and on what."""

    agreement: str
    title: Text
    concluded_on: date
    ground: str
    ground_label: Text
    provision: Text
    effective_at: Text
    reason: str
    demanded_on: date | None = None
    wind_down_until: date | None = None
    delete_by: date | None = None
    survivors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """The letter that gives notice of a termination, or confirms one that both agreed to."""

    number: str
    ended: Ended
    sender: Party
    recipient: Party
    given_on: date
    made_at: datetime
    demo: bool
    digest: str = ""

    template = "notice.html"

    @property
    def title(self) -> Text:
        """What the letter is called."""
        return _TITLES.get(self.ended.ground, _TITLE)

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"notice {self.number}"

    @property
    def reference(self) -> Text:
        """Its number, as it stands at the head of each page."""
        return Text(
            f"{self.number}（契約 {self.ended.agreement}）", f"{self.number} (agreement {self.ended.agreement})"
        )

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def dated(self) -> Text:
        """The day of the letter."""
        return variables.day(self.given_on)

    @property
    def body(self) -> Text:
        """What the letter says."""
        one, on = self.ended, variables.day(self.ended.concluded_on)
        what = Text(
            f"両当事者が{on.ja}に締結した「{one.title.ja}」（契約番号 {one.agreement}。以下「本契約」といいます。）",
            f"the “{one.title.en}” (number {one.agreement}; the “Agreement”) concluded on {on.en}",
        )
        if one.ground in _TITLES and one.ground not in _ON_NOTICE:
            return Text(
                f"{what.ja}は、下記のとおり終了したこと、又は終了することを確認します。",
                f"We confirm that {what.en} has ended, or will end, as set out below.",
            )
        verb = Text("解約", "terminate") if one.ground in _ON_NOTICE else Text("解除", "terminate")
        return Text(
            f"当社は、{what.ja}を、{one.provision.ja}に基づき、下記のとおり{verb.ja}することを通知します。",
            f"We give notice that we {verb.en} {what.en} under {one.provision.en} as set out below.",
        )

    @property
    def facts(self) -> tuple[Fact, ...]:
        """From when, on what, and what follows."""
        one = self.ended
        rows = [
            Fact(Text("終了の事由", "Ground"), one.ground_label),
            *([] if one.ground == "agreed" else [Fact(Text("根拠条項", "Provision"), one.provision)]),
            Fact(Text("効力の発生", "Takes effect"), one.effective_at),
            Fact(Text("理由", "Reason"), Text(one.reason, one.reason)),
        ]
        if one.demanded_on is not None:
            rows.insert(2, Fact(Text("催告の到達日", "Demand received on"), variables.day(one.demanded_on)))
        if one.wind_down_until is not None:
            last = variables.day(date.fromordinal(one.wind_down_until.toordinal() - 1))
            rows.append(Fact(Text("在庫販売期間の最終日", "Last day of the wind-down"), last))
        if one.delete_by is not None:
            rows.append(
                Fact(
                    Text("複製物の削除及び証明書の提出期限", "Copies deleted and certified by"),
                    variables.day(one.delete_by),
                )
            )
        if one.survivors:
            rows.append(Fact(Text("存続する規定", "Provisions that survive"), variables.listed(one.survivors)))
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class DeletionDocument:
    """The form on which a licensee certifies that its copies are deleted."""

    number: str
    agreement: str
    title_of: Text
    licensee: Party
    licensor: Party
    delete_by: date
    files: tuple[Fact, ...]
    made_at: datetime
    demo: bool
    digest: str = ""

    template = "deletion.html"

    @property
    def title(self) -> Text:
        """What the form is called."""
        return Text("削除証明書", "Certificate of Deletion")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"deletion {self.number}"

    @property
    def reference(self) -> Text:
        """What stands at the head of each page."""
        return Text(f"{self.number}（契約 {self.agreement}）", f"{self.number} (agreement {self.agreement})")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The duty that it answers."""
        return (
            Fact(Text("義務の番号", "Obligation"), Text(self.number, self.number)),
            Fact(
                Text("契約", "Agreement"),
                Text(f"{self.title_of.ja}（{self.agreement}）", f"{self.title_of.en} ({self.agreement})"),
            ),
            Fact(Text("提出期限", "Due"), variables.day(self.delete_by)),
        )

    @property
    def blanks(self) -> tuple[Text, ...]:
        """What its maker fills in, as the clause asks: what, how, when, and who answers for it."""
        return _BLANKS


_BLANKS = (
    Text("削除の対象（複製物の所在を含む。）", "What was deleted, and where the copies lay"),
    Text("削除の方法", "How it was deleted"),
    Text("削除の日時", "When it was deleted"),
    Text("責任者の所属及び氏名", "Who is responsible: position and name"),
    Text("作成日及び署名", "Date and signature"),
)
