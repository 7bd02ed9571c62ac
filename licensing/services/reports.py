"""Audit reports and bundles: what outsiders take home to check without the server.

A report is drawn from the ledger as of a checkpoint, its digests are journaled, and a new checkpoint seals that entry:
the bundle then proves the report together with every entry it stands on.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from contributions import selectors as contributed
from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import JST, instant_text, last_day
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Checkpoint, Entry, Organization
from contributions.selectors import datasets, residency
from contributions.services import journal, log, numbers
from licensing.adapters import pdf
from licensing.core import bundles, documents, variables
from licensing.core import reports as rules
from licensing.core.agreements import STATES
from licensing.core.documents import Fact, Party
from licensing.core.kinds import ALL
from licensing.core.variables import REGIONS
from licensing.models import Agreement, Allocation, AuditReport
from licensing.selectors import entries, origins, releases
from licensing.services import allocations, papers


class NotInForce(Refused):
    code = "report-needs-agreement"
    ja = "契約 {agreement} は締結されていないため、報告書を作成できません。"
    en = "Agreement {agreement} is not in force, so no report can be made on it."


class NotYourAgreement(Refused):
    code = "report-not-yours"
    ja = "ご自身の契約についての報告書だけを作成できます。"
    en = "You can only have a report made on your own agreement."


class NotAdoptedYet(Refused):
    code = "report-needs-allocation"
    ja = "リリース {release} の配分計算がまだ採択されていません。"
    en = "No allocation of release {release} has been adopted yet."


def prepare(agreement: Agreement, *, by: Viewer, at: datetime) -> AuditReport:
    """Make the report of an agreement as of now: facts, PDF, entry, and the checkpoint that seals them."""
    check_may(by, "report.prepare")
    if by.workplace == "licensee" and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    if agreement.executed_at is None:
        raise NotInForce(agreement=agreement.number)
    if not Allocation.objects.filter(release=agreement.release, state=Allocation.State.ADOPTED).exists():
        raise NotAdoptedYet(release=agreement.release.number)
    log.seal(by=Viewer.system("report"), at=at)
    checkpoint = contributed.witnesses.for_papers()
    number = f"{agreement.number}-R{agreement.reports.count() + 1}"
    facts = facts_of(agreement, number, checkpoint, at=at)
    content = canonical.dumps(facts)
    paper = pdf.write(_document(agreement, number, facts, checkpoint, at=at))
    report = _record(agreement, number, content, paper, checkpoint, by=by, at=at)
    log.seal(by=Viewer.system("report"), at=at)
    return report


@transaction.atomic
def _record(agreement, number: str, content: bytes, paper: bytes, checkpoint: Checkpoint, *, by, at) -> AuditReport:
    numbers.journal.lock()
    digests = {"report_sha256": canonical.sha256_hex(content), "pdf_sha256": canonical.sha256_hex(paper)}
    entry = journal.append(
        "report.prepared",
        subject=f"report:{number}",
        facts={"report": number, "agreement": agreement.number, "checkpoint": checkpoint.size, **digests},
        by=by,
        at=at,
    )
    return AuditReport.objects.create(
        seq=entry.seq,
        number=number,
        agreement=agreement,
        facts=content,
        facts_sha256=digests["report_sha256"],
        checkpoint_size=checkpoint.size,
        prepared_at=at,
        document_sha256=papers.store().put(paper),
    )


def facts_of(agreement: Agreement, number: str, checkpoint: Checkpoint, *, at: datetime) -> dict:
    """report.json: what was licensed, trained on, reviewed, where, allocated and paid; no member and no share.

    What it was trained on is what it and every release it descends from were trained on.
    """
    release = agreement.release
    parents = sorted(origins.line_of([release.number]) - {release.number})
    used = _used(release, parents, at.astimezone(JST).date())
    found = residency.of_versions(releases.versions_behind([release.number, *parents]))
    breached = [
        rules.Breached(
            row.version.dataset.modality, row.country, row.since.isoformat(), row.until and row.until.isoformat()
        )
        for row in found
    ]
    volume = rules.volume(used, parents)
    allocation = Allocation.objects.filter(release=release, state=Allocation.State.ADOPTED).latest("adopted_at")
    invoices = agreement.invoices.annotate(received=Sum("receipts__amount", default=0)).order_by("number")
    return {
        "v": 1,
        "kind": "provenance-report",
        "number": number,
        "prepared_at": instant_text(at),
        "licensee": agreement.licensee.organization.named,
        "agreement": {
            "number": agreement.number,
            "state": agreement.state,
            "terms_sha256": agreement.terms_sha256,
            "term": [agreement.term_from.isoformat(), agreement.term_until.isoformat()],
            "regions": agreement.variables["regions"],
            "documents": {row.stage: row.sha256 for row in agreement.documents.all()},
        },
        "release": {"number": release.number, "weights_sha256": release.weights_sha256},
        "training": {
            "volume": {"ja": volume.ja, "en": volume.en},
            "releases": [release.number, *parents],
            "categories": [category.document() for category in rules.categories(used, parents)],
            "countries": releases.countries_of([release.number, *parents]),
            "breaches": rules.breaches(used, breached),
        },
        "allocation": {"number": allocation.number, "adopted": True, "sum": "1", "rows_root": allocation.rows_root},
        "payments": [
            {
                "invoice": row.number,
                "period": [row.period_from.isoformat(), row.period_until.isoformat()],
                "gross": str(row.gross),
                "received": str(row.received),
            }
            for row in invoices
        ],
        "log": {
            "origin": contributed.log.head().origin,
            "checkpoint": {
                "number": checkpoint.number,
                "size": checkpoint.size,
                "root": bytes(checkpoint.root).hex(),
            },
        },
        "entries": [entry.seq for entry in entries.disclosed_with(agreement) if entry.seq < checkpoint.size],
        "illustrative": contributed.log.head().demo,
    }


def _used(release, parents: list[str], on: date) -> list[rules.Used]:
    """Each version that it or a parent was trained on, once; of a group of affiliates as of one contributor."""
    behind = {parent: set(releases.versions_behind(origins.line_of([parent]))) for parent in parents}
    return [
        rules.Used(
            contributor=min(contributed.organizations.group_of(version.dataset.member.code)),
            kind=version.dataset.modality,
            quantity=version.quantity,
            unit=version.unit,
            size=sum(int(file["bytes"] or 0) for file in version.files),
            countries=frozenset(copy.country for copy in datasets.copies_of(version) if copy.lies_at(on)),
            reviews=frozenset(datasets.chain_of(version, on).passed),
            within=frozenset(parent for parent, held in behind.items() if version in held),
        )
        for version in sorted(releases.versions_behind([release.number, *parents]), key=str)
    ]


def licensee_bundle(report: AuditReport) -> tuple[str, bytes]:
    """The licensee's zip: its own entries, each with its proof, and the report. Name and bytes."""
    name = f"licensee-{report.number}.zip"
    checkpoint = contributed.witnesses.for_papers(seq=report.seq, newest=False)
    note = contributed.witnesses.note_of(checkpoint)
    disclosed = []
    for entry in entries.disclosed_with(report.agreement):
        if entry.seq < checkpoint.size:
            disclosed.append(
                bundles.Disclosed(
                    entry.seq,
                    bytes(entry.leaf),
                    bytes(entry.statement.content),
                    contributed.log.proof_for(entry.seq, checkpoint, note),
                )
            )
    parts = bundles.licensee_parts(
        entries=disclosed,
        checkpoint=note,
        report=bytes(report.facts),
        report_pdf=papers.store().get(report.document_sha256),
    )
    return name, bundles.build(bundles.LICENSEE, parts, log.signer())


