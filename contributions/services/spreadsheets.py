"""Spreadsheets of cash, people and background IP: previewed with every finding, then posted whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db import transaction

from contributions.adapters import cells, spreadsheets
from contributions.adapters.cells import Cells
from contributions.core import resources as rules
from contributions.core.completeness import check_past
from contributions.core.errors import Finding, Refused
from contributions.core.imports import ColumnsUnknown, Rejected, check_mapping
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import ColumnMap, FundingSource, InboundAgreement, Member, Resource
from contributions.selectors import funding, terms
from contributions.services import resources
from contributions.services.datasets import check_own
from contributions.services.resources import Appraisal

BYTES_MAX = 1_000_000
KINDS = tuple(spreadsheets.FORMS)


class AlreadySent(Refused):
    code = "already-sent"
    ja = "同じファイルの内容は {number} ほかとして登録済みです。何も追加していません。"
    en = "This file is on record already, as {number} and others. Nothing was added."


class FileTooLarge(Refused):
    code = "spreadsheet-too-large"
    ja = "ファイルが上限（1 MB）を超えています。分けて提出してください。"
    en = "The file is larger than 1 MB. Send it in parts."


class SheetRefused(Refused):
    code = "spreadsheet-refused"
    ja = "{count} 件の不備があるため、何も登録していません。行を直して、もう一度提出してください。"
    en = "Nothing was recorded: there are {count} findings. Mend the rows and send the file again."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(count=len(findings))


class EmptySheet(Refused):
    code = "spreadsheet-empty"
    ja = "見出しの下に行がありません。"
    en = "There are no rows below the header."


@dataclass(frozen=True, slots=True)
class Row:
    """One good row with what its words name in this ledger."""

    stated: rules.Resource
    source: FundingSource | None
    agreement: InboundAgreement | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would record, and every finding by line and field."""

    kind: str
    sha256: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def name_columns(
    content: bytes, mapping: Mapping[str, str], *, kind: str, member: Member, by: Viewer, at: datetime
) -> ColumnMap:
    """Say once what the columns of such a file are; it is remembered for this member and this kind."""
    check_may(by, "resource.record")
    check_own(member, by)
    made = check_mapping(mapping, printed_columns(content, kind) or (), spreadsheets.FORMS[kind])
    return remember(made, kind=kind, member=member, by=by, at=at)


def remember(mapping: Mapping[str, str], *, kind: str, member: Member, by: Viewer, at: datetime) -> ColumnMap:
    """Keep what the columns of the member's files of that kind are; the last word holds."""
    row, _is_new = ColumnMap.objects.update_or_create(
        member=member,
        facility=None,
        file_format=kind,
        defaults={"mapping": dict(mapping), "made_by_id": by.user, "made_at": at},
    )
    return row


def printed_columns(content: bytes, kind: str) -> tuple[str, ...] | None:
    """How the file names its columns, in lower case; None where it names them as the form does."""
    try:
        cells.header_of(content.partition(b"\n")[0], spreadsheets.FORMS[kind])
    except ColumnsUnknown as unknown:
        return unknown.printed
    return None


def columns_wanted(kind: str) -> tuple[str, ...]:
    """What the columns of a file of that kind can be."""
    return spreadsheets.FORMS[kind]


def columns_needed(kind: str) -> frozenset[str]:
    """The columns without which no row of that kind can be read."""
    return frozenset(spreadsheets.FORMS[kind]) - cells.OPTIONAL


def read(
    content: bytes, *, kind: str, member: Member, by: Viewer, at: datetime, limit: int | None = BYTES_MAX
) -> Preview:
    """Read a file of the member without posting anything, its columns as the member once named them."""
    if limit is not None and len(content) > limit:
        raise FileTooLarge
    rows: list[Row] = []
    findings: list[Finding] = []
    names = _Names(member, by, jst_date(at))
    for read_row in spreadsheets.READERS[kind](BytesIO(content), remembered(member, kind), also=names.judge):
        if isinstance(read_row, Rejected):
            findings += read_row.findings
        else:
            rows.append(names.resolved(read_row))
    if not rows and not findings:
        raise EmptySheet
    return Preview(kind, hashlib.sha256(content).hexdigest(), tuple(rows), tuple(findings))


