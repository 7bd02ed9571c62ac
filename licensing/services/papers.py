"""Papers: filling the printed documents with the facts of stored rows, drawing them, and keeping the files.

A paper is drawn outside any transaction, and stored under its digest. The row that owns it remembers the digest, so the
same file is served ever after.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

from django.conf import settings

from contributions.core import canonical
from contributions.core.money import fraction
from contributions.core.periods import Period, jst_date
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import LogHead, Organization
from licensing import selectors
from licensing.adapters import docx, pdf, seal
from licensing.adapters.files import DocumentStore
from licensing.core import advances, documents, evaluation_fees, tariffs, variables
from licensing.core import distributions as distribution_rules
from licensing.core.decimals import exact, rounded
from licensing.core.documents import Fact, Line, Party, Step, Tax
from licensing.core.rights import MONEY
from licensing.models import Agreement, Amendment, Distribution, Invoice, Payout, UsageReport
from licensing.selectors import taxes
from licensing.services import fees

BANK = Text("見本銀行　本店営業部　普通 0000000", "Mihon Bank, head office, ordinary account 0000000")
SIGNATURE_FIELDS = (
    seal.Field(seal.LICENSOR, "許諾者の電子署名 / Licensor's signature"),
    seal.Field(seal.LICENSEE, "利用者の電子署名 / Licensee's signature"),
)
FIELD_OF = {"licensor": seal.LICENSOR, "licensee": seal.LICENSEE}


def store() -> DocumentStore:
    """Where finished files lie."""
    return DocumentStore(Path(settings.MOYAI_HOME) / "documents")


def stored(agreement: Agreement | Amendment, stage: str) -> bytes:
    """The agreement's file as it stood at a stage: offered, signed or executed."""
    return store().get(agreement.documents.get(stage=stage).sha256)


def signatory(agreement: Agreement, party: str) -> str:
    """The name in the certificate of a party's signature."""
    return agreement.variables[party]["ja"]


def agreement(row: Agreement, text, *, at: datetime) -> bytes:
    """The contract as a PDF with agreement.json inside and both signature fields prepared."""
    attachment = pdf.Attachment(
        "agreement.json", canonical.dumps(text.embedded), "契約条件（機械可読） / Terms of the agreement"
    )
    return seal.prepare(pdf.write(agreement_document(row, text, at=at), [attachment]), SIGNATURE_FIELDS)


def agreement_docx(row: Agreement, text, *, at: datetime) -> bytes:
    """The contract as a word-processor file, for whoever wants to mark it up; the PDF stays the original."""
    return docx.write(agreement_document(row, text, at=at))


def agreement_document(row: Agreement, text, *, at: datetime) -> documents.AgreementDocument:
    """The contract with what it prints: parties as agreed, and the model's particulars where there is a model."""
    release = (
        Fact(_RELEASE, Text(row.release.number, row.release.number)),
        Fact(_WEIGHTS, Text(row.release.weights_sha256, row.release.weights_sha256), code=True),
    )
    return documents.AgreementDocument(
        number=row.number,
        revision=1,
        tree=text.tree,
        digest=canonical.sha256_hex(canonical.dumps(text.embedded)),
        licensor=agreed_party(row, "licensor"),
        licensee=agreed_party(row, "licensee"),
        particulars=release if "release" in row.variables else (),
        made_at=at,
        demo=is_demo(),
        test_signature=not any(settings.SEAL_LICENSOR.values()),
    )


def invoice(row: Invoice) -> bytes:
    """The invoice's stored file; drawn from its frozen rows the first time it is asked for."""
    return _kept(row, lambda: pdf.write(invoice_document(row)))


def invoice_document(row: Invoice) -> documents.InvoiceDocument:
    """An invoice with what it prints, from its own copies of every fact."""
    subject = _subject(row)
    lines, taxes, returned = _charged(row, subject)
    return documents.InvoiceDocument(
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        period=Period(row.period_from, row.period_until),
        issuer=_copied_party(row.parties["issuer"]),
        recipient=_copied_party(row.parties["recipient"]),
        subject=subject,
        lines=lines,
        taxes=taxes,
        returned=returned,
        derivation=tuple(_fee_steps(row)),
        bank=BANK,
        made_at=noon(row.issued_on),
        demo=is_demo(),
    )