def full_bundle(allocation: Allocation, *, by: Viewer, at: datetime) -> bytes:
    """The whole log and the adopted allocation, for the desk and the auditor."""
    check_may(by, "bundle.full")
    contributed.barriers.check_whole(by)
    log.seal(by=Viewer.system("bundle"), at=at)
    checkpoint = contributed.witnesses.for_papers()
    rows = Entry.objects.filter(seq__lt=checkpoint.size).select_related("statement").order_by("seq")
    leaves, statements = [], []
    for entry in rows.iterator(chunk_size=2000):
        leaves.append(bytes(entry.leaf))
        statements.append(bytes(entry.statement.content))
    parts = bundles.full_parts(
        leaves=leaves,
        statements=statements,
        checkpoint=contributed.witnesses.note_of(checkpoint),
        handovers=contributed.log.handovers(),
        policy=allocation.policy.document,
        inputs=canonical.loads(bytes(allocation.inputs)),
        result=canonical.loads(bytes(allocation.result)),
        rows=canonical.loads(bytes(allocation.rows)),
        parents=allocations.opened(allocation.policy.document, allocation.release.number, allocation.log_size),
    )
    return bundles.build(bundles.FULL, parts, log.signer())


def _document(agreement: Agreement, number: str, facts: dict, checkpoint: Checkpoint, *, at: datetime):
    return documents.ReportDocument(
        number=number,
        licensee=_party(agreement.licensee.organization),
        issuer=_party(Organization.objects.get(code=settings.CONSORTIUM)),
        as_of=at,
        licensed=_licensed(agreement),
        categories=tuple(_category(row) for row in facts["training"]["categories"]),
        training=_training(facts),
        allocation=_allocation(facts["allocation"]),
        payments=tuple(_payment(row) for row in facts["payments"]) or (_NOTHING_PAID,),
        evidence=tuple(_evidence(seq) for seq in facts["entries"]),
        checkpoint=(
            _fact("時点証明", "Checkpoint", f"第{checkpoint.number}号", f"No. {checkpoint.number}"),
            _fact("記録件数", "Entries", f"{checkpoint.size:,}", f"{checkpoint.size:,}"),
            Fact(_ROOT, _same(facts["log"]["checkpoint"]["root"]), code=True),
            Fact(_KEY, _same(log.signer().verifier.vkey), code=True),
        ),
        bundle=f"licensee-{number}.zip",
        limits=_LIMITS,
        made_at=at,
        demo=facts["illustrative"],
        digest=canonical.digest(facts),
    )


