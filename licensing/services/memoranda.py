"""Papers of a contract's life: the 覚書 of an amendment, stored as the contract is, and consolidations on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings

from contributions.core import canonical
from contributions.core.periods import jst_date
from contributions.core.words import Text
from contributions.models import LogHead, Organization
from licensing.adapters import pdf, seal
from licensing.core import agreements as contracts
from licensing.core import assembly
from licensing.core import memoranda as rules
from licensing.core.documents import Fact
from licensing.core.editions import Edition
from licensing.core.letterhead import Party
from licensing.core.memoranda import ConsolidatedDocument, MemorandumDocument
from licensing.models import Agreement, Amendment
from licensing.selectors import clauses, lives, templates
from licensing.services import papers

TEMPLATE = "amendment"


def memorandum(amendment: Amendment, compared, terms: dict, *, at: datetime) -> bytes:
    """The 覚書 as a PDF with amendment.json inside and both signature fields prepared."""
    attachment = pdf.Attachment(
        "amendment.json", canonical.dumps(terms), "変更後の契約条件（機械可読） / Terms as amended"
    )
    return seal.prepare(pdf.write(document(amendment, compared, at=at), [attachment]), papers.SIGNATURE_FIELDS)


def document(amendment: Amendment, compared, *, at: datetime) -> MemorandumDocument:
    """What the 覚書 prints.

    Its text is the clause library's: the template in force on the day, its clauses, and the table of changes as its
    annex, proved equal in both languages as a contract is.
    """
    agreement = amendment.agreement
    return MemorandumDocument(
        number=amendment.number,
        revision=amendment.based_on + 1,
        tree=_tree(amendment, compared, jst_date(at)),
        digest=amendment.terms_sha256,
        licensor=_party(amendment.variables, agreement, "licensor"),
        licensee=_party(amendment.variables, agreement, "licensee"),
        particulars=(),
        made_at=at,
        demo=LogHead.objects.get().demo,
        test_signature=not any(settings.SEAL_LICENSOR.values()),
        agreement=agreement.number,
    )


def _tree(amendment: Amendment, compared, day: date) -> assembly.Tree:
    row = next((row for row in clauses.in_force(day) if row.code == TEMPLATE), None)
    if row is None:
        raise rules.NoTemplate(code=TEMPLATE)
    agreement, source = amendment.agreement, assembly.template(row.document)
    assert agreement.executed_at is not None
    title = assembly.template(agreement.template.document).title
    values = rules.values(
        agreement=agreement.number,
        title=title,
        concluded_on=jst_date(agreement.executed_at),
        effective_from=amendment.effective_from,
        parties=amendment.variables,
        changes=compared.changes,
        articles=compared.articles,
    )
    tree = assembly.assemble(source, templates.library_of(row), values)
    contracts.prove_equal(tree, source, values, {})
    return tree


def stored(amendment: Amendment, stage: str) -> bytes:
    """The 覚書 as it stood at a stage: offered, signed or executed."""
    return papers.stored(amendment, stage)


def consolidation(agreement: Agreement, edition: Edition, text, *, day: date, at: datetime) -> bytes:
    """The text in force on a day as a PDF that says on every page what it is; it is not stored."""
    release = agreement.release
    consolidated = ConsolidatedDocument(
        number=agreement.number,
        revision=edition.version,
        tree=text.tree,
        digest=contracts.digest(text.embedded),
        licensor=_party(agreement.variables, agreement, "licensor"),
        licensee=_party(agreement.variables, agreement, "licensee"),
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
    return pdf.write(consolidated)


def _party(variables: Mapping, row: Agreement, party: str) -> Party:
    """A party as the paper's own variables name it, under the registration it has now."""
    code = settings.CONSORTIUM if party == "licensor" else row.licensee.organization.code
    said = {field: variables[name] for field, name in _fields(party).items()}
    return Party(
        registration=Organization.objects.get(code=code).invoice_number,
        **{field: Text(pair["ja"], pair["en"]) for field, pair in said.items()},
    )


def _fields(party: str) -> dict[str, str]:
    return {"name": party, "address": f"{party}_address", "signatory": f"{party}_signatory"}


def _same(text: str) -> Text:
    return Text(text, text)