def _charged(row: Invoice, subject: Text) -> tuple[tuple[Line, ...], tuple[Tax, ...], documents.Returned | None]:
    """The lines with their tax; an evaluation's fee is a line that takes off, or a return beside them."""
    rate, lot = fraction(row.tax_rate), Text("1式", "1 lot")
    if row.credited is None:
        return (Line(subject, lot, variables.yen(row.net), row.net, rate),), (Tax(rate, row.net, row.tax),), None
    held = evaluation_fees.read(row.credited)
    fee = row.net + held.net
    charged = Line(subject, lot, variables.yen(fee), fee, rate)
    said = Text(
        f"評価の対価の充当（評価契約 {held.evaluation}、請求書 {held.invoice}）",
        f"Credit of the evaluation fee (evaluation agreement {held.evaluation}, invoice {held.invoice})",
    )
    if held.method == evaluation_fees.DISCOUNT:
        off = Line(said, lot, variables.yen(-held.net), -held.net, rate)
        return (charged, off), (Tax(rate, row.net, row.tax),), None
    source = Invoice.objects.get(number=held.invoice)
    said = Text(
        f"評価の対価の返還（契約 {held.evaluation}、請求書 {held.invoice}）",
        f"Return of the evaluation fee (agreement {held.evaluation}, invoice {held.invoice})",
    )
    returned = documents.Returned(said, Period(source.period_from, source.period_until), held.rate, held.net, held.tax)
    return (charged,), (Tax(rate, fee, row.tax + held.tax),), returned


def _subject(row: Invoice) -> Text:
    if row.report is None:
        line = row.lines.get()
        return Text(line.description_ja, line.description_en)
    return Text(
        f"基盤モデル利用料（契約 {row.agreement.number}）", f"Foundation model fee (agreement {row.agreement.number})"
    )


def statement(row: Payout) -> bytes:
    """The member's statement as a stored file; drawn the first time it is asked for."""
    return _kept(row, lambda: pdf.write(statement_document(row)))


def statement_document(row: Payout) -> documents.StatementDocument:
    """A member's paper: its own yen explained, and nothing of anybody else."""
    distribution = row.distribution
    payment = distribution_rules.PAYMENT_TYPES[distribution.payment_type]
    rate = fraction(distribution.tax_rate)
    release = distribution.allocation.release
    label = Text(
        f"{payment.name.ja}（リリース {release.number}、配分計算 {distribution.allocation.number}）",
        f"{payment.name.en} (release {release.number}, allocation {distribution.allocation.number})",
    )
    line = Line(label, Text("1式", "1 lot"), variables.yen(row.net), row.net, rate)
    return documents.StatementDocument(
        number=row.number,
        issued_on=jst_date(distribution.approved_at or distribution.proposed_at),
        pay_on=distribution.pay_on,
        period=Period(distribution.period_from, distribution.period_until),
        maker=_party(Organization.objects.get(code=settings.CONSORTIUM)),
        supplier=_party(row.member.organization),
        nature=payment.name,
        purchase=payment.taxable,
        lines=(line,),
        taxes=(Tax(rate, row.net, row.tax),),
        withheld=0,
        derivation=tuple(_statement_steps(row)),
        confirm_by=distribution.confirm_by if payment.taxable else None,
        bank=Text("会員が届け出た口座", "the account that the member has registered"),
        made_at=noon(jst_date(distribution.approved_at or distribution.proposed_at)),
        demo=is_demo(),
    )


def explained(row: Payout) -> distribution_rules.Statement:
    """The steps that make a member's yen, for its page."""
    distribution = row.distribution
    split = _split_of(distribution)
    payment = distribution_rules.PAYMENT_TYPES[distribution.payment_type]
    code = "standard" if payment.taxable else "none"
    rate = next(tax for tax in taxes.table() if tax.code == code)
    return distribution_rules.statement(split, row.member.code, payment, rate)


def _split_of(distribution: Distribution) -> distribution_rules.Distribution:
    steps, rows = distribution.steps, distribution.payouts.select_related("member__organization")
    grid = sum(row.grid_units for row in rows)
    held = selectors.allocations.stored(distribution.allocation, MONEY)["held"]
    return distribution_rules.split(
        int(steps["gross"]),
        {row.member.code: row.grid_units for row in rows},
        grid=grid + held,
        admin_rate=fraction(steps["admin_rate"]),
        reserve_rate=fraction(steps["reserve_rate"]),
        held=held,
    )


def _statement_steps(row: Payout) -> list[Step]:
    return [
        Step(line.text, line.figure, "" if line.amount is None else variables.yen(line.amount).ja)
        for line in explained(row).lines
    ]


