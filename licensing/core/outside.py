"""Contracts concluded outside this system: their kinds, how they follow one another, and by when notice must be given.

In Japanese practice a chain runs NDA → 評価契約 → 基本契約 → 個別契約 → 覚書; each later paper says what it stands on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core.calendar import plus_months

KINDS = {
    "nda": Text("秘密保持契約", "Non-disclosure agreement"),
    "evaluation": Text("評価契約", "Evaluation agreement"),
    "framework": Text("基本契約", "Framework agreement"),
    "individual": Text("個別契約", "Individual agreement"),
    "memorandum": Text("覚書", "Memorandum"),
    "other": Text("その他の契約", "Other agreement"),
}
RELATIONS = {
    "succeeds": Text("を引き継ぐ", "succeeds"),
    "under": Text("に基づく", "is made under"),
    "amends": Text("を変更する", "amends"),
}
RENEWALS = {
    "none": Text("更新なし", "does not renew"),
    "automatic": Text("自動更新", "renews by itself"),
    "agreed": Text("合意による更新", "renews by agreement"),
}
MEDIA = {b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg",
         b"II*\0": "image/tiff", b"MM\0*": "image/tiff"}  # fmt: skip
OUTSIDE = Text("外部締結", "Concluded outside")


class OutsideRefused(Refused):
    """What somebody typed of an outside agreement does not hold together."""

    code = "outside-refused"
    field = ""


class UnknownMedia(OutsideRefused):
    code = "outside-media"
    field = "file"
    ja = (
        "ファイル「{name}」はPDF、PNG、JPEG、TIFFのいずれでもありません。"
        "スキャンした画像か、署名済みのPDFをお送りください。"
    )
    en = "The file “{name}” is no PDF, PNG, JPEG or TIFF. Send a scan or the signed PDF."


class TermEmpty(OutsideRefused):
    code = "outside-term"
    field = "term_until"
    ja = "期間の末日（{last}）が、始まり（{start}）より前です。"
    en = "The last day of the term ({last}) lies before its beginning ({start})."


class NotYetSigned(OutsideRefused):
    code = "outside-not-yet-signed"
    field = "signed_on"
    ja = "締結日 {day} は、まだ来ていません。締結された契約書に記載の日を記入してください。"
    en = "The day of conclusion, {day}, has not come yet. Enter the day that the signed contract states."


class NoticeWithoutEnd(OutsideRefused):
    code = "outside-notice"
    field = "notice_months"
    ja = "更新や予告期間を定めるには、期間の末日が必要です。"
    en = "A renewal or a period of notice needs the last day of the term."


class RenewalLength(OutsideRefused):
    code = "outside-renewal"
    field = "renewal_months"
    ja = "自動更新では、更新後の月数を記載してください。"
    en = "For a renewal that comes by itself, state for how many months."


class RelationAlone(OutsideRefused):
    code = "outside-relation"
    field = "relation"
    ja = "関係と、もとの契約の番号は、両方を記載してください。"
    en = "State both the relation and the number of the agreement that it refers to."


class OwnAncestor(OutsideRefused):
    code = "outside-circular"
    field = "follows"
    ja = "契約 {number} は、この契約自身に連なっています。循環しない番号を記載してください。"
    en = "Agreement {number} itself leads back to this one. Name another."


class DutyUnread(OutsideRefused):
    code = "outside-duty"
    field = "duties"
    ja = "義務の{line}行目：{reason}　書き方：期日；負担する側（当方・相手方）；内容；金額；根拠条項；くり返し（月）"
    en = (
        "Line {line} of the duties: {reason} Write: due day; who owes it (us, them); what; amount; clause; every months"
    )


class NoList(OutsideRefused):
    code = "no-list"
    ja = (
        "一覧「agreements.csv」がないか、UTF-8のCSVとして読めません。「CSV UTF-8」で保存し、"
        "1行目に列名を記載してください：{columns}"
    )
    en = (
        "The list “agreements.csv” is missing, or does not read as a CSV in UTF-8. Save it as “CSV UTF-8”; its first"
        " row names the columns: {columns}"
    )


class FileMissing(OutsideRefused):
    code = "outside-file-missing"
    field = "file"
    ja = "ファイル「{name}」がありません。一覧と一緒に置くか、選んでください。"
    en = "There is no file “{name}”. Put it beside the list, or choose it together with the list."


class TooManyDuties(OutsideRefused):
    code = "outside-duties-too-many"
    field = "duties"
    ja = "一度に登録できる義務は、くり返しを含めて{limit}件までです。"
    en = "At most {limit} duties, repetitions counted, can be recorded at once."


@dataclass(frozen=True, slots=True)
class Duty:
    """What one side owes under an outside contract; every so many months again, up to the end of its term."""

    title: str
    party: str
    due_on: date
    clause: str = ""
    opens_on: date | None = None
    amount: int | None = None
    every_months: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person typed of an outside agreement; `term_until` is not included, `amount` is whole yen."""

    kind: str
    title: str
    counterparty: str
    signed_on: date
    term_from: date
    term_until: date | None = None
    amount: int | None = None
    renewal: str = "none"
    renewal_months: int = 0
    notice_months: int = 0
    relation: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        if self.term_until is not None and self.term_until <= self.term_from:
            raise TermEmpty(last=self.term_until - timedelta(days=1), start=self.term_from)
        if self.term_until is None and (self.renewal != "none" or self.notice_months):
            raise NoticeWithoutEnd
        if self.renewal == "automatic" and not self.renewal_months:
            raise RenewalLength

    def document(self) -> dict[str, object]:
        """The terms as canonical data, for the annex that the entry names."""
        return {
            "kind": self.kind,
            "title": self.title,
            "counterparty": self.counterparty,
            "signed_on": self.signed_on.isoformat(),
            "term_from": self.term_from.isoformat(),
            "term_until": self.term_until.isoformat() if self.term_until else "",
            "amount": "" if self.amount is None else str(self.amount),
            "renewal": self.renewal,
            "renewal_months": self.renewal_months,
            "notice_months": self.notice_months,
            "relation": self.relation,
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list of contracts: its file, and what it states, or what is wrong with that (`faults`).

    `follows` is the number of an agreement, or the file of an earlier row.
    """

    line: int
    file: str
    follows: str = ""
    organization: str = ""
    terms: Terms | None = None
    duties: tuple[Duty, ...] = ()
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a list: the number that each file was taken in as, and every fault by its line."""

    taken: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def faulty(self) -> int:
        """How many rows are at fault."""
        return len({finding.line for finding in self.findings})


LIST = "agreements.csv"


def check_signed(terms: Terms, today: date) -> None:
    """Refuse what is not concluded yet: here stands what has been signed."""
    if terms.signed_on > today:
        raise NotYetSigned(day=terms.signed_on)


def media_of(name: str, content: bytes) -> str:
    """The kind of file by its first bytes, whatever its name says; scans and PDFs only."""
    for start, media in MEDIA.items():
        if content.startswith(start):
            return media
    raise UnknownMedia(name=name)


def notice_by(terms: Terms) -> date | None:
    """The last day on which notice before the end of the term can be given: months counted back from the day after.

    >>> notice_by(Terms("nda", "x", "y", date(2026, 4, 1), date(2026, 4, 1), date(2027, 4, 1), notice_months=3))
    datetime.date(2026, 12, 31)
    """
    if terms.term_until is None or not terms.notice_months:
        return None
    return plus_months(terms.term_until, -terms.notice_months) - timedelta(days=1)


def ends(until: date | None, renewal: str, months: int, on: date) -> date | None:
    """Until when it runs as of a day: a term that renews by itself is carried on by whole renewals.

    >>> ends(date(2027, 4, 1), "automatic", 12, date(2028, 5, 1))
    datetime.date(2029, 4, 1)
    """
    if until is None or renewal != "automatic" or not months:
        return until
    count, end = 0, until
    while end <= on:
        count += 1
        end = plus_months(until, months * count)
    return end


def next_notice(until: date | None, renewal: str, months: int, notice: int, on: date) -> date | None:
    """The next day, from a day on, up to which notice can be given; a term that renews by itself has one each time.

    >>> next_notice(date(2027, 4, 1), "automatic", 12, 3, date(2027, 1, 1))
    datetime.date(2027, 12, 31)
    """
    if until is None or not notice:
        return None
    end = ends(until, renewal, months, on)
    assert end is not None
    last = plus_months(end, -notice) - timedelta(days=1)
    if last < on and renewal == "automatic":
        end = ends(until, renewal, months, end)
        assert end is not None
        last = plus_months(end, -notice) - timedelta(days=1)
    return last if last >= on else None


def dated(duties: Sequence[Duty], until: date | None) -> list[Duty]:
    """Each duty on each of its days, in order; one that repeats does so up to the end of the term, or for five years.

    >>> yearly = Duty("report", "licensee", date(2026, 5, 31), every_months=12)
    >>> [str(one.due_on) for one in dated([yearly], date(2028, 4, 1))]
    ['2026-05-31', '2027-05-31']
    """
    found = []
    for duty in duties:
        last = until or plus_months(duty.due_on, REPEATED_MONTHS)
        for count in range(REPEATED_MONTHS // duty.every_months + 1 if duty.every_months else 1):
            months = duty.every_months * count
            day = plus_months(duty.due_on, months)
            if count and day >= last:
                break
            opens = plus_months(duty.opens_on, months) if duty.opens_on else None
            found.append(replace(duty, due_on=day, opens_on=opens))
    if len(found) > DUTIES_MAX:
        raise TooManyDuties(limit=DUTIES_MAX)
    return sorted(found, key=lambda one: (one.due_on, one.title))


REPEATED_MONTHS, DUTIES_MAX = 60, 120