def remembered(member: Member, kind: str) -> dict[str, str]:
    """What the member once said the columns of its files of that kind are."""
    found = ColumnMap.objects.filter(member=member, facility=None, file_format=kind).first()
    return found.mapping if found else {}


@transaction.atomic
def post(
    content: bytes,
    *,
    kind: str,
    member: Member,
    by: Viewer,
    at: datetime,
    illustrative: bool = False,
    limit: int | None = BYTES_MAX,
) -> list[Resource]:
    """Record every row as submitted; a file with a finding, or one sent before, posts nothing."""
    preview = read(content, kind=kind, member=member, by=by, at=at, limit=limit)
    held = Resource.objects.filter(member=member, source_sha256=preview.sha256).order_by("number").first()
    if held is not None:
        raise AlreadySent(number=held.number)
    if preview.findings:
        raise SheetRefused(preview.findings)
    return [_record(row, preview, member, illustrative, by=by, at=at) for row in preview.rows]


def _record(row: Row, preview: Preview, member: Member, illustrative: bool, *, by: Viewer, at: datetime) -> Resource:
    stated = row.stated
    return resources.record(
        member=member,
        kind=stated.kind,
        title_ja=stated.title,
        title_en=stated.title,
        quantity=stated.quantity,
        period_from=stated.period.start,
        period_until=stated.period.until,
        nature=stated.nature or "",
        grade=stated.grade or "",
        funding=row.source,
        agreement=row.agreement,
        foreign=stated.foreign,
        appraisal=Appraisal(limits=stated.limits) if stated.limits else None,
        source_sha256=preview.sha256,
        illustrative=illustrative,
        by=by,
        at=at,
    )


class _Names:
    """What the words of a row name: the member itself, a source of that mode, an agreement it is a party to."""

    def __init__(self, member: Member, by: Viewer, today: date) -> None:
        self.member, self.today = member, today
        self.agreements = {row.number: row for row in terms.visible_to(by)}
        self.sources: dict[str, list[FundingSource]] = {}
        for source in funding.visible_to(by):
            self.sources.setdefault(source.mode, []).append(source)

    def judge(self, row: Cells) -> None:
        """A fault for each word that names nothing, and for a rate of a day to come."""
        if row.get("rate_date") and row.get("currency") != rules.YEN:
            row.read("rate_date", lambda text: check_past(self.today, rate=cells.day(text)))
        if row["member"] != self.member.code:
            self._refuse(row, "member")
        if row["agreement"] and row["agreement"] not in self.agreements:
            self._refuse(row, "agreement")
        funding = row["funding"] or FundingSource.Mode.OWN
        if funding != FundingSource.Mode.OWN and len(self.sources.get(funding, [])) != 1:
            self._refuse(row, "funding")

    def _refuse(self, row: Cells, name: str) -> None:
        row.refuse(name, f"unknown-{name}", words=_WORDS[name], value=row[name])

    def resolved(self, stated: rules.Resource) -> Row:
        """The row with what its words name."""
        held = self.sources.get(stated.funding, [])
        return Row(stated, held[0] if held else None, self.agreements.get(stated.agreement))


_WORDS = {
    "member": Text(
        "会員「{value}」の拠出は、ここでは登録できません。ご自身の会員コードを記入してください。",
        "Contributions of “{value}” cannot be entered here. Write your own member code.",
    ),
    "agreement": Text(
        "受入契約「{value}」は、当事者である契約の中にありません。",
        "“{value}” is no inbound agreement that you are a party to.",
    ),
    "funding": Text(
        "資金源「{value}」を一つに特定できません。画面から資金源を選んで登録してください。",
        "“{value}” does not name one source. Enter this line on the page and choose the source there.",
    ),
}
