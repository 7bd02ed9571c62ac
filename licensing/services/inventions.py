"""Inventions: registered with inventors and shares, routed, filed, notified, transferred; and the table of duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from contributions.core import datasets as dataset_rules
from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import FundingSource, Organization
from contributions.services import journal, numbers
from licensing.core import inventions as rules
from licensing.models import Duty, Filing, Holder, Invention, Inventor, Notice, Release
from licensing.selectors import inventions


class UnknownEmployer(Refused):
    code = "unknown-employer"
    ja = "発明者の所属「{employer}」は登録された組織ではありません。"
    en = "The employer “{employer}” is no organization on record."


class NotAnInventorOfYours(Refused):
    code = "not-an-inventor-of-yours"
    ja = "ご自身の会員に所属する発明者を少なくとも一人含む発明だけを登録できます。"
    en = "You can only register an invention with at least one inventor of your own member."


class FiledTwice(Refused):
    code = "filed-twice"
    ja = "出願番号 {number}（{country}）は登録済みです。"
    en = "Application {number} ({country}) is on record already."


class UnknownDuty(Refused):
    code = "unknown-duty"
    ja = "届出「{duty}」は、この発明の日に有効な表にありません。"
    en = "No notice “{duty}” stands in the table that governs this invention."


@transaction.atomic
def adopt_duties(
    lines: Sequence[dict], *, valid_from: date, source_ja: str, source_en: str, by: Viewer, at: datetime
) -> Duty:
    """Adopt the table of notices from a day on; what was made before stays under the table of its day."""
    check_may(by, "duty.adopt")
    checked = rules.check_duties(lines)
    journal.lock()
    version = Duty.objects.count() + 1
    entry = journal.append(
        "duty.adopted",
        subject=f"duty:{version}",
        facts={
            "version": version,
            "from": valid_from.isoformat(),
            "lines": checked,
            "source": {"ja": source_ja, "en": source_en},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Duty.objects.create(
        seq=entry.seq, version=version, valid_from=valid_from, lines=checked, source_ja=source_ja, source_en=source_en
    )


@transaction.atomic
def register(
    *,
    title_ja: str,
    title_en: str,
    inventors: Sequence[rules.Named],
    made_on: date,
    by: Viewer,
    at: datetime,
    summary: str = "",
    release: Release | None = None,
    funding: FundingSource | None = None,
    illustrative: bool = True,
) -> Invention:
    """Enter an invention. The statement says employers and shares; names, title and summary are annexes."""
    check_may(by, "invention.register")
    held = rules.check_inventors(inventors)
    if by.workplace == "member" and by.acting not in held:
        raise NotAnInventorOfYours
    employers = {row.code: row for row in Organization.objects.filter(code__in=held)}
    for code in held:
        if code not in employers:
            raise UnknownEmployer(employer=code)
    number = numbers.take(Invention, f"IV-{made_on.year}", width=3)
    named = "\n".join([title_ja, title_en, summary, *(f"{one.name}\t{one.employer}\t{one.share}" for one in inventors)])
    entry = journal.append(
        "invention.registered",
        subject=f"invention:{number}",
        facts={
            "invention": number,
            "inventors": [{"employer": one.employer, "share": fraction_text(fraction(one.share))} for one in inventors],
            "holders": {code: fraction_text(share) for code, share in held.items()},
            "route": None,
            "made_on": made_on.isoformat(),
            "funding": funding.code if funding else None,
            "release": release.number if release else None,
        },
        effective=(made_on, None),
        annexes=[journal.Attachment("disclosure.txt", "text/plain; charset=utf-8", named.encode())],
        by=by,
        at=at,
    )
    invention = Invention.objects.create(
        seq=entry.seq, number=number, title_ja=title_ja, title_en=title_en, summary=summary, made_on=made_on,
        release=release, funding=funding, illustrative=illustrative,
    )  # fmt: skip
    Inventor.objects.bulk_create(
        Inventor(
            seq=entry.seq, invention=invention, name=one.name, employer=employers[one.employer],
            share=fraction_text(fraction(one.share)),
        )
        for one in inventors
    )  # fmt: skip
    _hold(invention, held, from_=made_on, seq=entry.seq)
    return invention


@transaction.atomic
def route(invention: Invention, *, route: str, on: date, by: Viewer, at: datetime) -> Invention:
    """Decide whether it is filed, kept secret as know-how, or published. Published is final."""
    check_may(by, "invention.route")
    invention = _locked(invention)
    rules.check_route(invention.number, invention.state, route)
    entry = journal.append(
        "invention.routed",
        subject=f"invention:{invention.number}",
        facts={"invention": invention.number, "route": route, "on": on.isoformat()},
        by=by,
        at=at,
    )
    invention.state, invention.routed_on, invention.seq = Invention.State(route), on, entry.seq
    invention.published_on = on if route == "published" else None
    invention.save(update_fields=["state", "routed_on", "published_on", "seq"])
    return invention


@transaction.atomic
def file(invention: Invention, *, country: str, number: str, filed_on: date, by: Viewer, at: datetime) -> Filing:
    """Record a patent application: in which country, under which number, on which day."""
    check_may(by, "invention.file")
    invention = _locked(invention)
    if by.workplace == "member" and not inventions.visible_to(by).filter(pk=invention.pk).exists():
        raise NotAnInventorOfYours
    dataset_rules.check_country(country)
    if Filing.objects.filter(country=country, filing_number=number).exists():
        raise FiledTwice(number=number, country=country)
    if invention.state != Invention.State.FILED:
        rules.check_route(invention.number, invention.state, "filed")
    entry = journal.append(
        "invention.filed",
        subject=f"invention:{invention.number}",
        facts={
            "invention": invention.number,
            "country": country,
            "filing": number,
            "filed_on": filed_on.isoformat(),
        },
        effective=(filed_on, None),
        by=by,
        at=at,
    )
    invention.seq = entry.seq
    if invention.state != Invention.State.FILED:
        invention.state, invention.routed_on = Invention.State.FILED, filed_on
    invention.save(update_fields=["state", "routed_on", "seq"])
    return Filing.objects.create(
        seq=entry.seq, invention=invention, country=country, filing_number=number, filed_on=filed_on
    )


@transaction.atomic
def notify(
    invention: Invention,
    *,
    duty: str,
    done_on: date,
    by: Viewer,
    at: datetime,
    reference: str = "",
    file: Evidence | None = None,
) -> Notice:
    """Record that a notice was handed in, or an approval given, with its paper."""
    check_may(by, "invention.notify")
    invention = _locked(invention)
    table = inventions.duties_on(invention.made_on)
    if table is None or duty not in {row["code"] for row in table.lines}:
        raise UnknownDuty(duty=duty)
    entry = journal.append(
        "invention.notified",
        subject=f"invention:{invention.number}",
        facts={"invention": invention.number, "duty": duty, "on": done_on.isoformat(), "reference": reference},
        annexes=journal.handed_in(file),
        by=by,
        at=at,
    )
    return Notice.objects.create(seq=entry.seq, invention=invention, duty=duty, done_on=done_on, reference=reference)


@transaction.atomic
def transfer(
    invention: Invention,
    *,
    giver: Organization,
    taker: Organization,
    share: str,
    on: date,
    by: Viewer,
    at: datetime,
) -> dict[str, Fraction]:
    """Move a share from one holder to another; refused where approval must come first and is not on record."""
    check_may(by, "invention.transfer")
    invention = _locked(invention)
    table = inventions.duties_on(invention.made_on)
    rules.check_before(
        table.lines if table else [],
        mode=inventions.mode_of(invention),
        act="transfer",
        done=inventions.notices_of(invention),
        invention=invention.number,
    )
    after = rules.transferred(
        inventions.holders_of(invention), giver=giver.code, taker=taker.code, share=fraction(share)
    )
    entry = journal.append(
        "invention.transferred",
        subject=f"invention:{invention.number}",
        facts={
            "invention": invention.number,
            "holders": {code: fraction_text(part) for code, part in after.items()},
            "on": on.isoformat(),
        },
        effective=(on, None),
        by=by,
        at=at,
    )
    _hold(invention, after, from_=on, seq=entry.seq)
    return after


def _hold(invention: Invention, held: dict[str, Fraction], *, from_: date, seq: int) -> None:
    rows = {row.code: row for row in Organization.objects.filter(code__in=held)}
    Holder.objects.bulk_create(
        Holder(seq=seq, invention=invention, organization=rows[code], share=fraction_text(share), valid_from=from_)
        for code, share in held.items()
    )


def _locked(invention: Invention) -> Invention:
    return Invention.objects.select_for_update(of=("self",)).select_related("funding").get(pk=invention.pk)
