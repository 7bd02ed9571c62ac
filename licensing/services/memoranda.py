"""Papers of a contract's life: the 覚書 of an amendment, stored as the contract is, and consolidations on demand."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from contributions.core import canonical
from contributions.core.periods import jst_date
from contributions.core.words import Text
from contributions.models import LogHead, Organization
from licensing.adapters import pdf, seal
from licensing.core import agreements as contracts
from licensing.core.documents import Fact
from licensing.core.editions import Edition
from licensing.core.letterhead import Party
from licensing.core.memoranda import ConsolidatedDocument, MemorandumDocument, Replaced
from licensing.models import Agreement, Amendment
from licensing.selectors import lives
from licensing.services import papers


def memorandum(amendment: Amendment, compared, terms: dict, *, at: datetime) -> bytes:
    """The 覚書 as a PDF with amendment.json inside and both signature fields prepared."""
    agreement = amendment.agreement
    assert agreement.executed_at is not None
    document = MemorandumDocument(
        number=amendment.number,
        agreement=agreement.number,
        version=amendment.based_on + 1,
        concluded_on=jst_date(agreement.executed_at),
        effective_from=amendment.effective_from,
        changes=compared.changes,
        articles=tuple(Replaced(before, after) for before, after in compared.articles),
        digest=amendment.terms_sha256,
        licensor=_party(agreement, "licensor"),
        licensee=_party(agreement, "licensee"),
        made_at=at,
        demo=LogHead.objects.get().demo,
        test_signature=not any(settings.SEAL_LICENSOR.values()),
    )
    attachment = pdf.Attachment(
        "amendment.json", canonical.dumps(terms), "変更後の契約条件（機械可読） / Terms as amended"
    )
    return seal.prepare(pdf.write(document, [attachment]), papers.SIGNATURE_FIELDS)


def stored(amendment: Amendment, stage: str) -> bytes:
    """The 覚書 as it stood at a stage: offered, signed or executed."""
    return papers.stored(amendment, stage)


def consolidation(agreement: Agreement, edition: Edition, text, *, day: date, at: datetime) -> bytes:
    """The text in force on a day as a PDF that says on every page what it is; it is not stored."""
    release = agreement.release
    document = ConsolidatedDocument(
        number=agreement.number,
        revision=edition.version,
        tree=text.tree,
        digest=contracts.digest(text.embedded),
        licensor=_party(agreement, "licensor"),
        licensee=_party(agreement, "licensee"),
        particulars=(
            Fact(Text("モデルリリース", "Model release"), _same(release.number)),
            Fact(
                Text("学習済みパラメータ SHA-256", "Trained parameters, SHA-256"),
                _same(release.weights_sha256),
                code=True,
            ),
        ),
        made_at=at,
        demo=LogHead.objects.get().demo,
        test_signature=False,
        as_of=day,
        sources=tuple(row.number for row in lives.executed_amendments(agreement) if row.effective_from <= day),
    )
    return pdf.write(document)


def _party(row: Agreement, party: str) -> Party:
    """A party as the contract named it when it was signed, under the registration it has now."""
    code = settings.CONSORTIUM if party == "licensor" else row.licensee.organization.code
    said = {field: row.variables[name] for field, name in _fields(party).items()}
    return Party(
        registration=Organization.objects.get(code=code).invoice_number,
        **{field: Text(pair["ja"], pair["en"]) for field, pair in said.items()},
    )


def _fields(party: str) -> dict[str, str]:
    return {"name": party, "address": f"{party}_address", "signatory": f"{party}_signatory"}


def _same(text: str) -> Text:
    return Text(text, text)
