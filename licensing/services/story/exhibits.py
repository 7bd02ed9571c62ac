"""What a demo puts on disk: the key to trust, a bundle of each kind, every paper, the books; and its story as data."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from contributions import selectors as contributed
from contributions import services as contributed_services
from contributions.adapters import tables
from contributions.core.roles import MEMBER, Viewer
from contributions.models import Batch, DatasetVersion, Facility, LogHead, Member
from licensing.core import books
from licensing.core.decimals import percent
from licensing.core.rights import MONEY
from licensing.models import Agreement, Allocation, AuditReport, Distribution, Invoice, Payout
from licensing.selectors import books as books_read
from licensing.services import licences, member_bundles, papers, reports
from licensing.services.story.cast import PASSWORD
from licensing.services.story.closing import WITNESS

# Whose own bundle the demo writes beside the licensee's and the full one: the invented member's.
HOLDER = "minato"
JOURNAL_HEADER = {
    "date": "日付 date",
    "slip": "伝票番号 slip",
    "line": "行 line",
    "account": "勘定科目コード account",
    "account_name": "勘定科目 account name",
    "party": "取引先 party",
    "debit": "借方金額 debit",
    "credit": "貸方金額 credit",
    "tax": "税区分 tax",
    "source": "証憑 source",
    "text": "摘要 text",
}


def write(folder: Path) -> dict[str, object]:
    """Write every exhibit into the folder; their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    allocation = Allocation.objects.select_related("policy").get(state=Allocation.State.ADOPTED)
    report = AuditReport.objects.select_related("agreement__licensee__organization", "agreement__release").latest("seq")
    by, at = Viewer.system("demo"), contributed.log.head().recorded_at
    bundle_name, bundle = reports.licensee_bundle(report)
    holder = Viewer(user=None, name="demo", home=HOLDER, acting=HOLDER, workplace=MEMBER)
    own_name, own_bundle = member_bundles.make(allocation, by=holder, at=at)
    files = {
        "log.vkey": (contributed_services.log.signer().verifier.vkey + "\n").encode(),
        "witness.vkey": (WITNESS.key.vkey + "\n").encode(),
        bundle_name: bundle,
        own_name: own_bundle,
        "full.zip": reports.full_bundle(allocation, by=by, at=at),
        "checkpoint": contributed.witnesses.note_of(contributed.log.latest()).encode(),
        "report.pdf": papers.store().get(report.document_sha256),
        **_papers(),
        **_journal(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: str(folder / name) for name in files}


def _papers() -> dict[str, bytes]:
    found = {}
    for agreement in Agreement.objects.all():
        for document in agreement.documents.all():
            found[f"{agreement.number}-{document.stage}.pdf"] = papers.store().get(document.sha256)
        for licence in agreement.licences.all():
            found[f"{agreement.number}-{licence.serial}.licence.json"] = licences.file_of(licence)
    for invoice in Invoice.objects.all():
        found[f"{invoice.number}.pdf"] = papers.invoice(invoice)
    for payout in Payout.objects.select_related("member__organization", "distribution__allocation__release"):
        found[f"statement-{payout.number}.pdf"] = papers.statement(payout)
    return found


def _journal() -> dict[str, bytes]:
    viewer = Viewer.system("demo")
    rows = [[row[name] for name in JOURNAL_HEADER] for row in books_read.export_rows(viewer, "ja")]
    header, mark = list(JOURNAL_HEADER.values()), LogHead.objects.get().demo
    return {
        "journal.csv": tables.csv_bytes(header, rows, illustrative=mark),
        "journal.xlsx": tables.xlsx_bytes(header, rows, sheet="仕訳", illustrative=mark),
    }


def tell(paths: dict[str, object]) -> dict[str, object]:
    """The story as data: who is in it, what was counted, what came out, and where it was written."""
    head, latest = LogHead.objects.get(), contributed.log.latest()
    allocation = Allocation.objects.select_related("policy", "release").get(state=Allocation.State.ADOPTED)
    distribution = Distribution.objects.latest("seq")
    return {
        "illustrative": "見本・架空",
        "log": {"origin": head.origin, "size": head.size, "checkpoint": latest.number, "checkpoint_size": latest.size},
        "members": [
            {"code": row.code, "name_ja": row.organization.name_ja, "name_en": row.organization.name_en,
             "class": row.member_class, "invented": row.organization.invented}
            for row in Member.objects.select_related("organization")
        ],
        "facilities": [
            {"code": row.code, "name_ja": row.name_ja, "name_en": row.name_en, "country": row.country}
            for row in Facility.objects.all()
        ],
        "datasets": [_dataset(version) for version in DatasetVersion.objects.select_related("dataset__member")],
        "batches": [
            {"number": row.number, "member": row.member.code, "jobs": row.jobs, "findings": row.findings_count}
            for row in Batch.objects.select_related("member__organization").order_by("number")
        ],
        "allocation": {
            "number": allocation.number,
            "policy": str(allocation.policy),
            "release": allocation.release.number,
            "log_size": allocation.log_size,
            "shares": {row.member.code: f"{row.grid_units}/1000000" for row in _with_names(_paid_by(allocation))},
        },
        "agreements": [{"number": row.number, "state": row.state} for row in Agreement.objects.order_by("number")],
        "invoices": [
            {"number": row.number, "net": row.net, "tax": row.tax, "gross": row.gross, "state": row.state}
            for row in Invoice.objects.order_by("number")
        ],
        "distribution": {
            "number": distribution.number,
            "gross": distribution.gross,
            "pool": distribution.pool,
            "payouts": {row.member.code: row.net for row in _with_names(distribution.payouts)},
        },
        "trial_balance": {
            row.account.code: row.balance for row in books.trial_balance(books_read.slips(Viewer.system("demo")))
        },
        "logins": [
            {"username": row["username"], "password": PASSWORD, "workplace": row["code"]}
            for row in contributed.people.demo_logins()
        ],
        "paths": paths,
    }  # fmt: skip


def _paid_by(allocation: Allocation):
    """The shares that money is distributed by."""
    return allocation.shares.filter(right=MONEY)


def _with_names(rows):
    return rows.select_related("member__organization")


def _dataset(version: DatasetVersion) -> dict[str, object]:
    states = {row.kind: row.state for row in version.reviews.all()}
    return {
        "number": str(version),
        "member": version.dataset.member.code,
        "name": version.name_en,
        "reviews": states,
        "countries": sorted({copy["country"] for copy in version.copies}),
    }


def summary(told: dict) -> list[str]:
    """The story in a few lines for a person at a terminal."""
    allocation = told["allocation"]
    shares = ", ".join(f"{code} {_percent(share)}" for code, share in allocation["shares"].items())
    return [
        f"{told['illustrative']}  log {told['log']['size']} entries, checkpoint {told['log']['checkpoint']}",
        f"allocation {allocation['number']} (illustrative): {shares}",
        f"distribution {told['distribution']['number']}: JPY {told['distribution']['pool']:,} to the members",
    ]


def _percent(share: str) -> str:
    return percent(Fraction(share), 4)