def _licensed(agreement: Agreement) -> tuple[Fact, ...]:
    term = variables.span(agreement.term_from, agreement.term_until)
    regions = [REGIONS[code] for code in agreement.variables["regions"]]
    return (
        _fact("契約", "Agreement", agreement.number, agreement.number),
        Fact(Text("状態", "State"), STATES[agreement.state]),
        Fact(Text("許諾期間", "Term"), term),
        _fact("許諾モデル", "Licensed model", agreement.release.number, agreement.release.number),
        Fact(_WEIGHTS, _same(agreement.release.weights_sha256), code=True),
        Fact(Text("推論地域", "Inference regions"), variables.listed(regions)),
        Fact(_TERMS, _same(agreement.terms_sha256), code=True),
    )


def _training(facts: dict) -> tuple[Fact, ...]:
    volume, breaches = facts["training"]["volume"], facts["training"]["breaches"]
    ancestors = facts["training"]["releases"][1:]
    return (
        _fact(
            "派生元のモデルリリース（上記の区分に含みます）",
            "Releases it descends from (counted in above)",
            "、".join(ancestors) or "なし",
            ", ".join(ancestors) or "none",
        ),
        _fact("学習データの総量（桁）", "Volume of training data (order)", volume["ja"], volume["en"]),
        _fact(
            "学習の実施国",
            "Where it was trained",
            "、".join(_countries(facts, "ja")),
            ", ".join(_countries(facts, "en")),
        ),
        *(_breach(row) for row in breaches or [None]),
    )


def _breach(row: dict | None) -> Fact:
    label = Text("所在国違反の記録", "Residency breaches on record")
    if row is None:
        return Fact(label, Text("なし", "none"))
    country, until = REGIONS.get(row["country"], _same(row["country"])), row["until"]
    days = Text("（継続中）", "on, not mended")
    if until:
        last = last_day(date.fromisoformat(until))
        days = Text(f" {last} まで（是正済み）", f"until {last} (mended)")
    kind, since = row["kind"], row["since"]
    said = Text(
        f"{kind['ja']}：{country.ja}、{since} から{days.ja}", f"{kind['en']}: {country.en}, from {since} {days.en}"
    )
    return Fact(label, said)


def _allocation(facts: dict) -> tuple[Fact, ...]:
    return (
        _fact("採択された配分計算", "Adopted allocation", facts["number"], facts["number"]),
        _fact("配分比率の合計", "Sum of all shares", "ちょうど 1", "exactly 1"),
        Fact(_ROWS, _same(facts["rows_root"]), code=True),
    )


def _category(row: dict) -> documents.Category:
    def both(pair: dict) -> Text:
        return Text(pair["ja"], pair["en"])

    reviews = [both(review) for review in row["reviews"]]
    countries = [REGIONS.get(code, _same(code)) for code in row["countries"]]
    return documents.Category(
        both(row["kind"]), both(row["extent"]), variables.listed(reviews), variables.listed(countries)
    )


def _countries(facts: dict, language: str) -> list[str]:
    return [REGIONS.get(code, _same(code)).of(language) for code in facts["training"]["countries"]]


def _payment(row: dict) -> Fact:
    gross, received = int(row["gross"]), int(row["received"])
    value = Text(
        f"請求 {gross:,}円（税込）　入金 {received:,}円",
        f"invoiced JPY {gross:,} (tax included), received JPY {received:,}",
    )
    return Fact(Text(f"請求書 {row['invoice']}", f"Invoice {row['invoice']}"), value)


def _evidence(seq: int) -> documents.Evidence:
    entry = Entry.objects.select_related("statement").get(pk=seq)
    label = ALL[entry.kind].label
    return documents.Evidence(label, str(entry.id)[:8], seq, canonical.sha256_hex(bytes(entry.statement.content)))


def _party(organization: Organization) -> Party:
    return Party(
        Text(organization.name_ja, organization.name_en), Text(organization.address_ja, organization.address_en)
    )


def _fact(label_ja: str, label_en: str, ja: str, en: str) -> Fact:
    return Fact(Text(label_ja, label_en), Text(ja, en))


def _same(text: str) -> Text:
    return Text(text, text)


_ROOT = Text("要約値（根）", "Root")
_KEY = Text("検証鍵", "Verification key")
_WEIGHTS = Text("学習済みパラメータ SHA-256", "Trained parameters, SHA-256")
_TERMS = Text("契約条件 SHA-256", "Terms, SHA-256")
_ROWS = Text("配分行の根", "Root over the rows")
_NOTHING_PAID = Fact(Text("支払", "Payments"), Text("請求はまだありません", "nothing has been invoiced yet"))
_LIMITS = (
    Text(
        "本報告書は、台帳に記録された事実とその完全性を示すものです。記録された事実の真実性を保証する監査意見ではありません。",
        "This report shows what the ledger records and that the record is intact. It is not an auditor's opinion on "
        "whether what was recorded is true.",
    ),
    Text(
        "学習データの提供者、配分比率及び他の利用者に関する事項は開示されません。",
        "Who provided training data, the shares, and anything about other licensees are not disclosed.",
    ),
)
