"""Agreements, amendments and specimens of templates as files: PDF, word processor, data.

The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.words import Text
from contributions.models import LogHead
from licensing.adapters import docx, pdf
from licensing.core import agreements as rules
from licensing.core import assembly, documents, samples
from licensing.core.letterhead import Fact, Party
from licensing.models import Agreement, AgreementTemplate, Amendment
from licensing.selectors import clauses, templates
from licensing.services import agreements, amendments, memoranda, papers

MEDIA = {"pdf": "application/pdf", "docx": docx.MEDIA, "json": "application/json"}
ENDINGS = tuple(MEDIA)


class EndingUnknown(Refused):
    code = "ending-unknown"
    ja = "「{ending}」の形式では出力できません。.pdf、.docx、.json のいずれかを指定してください。"
    en = "Files ending in “{ending}” cannot be written. Name one that ends in .pdf, .docx or .json."


def of_agreement(agreement: Agreement, ending: str) -> bytes:
    """The agreement as a file. Once it is offered, its PDF is the stored one; before that, a drawing of the draft."""
    _check(ending)
    newest = agreement.documents.last()
    if ending == "pdf" and newest is not None:
        return papers.store().get(newest.sha256)
    text = agreements.assembled(agreement)
    if ending == "json":
        return canonical.dumps(text.embedded)
    draw = papers.agreement if ending == "pdf" else papers.agreement_docx
    return draw(agreement, text, at=agreement.drafted_at)


def of_amendment(amendment: Amendment, ending: str) -> bytes:
    """The 覚書 of an amendment as a file, drawn from its draft until it is offered."""
    _check(ending)
    newest = amendment.documents.last()
    if ending == "pdf" and newest is not None:
        return papers.store().get(newest.sha256)
    compared, at = amendments.compared(amendment), amendment.offered_at or amendment.drafted_at
    terms = amendments.document(amendment, compared.after)
    if ending == "json":
        return canonical.dumps(terms)
    if ending == "docx":
        return docx.write(memoranda.document(amendment, compared, at=at))
    return memoranda.memorandum(amendment, compared, terms, at=at)


def of_template(row: AgreementTemplate, ending: str, *, at: datetime) -> bytes:
    """A specimen of a template, with invented values that say so."""
    _check(ending)
    source, library = assembly.template(row.document), templates.library_of(row)
    values = samples.document(source)
    tree = assembly.assemble(source, library, values)
    rate = values.get("terms")
    rules.prove_equal(tree, source, values, rate if isinstance(rate, dict) else {})
    data = rules.embedded(SPECIMEN, row.version, source, library, tree, values, "見本 / specimen")
    if ending == "json":
        return canonical.dumps(data)
    document = _specimen(row, tree, values, rules.digest(data), at)
    if ending == "docx":
        return docx.write(document)
    attachment = pdf.Attachment("agreement.json", canonical.dumps(data), "見本のデータ / Data of the specimen")
    return pdf.write(document, [attachment])


def sampled(document: Mapping[str, object], sample: int = 0) -> assembly.Tree:
    """The text that a template's document makes with invented values; another `sample`, other values, just as valid."""
    source = assembly.template(document)
    library = clauses.pinned({entry.clause: entry.version for entry in source.entries if entry.version})
    values = samples.document(source, lambda n: sample % n)
    tree = assembly.assemble(source, library, values)
    rate = values.get("terms")
    rules.prove_equal(tree, source, values, rate if isinstance(rate, dict) else {})
    return tree


def _specimen(row: AgreementTemplate, tree: assembly.Tree, values: dict, digest: str, at: datetime):
    particulars = ()
    if "release" in values:
        release, weights = str(values["release"]), str(values["release_sha256"])
        particulars = (
            Fact(_RELEASE, Text(f"{release}（見本）", f"{release} (specimen)")),
            Fact(_WEIGHTS, Text(weights, weights), code=True),
        )
    return documents.AgreementDocument(
        number=SPECIMEN,
        revision=row.version,
        tree=tree,
        digest=digest,
        licensor=_party(values, "licensor"),
        licensee=_party(values, "licensee"),
        particulars=particulars,
        made_at=row.approved_at or at,
        demo=True,
        test_signature=LogHead.objects.get().demo,
    )


def _party(values: dict, name: str) -> Party:
    named, address, signatory = (values[key] for key in (name, f"{name}_address", f"{name}_signatory"))
    return Party(Text(**named), Text(**address), "", Text(**signatory))


def _check(ending: str) -> None:
    if ending not in MEDIA:
        raise EndingUnknown(ending=ending)


SPECIMEN = "L-0000-000"
_RELEASE = Text("モデルリリース", "Model release")
_WEIGHTS = Text("学習済みパラメータ SHA-256", "Trained parameters, SHA-256")