def _fee_steps(row: Invoice) -> list[Step]:
    if row.report is None:
        return []
    steps = [Step(_USAGE, _reported(row.report))]
    for line in row.lines.all():
        amount = rounded(abs(fraction(line.amount)), 2).removesuffix(".00")
        sign = "△" if fraction(line.amount) < 0 else ""
        how = f"{_figure(line.quantity)} × {_figure(line.price)}" if line.quantity and line.price else ""
        steps.append(Step(Text(line.description_ja, line.description_en), Text(how, how), f"{sign}{amount}円"))
    for of, label in (("evaluation", _EVALUATION), ("advance", _ADVANCE)):
        if not (taken := advances.read(row.report.fee, of)).before:
            continue
        lapsed = Text(f"、失効 {taken.lapsed:,}円", f", lapsed JPY {taken.lapsed:,}") if taken.lapsed else Text("", "")
        said = Text(
            f"充当前 {taken.before:,}円{lapsed.ja}、充当後",
            f"before JPY {taken.before:,}{lapsed.en}, after",
        )
        steps.append(Step(label, said, variables.yen(taken.after).ja))
    return steps


def _reported(report: UsageReport) -> Text:
    """What was reported, region by region."""
    words = tariffs.UNITS[fees.terms_of(report)["unit"]]
    counted = []
    for line in report.lines.all():
        units, region = exact(Fraction(line.units)), variables.REGIONS.get(line.region, Text(line.region, line.region))
        counted.append(Text(f"{region.ja} {units}{words.ja}", f"{region.en} {units} {words.many}"))
    ja, en = "、".join(each.ja for each in counted), ", ".join(each.en for each in counted)
    return Text(f"{report.number}（{ja}）", f"{report.number} ({en})")


def _figure(text: str) -> str:
    return exact(fraction(text))


def draw_invoice(*, number: str, by: Viewer, at: datetime) -> dict:
    """Draw the paper of an issued invoice ahead of its first reader."""
    invoice(Invoice.objects.get(number=number))
    return {"invoice": number}


def draw_statements(*, number: str, by: Viewer, at: datetime) -> dict:
    """Draw every member's statement of an approved distribution."""
    rows = Payout.objects.filter(distribution__number=number)
    for row in rows:
        statement(row)
    return {"distribution": number, "statements": len(rows)}


def _kept(row: Invoice | Payout, draw) -> bytes:
    if row.document_sha256:
        return store().get(row.document_sha256)
    content = draw()
    row.document_sha256 = store().put(content)
    row.save(update_fields=["document_sha256"])
    return content


def agreed_party(row: Agreement, party: str) -> Party:
    """A party as the agreement names it."""
    organization = (
        Organization.objects.get(code=settings.CONSORTIUM) if party == "licensor" else row.licensee.organization
    )
    return Party(
        name=_text(row.variables[party]),
        address=_text(row.variables[f"{party}_address"]),
        registration=organization.invoice_number,
        signatory=_text(row.variables[f"{party}_signatory"]),
    )


def _party(organization: Organization) -> Party:
    return Party(
        name=Text(organization.name_ja, organization.name_en),
        address=Text(organization.address_ja, organization.address_en),
        registration=_registration(organization.invoice_number),
    )


def _copied_party(copied: dict) -> Party:
    return Party(_text(copied["name"]), _text(copied["address"]), _registration(copied["registration"]))


def _registration(number: str) -> str:
    if not number:
        return "（登録番号は見本では記載しません）" if is_demo() else ""
    return f"{number}（見本）" if is_demo() else number


def _text(document: dict) -> Text:
    return Text(document["ja"], document["en"])


def is_demo() -> bool:
    """Whether what is drawn must say that it is a specimen."""
    return LogHead.objects.get().demo


def noon(day) -> datetime:
    """The middle of a day in Japan, for a paper that is made of dates alone."""
    return datetime.fromisoformat(f"{day.isoformat()}T03:00:00+00:00")


_RELEASE = Text("モデルリリース", "Model release")
_WEIGHTS = Text("学習済みパラメータ SHA-256", "Trained parameters, SHA-256")
_USAGE = Text("利用実績報告", "Usage report")
_ADVANCE = Text("前払金の残高", "Balance of the advance")
_EVALUATION = Text("評価の対価の充当残高", "Balance of the evaluation fee to credit")
