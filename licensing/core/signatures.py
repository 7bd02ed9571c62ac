"""What a signature is worth: its level, the verdict in plain words, the act behind it, and when its time runs out.

A signature has two verdicts. *Integrity* says whether a byte changed since; the *AdES level* says how long that can be
shown: B-B a signature, B-T with a trusted time, B-LT with what proves its certificate, B-LTA with a time over all that,
which is renewed before it runs out. Level and code follow ETSI EN 319 142-1 (levels) and EN 319 102-1 (verdicts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contributions.core.errors import Refused
from contributions.core.periods import instant_text
from contributions.core.words import Text
from licensing.core.ades import REVOKED, SAID

LTA = "B-LTA"
LEVELS = {
    "B-B": Text("署名のみ（B-B）", "signature only (B-B)"),
    "B-T": Text("信頼できる時刻付き（B-T）", "with a trusted time (B-T)"),
    "B-LT": Text("時刻と失効情報付き（B-LT）", "with time and revocation data (B-LT)"),
    LTA: Text("長期署名（B-LTA）", "long-term archive (B-LTA)"),
}
FACTORS = {
    "totp": Text("認証アプリの番号（TOTP）", "authenticator app (TOTP)"),
    "recovery_codes": Text("回復コード", "recovery code"),
    "test": Text("試験用の確認（デモ）", "test confirmation (demo)"),
    "none": Text("追加の確認なし", "no second factor"),
    "outside": Text("外部サービスによる署名", "signed by an outside service"),
}
IDENTITY = {
    "account": Text(
        "招待による利用者登録（氏名と所属を運用者が確認）",
        "account by invitation (the operator checked name and employer)",
    ),
    "certificate": Text("署名者の証明書（認証局が確認）", "the signer's certificate (checked by its authority)"),
    "test": Text("試験用（本人を確認していません）", "test (nobody's identity was checked)"),
}
PARTIES = {"licensor": Text("許諾者", "Licensor"), "licensee": Text("利用者", "Licensee")}
_SAME_PARTS = (9, 10)  # of its bytes, for a changed file to count as this document tampered with rather than another


class ReturnRefused(Refused):
    """A file came back from outside and cannot be taken."""

    code = "return-refused"
    ja = "戻された署名済みPDFを受け入れられません。{reason}"
    en = "The signed PDF that came back cannot be taken. {reason}"


class NotAPdf(ReturnRefused):
    code = "return-not-a-pdf"
    ja = "PDFとして読めません。署名サービスから取得したPDFファイルを選んでください。"
    en = "It does not read as a PDF. Choose the PDF file that the signing service gave you."


class OtherDocument(ReturnRefused):
    code = "return-other-document"
    ja = (
        "別の文書です。契約 {number} の確定ファイル（SHA-256 {digest}…）ではありません。"
        "この画面から取得したPDFに署名して、もう一度お送りください。"
    )
    en = (
        "This is another document, not the frozen file of agreement {number} (SHA-256 {digest}…). "
        "Sign the PDF downloaded from this page and send it again."
    )


class Tampered(ReturnRefused):
    code = "return-tampered"
    ja = (
        "契約 {number} の内容が変更されています。{where}"
        "元のバイト列を保ったまま追記する方式（増分更新）で署名してください。"
    )
    en = (
        "The content of agreement {number} was changed. {where} "
        "Sign it by a service that appends to the file and leaves its bytes alone (incremental update)."
    )


class Unsigned(ReturnRefused):
    code = "return-unsigned"
    ja = "新しい署名がありません。署名を終えてから取得したPDFをお送りください。"
    en = "It bears no new signature. Send the PDF as it is after signing."


class DifferentlySigned(ReturnRefused):
    code = "return-differently-signed"
    ja = "署名が予定と異なります：{reason}「{party}」の署名欄「{field}」に署名してください。"
    en = "It is signed differently from what was agreed: {reason} Sign in the field “{field}” of the {party}."


class CertificateExpired(ReturnRefused):
    code = "return-certificate-expired"
    ja = "署名者の証明書の有効期間が署名前に終わっています（{signer}、{until} まで）。有効な証明書で署名してください。"
    en = "The signer's certificate had expired before it signed ({signer}, until {until}). Sign with a valid one."


class CertificateRevoked(ReturnRefused):
    code = "return-certificate-revoked"
    ja = "署名者の証明書は失効しています（{signer}）。有効な証明書で署名してください。"
    en = "The signer's certificate has been revoked ({signer}). Sign with a valid one."


class Untrusted(ReturnRefused):
    code = "return-untrusted"
    ja = (
        "署名者の証明書は、信頼する認証局の一覧にありません（{signer}、発行者 {issuer}）。"
        "一覧にある認証局の証明書で署名してください。"
    )
    en = (
        "The signer's certificate comes from no authority on the trust list ({signer}, issued by {issuer}). "
        "Sign with a certificate of one that is."
    )


class FileMoved(Refused):
    code = "signed-file-moved"
    ja = (
        "画面に表示された契約書（SHA-256 {shown}…）は、いまの契約書（{current}…）ではありません。"
        "画面を読み込み直し、内容を確認してから署名してください。"
    )
    en = (
        "The contract shown on the page (SHA-256 {shown}…) is not the present one ({current}…). "
        "Reload the page, read it, and sign then."
    )


class FactorNeeded(Refused):
    code = "factor-needed"
    ja = (
        "署名には、その場での本人確認（認証アプリの番号または回復コード）が必要です。"
        "「二要素認証」の設定で認証アプリを登録してから署名してください。"
    )
    en = (
        "To sign, confirm who you are at that moment with a code of your authenticator app or a recovery code. "
        "Register an app under “Two-factor authentication” first."
    )


class FactorWrong(Refused):
    code = "factor-wrong"
    ja = "番号が正しくないか、使用済みです。認証アプリに表示される新しい番号を入力してください。署名はされていません。"
    en = "The code is wrong or was used already. Enter a fresh code from your app. Nothing was signed."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of one signature found. `ades` is the code of EN 319 102-1, `stamped_at` the trusted time.

    `checked_at` is the time of the check, which counts where the signature has no time of its own to trust.
    """

    field: str
    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    unchanged: bool
    test: bool
    level: str = "B-B"
    ades: str = "TRY_LATER"
    issuer: str = ""
    stamped_at: datetime | None = None
    stamped_by: str = ""
    certificate_sha256: str = ""
    certificate_until: datetime | None = None
    checked_at: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether the certificate had ended by the trusted time, or by the time of the check where there is none."""
        when = self.stamped_at or self.checked_at
        return self.certificate_until is not None and when is not None and self.certificate_until < when

    @property
    def valid(self) -> bool:
        """Whether the signature stands: bytes intact, certificate trusted, no later change but permitted ones."""
        return self.intact and self.trusted and self.unchanged

    @property
    def text(self) -> Text:
        """The verdict on integrity and trust as a sentence."""
        if not self.intact:
            return Text("署名後に内容が変更されています。", "The content was changed after signing.")
        if not self.unchanged:
            return Text("署名後に許されない追記があります。", "Something not permitted was added after signing.")
        if not self.trusted and self.ades in REVOKED:
            return Text(
                "改ざんはありませんが、署名者の証明書は失効しています。",
                "The content is intact, but the signer's certificate has been revoked.",
            )
        if not self.trusted and self.expired:
            day = instant_text(self.certificate_until)[:10] if self.certificate_until else ""
            return Text(
                f"改ざんはありませんが、署名者の証明書の有効期間が {day} に終わっています。",
                f"The content is intact, but the signer's certificate expired on {day}.",
            )
        if not self.trusted:
            return Text(
                "改ざんはありませんが、証明書が信頼できません。",
                "The content is intact, but the certificate is not trusted.",
            )
        if self.test:
            return Text(
                "改ざんはありません（試験用署名・法的効力なし）。",
                "The content is intact (test signature, no legal effect).",
            )
        return Text("有効な署名です。", "The signature is valid.")

    @property
    def lasting(self) -> Text:
        """The verdict on the AdES level as a sentence."""
        said = SAID.get(self.ades, SAID["GENERIC"])
        level = LEVELS[self.level]
        return Text(f"{level.ja}：{said.ja}", f"{level.en[0].upper()}{level.en[1:]}: {said.en}")


@dataclass(frozen=True, slots=True)
class Act:
    """A person's act of signing: what it saw (the file's digest), the code it typed, and where it came from."""

    digest: str
    code: str = ""
    address: str = ""
    agent: str = ""


def check_shown(shown: str, current: str) -> None:
    """Refuse an act on another file than the one that is to be signed."""
    if shown != current:
        raise FileMoved(shown=shown[:8], current=current[:8])


def check_same(number: str, held: bytes, returned: bytes, digest: str) -> None:
    """Refuse a file that does not begin with the very bytes that were frozen; say whether it is changed or another.

    A file counts as the document tampered with when nine tenths of its bytes stand where they stood.
    """
    if returned.startswith(held):
        return
    kept, whole = _SAME_PARTS
    same = sum(map(int.__eq__, held, returned))
    if same * whole < len(held) * kept:
        raise OtherDocument(number=number, digest=digest[:8])
    raise Tampered(number=number, where=_changed(len(held) - same))


def check_new(
    number: str, found: Sequence[Verdict], before: int, *, expected: Sequence[tuple[str, str]], at: datetime
) -> tuple[Verdict, ...]:
    """The signatures that came in, each as it must be, or the refusal that names the first fault.

    `before` signatures stood in the file already; `expected` are the parties still to sign, each with its field.
    A field of its own is accepted while no certifying signature forbids it; another party's field is not.
    """
    if any(not one.intact for one in found):
        raise Tampered(number=number, where=AFTER)
    new = tuple(found[before:])
    if not new:
        raise Unsigned
    party, field = expected[0]
    wanted = {"party": PARTIES[party], "field": field}
    if len(new) > len(expected):
        raise DifferentlySigned(reason=_TOO_MANY, **wanted)
    if any(not one.unchanged for one in found):
        raise DifferentlySigned(reason=_ADDED, **wanted)
    for one, (_, own) in zip(new, expected, strict=False):
        if one.field in {other for _, other in expected if other != own}:
            raise DifferentlySigned(reason=_OTHER_FIELD, **wanted)
    for one in new:
        _check_certificate(one, at)
    return new


def _check_certificate(one: Verdict, at: datetime) -> None:
    until, when = one.certificate_until, one.stamped_at or at
    if until is not None and until < when:
        raise CertificateExpired(signer=one.signer, until=instant_text(until)[:10])
    if one.ades in REVOKED:
        raise CertificateRevoked(signer=one.signer)
    if not one.trusted:
        raise Untrusted(signer=one.signer, issuer=one.issuer or "?")


def due(until: datetime | None, at: datetime, days: int) -> bool:
    """Whether a paper's newest timestamp ends within so many days, so that another must be put over it.

    >>> from datetime import UTC
    >>> due(datetime(2031, 1, 1, tzinfo=UTC), datetime(2030, 10, 15, tzinfo=UTC), 90)
    True
    """
    return until is not None and until - at <= timedelta(days=days)


def evidence(
    *, agreement: str, party: str, user: str, name: str, before: str, after: str, act: Act, factor: str, identity: str,
    verdict: Verdict, at: datetime, keep_address: bool,
) -> dict[str, object]:  # fmt: skip
    """The record of one act of signing, for the erasable annex: who, what, with which factor, and at which proven time.

    The address is kept only where the installation says so.
    """
    stamped = verdict.stamped_at
    return {
        "v": 1,
        "agreement": agreement,
        "party": party,
        "user": user,
        "name": name,
        "document_before_sha256": before,
        "document_after_sha256": after,
        "factor": factor,
        "identity": identity,
        "address": act.address if keep_address else "",
        "agent": act.agent[:300],
        "certificate": verdict.signer,
        "certificate_sha256": verdict.certificate_sha256,
        "issuer": verdict.issuer,
        "level": verdict.level,
        "time": instant_text(stamped) if stamped else "",
        "time_authority": verdict.stamped_by,
        "test": verdict.test,
        "at": instant_text(at),
    }


def _changed(count: int) -> Text:
    return Text(
        f"確定したファイルと {count:,} バイトが異なります。", f"{count:,} bytes differ from the file that was frozen."
    )


AFTER = Text("署名が覆う範囲のバイトが署名後に変わっています。", "Bytes under a signature changed after signing.")
_TOO_MANY = Text("署名の数が多すぎます。", "there are too many signatures.")
_ADDED = Text("署名のほかに許されない追記があります。", "something other than a signature was added.")
_OTHER_FIELD = Text("相手方の署名欄に署名されています。", "it is signed in the other party's field.")
