"""Registering where money comes from, amending it, and the assets bought with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.codes import check_free
from contributions.core.completeness import NotYet
from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import jst_date
from contributions.core.resources import NotAPart
from contributions.core.roles import Viewer, check_may
from contributions.core.units import check_amount
from contributions.core.words import Text
from contributions.models import FundedAsset, FundingEdition, FundingSource, Organization
from contributions.services import journal, numbers


class DecisionNeeded(Refused):
    code = "decision-needed"
    ja = "交付決定または契約は、番号と日付の両方を記載してください。その日より前の費用は対象になりません。"
    en = "A decision or contract has both a number and a day: cost before that day is ineligible."


class RateNeeded(Refused):
    code = "state-rate-needed"
    ja = "補助または委託の財源には、国の負担割合を 0 を超え 1 以下の分数で記載してください（例：1/2）。"
    en = "Of a subsidy or a commission the state pays a part: state it as a fraction above 0, such as 1/2."


class OwnMoney(Refused):
    code = "own-money-has-no-rate"
    ja = "自己資金に国の負担割合は付きません。割合を 0 とするか、区分を補助または委託としてください。"
    en = "The state pays no part of own money. State 0, or choose subsidy or commission as the mode."


class PriceNeeded(Refused):
    code = "asset-price-needed"
    ja = "取得財産の取得価額は、1円以上で入力してください。"
    en = "The price of an asset is 1 yen or more."


class NotAcquiredYet(Refused):
    code = "asset-not-acquired-yet"
    ja = "取得日（{day}）が将来の日です。取得した後に登録してください。"
    en = "The day of acquisition ({day}) is still to come. Enter the asset once it has been bought."


class RestrictedBefore(Refused):
    code = "restriction-before-acquisition"
    ja = "処分制限の期限は、取得日（{day}）以後の日としてください。"
    en = "The restriction on disposal would end before the asset was bought ({day}). State a later day, or none."


class DisposedBefore(Refused):
    code = "disposed-before-acquisition"
    ja = "処分日は、取得日（{day}）以後の日としてください。"
    en = "An asset cannot be disposed of before it was bought ({day})."


class ApprovalNeeded(Refused):
    code = "disposal-approval-needed"
    ja = "取得財産 {asset} は {until} まで処分が制限されています。交付者の承認番号を記載してください。"
    en = "Asset {asset} may not be disposed of before {until} without an approval. State the approval's number."


class AlreadyDisposed(Refused):
    code = "already-disposed"
    ja = "取得財産 {asset} は処分済みです。"
    en = "Asset {asset} has been disposed of already."


@transaction.atomic
def register(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    mode: str,
    by: Viewer,
    at: datetime,
    programme: str = "",
    decision_number: str = "",
    decided_on: date | None = None,
    state_rate: str = "0",
    recipient: Organization | None = None,
    expense_category: str = "",
    fiscal_year: int | None = None,
    illustrative: bool = False,
) -> FundingSource:
    """Enter a source; `state_rate` is the part that the state pays.

    A source with a recipient is that recipient's and the secretariat's to know; without one it is common to all.
    """
    check_may(by, "funding.register")
    check_free(code)
    stated = _stated(mode, programme, decision_number, decided_on, state_rate, expense_category, fiscal_year, at)
    to = {"recipient": recipient.code} if recipient else {}
    entry = journal.append(
        "funding.awarded" if recipient else "funding.registered",
        subject=f"funding:{code}",
        member=recipient.code if recipient else None,
        facts={"funding": code, **_facts(stated), **to},
        by=by,
        at=at,
    )
    source = FundingSource.objects.create(
        seq=entry.seq,
        code=code,
        name_ja=name_ja,
        name_en=name_en,
        recipient=recipient,
        illustrative=illustrative,
        **stated,
    )
    FundingEdition.objects.create(seq=entry.seq, source=source, edition=1, **stated)
    return source


@transaction.atomic
def amend(
    source: FundingSource,
    *,
    valid_from: date,
    by: Viewer,
    at: datetime,
    mode: str | None = None,
    programme: str | None = None,
    decision_number: str | None = None,
    decided_on: date | None = None,
    state_rate: str | None = None,
    expense_category: str | None = None,
    fiscal_year: int | None = None,
) -> FundingSource:
    """Add an edition from a day on, as a changed decision states it; what is left out stays as it was."""
    check_may(by, "funding.amend")
    source = FundingSource.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=source.pk)
    last = source.editions.order_by("-edition").first()
    stated = _stated(
        mode or source.mode,
        source.programme if programme is None else programme,
        decision_number or source.decision_number,
        decided_on or source.decided_on,
        state_rate or source.state_rate,
        source.expense_category if expense_category is None else expense_category,
        fiscal_year or source.fiscal_year,
        at,
    )
    entry = journal.append(
        "funding.amended",
        subject=f"funding:{source.code}",
        member=source.recipient.code if source.recipient else None,
        facts={
            "funding": source.code,
            "edition": last.edition + 1,
            **_facts(stated),
            "recipient": source.recipient.code if source.recipient else None,
            "from": valid_from.isoformat(),
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    FundingEdition.objects.create(
        seq=entry.seq, source=source, edition=last.edition + 1, valid_from=valid_from, **stated
    )
    for name, value in stated.items():
        setattr(source, name, value)
    source.seq = entry.seq
    source.save(update_fields=["seq", *stated])
    return source


@transaction.atomic
def acquire(
    source: FundingSource,
    *,
    name_ja: str,
    name_en: str,
    acquired_on: date,
    price: int,
    by: Viewer,
    at: datetime,
    restriction: str = "",
    restricted_until: date | None = None,
) -> FundedAsset:
    """Enter an asset bought with the source's money, and until when it must not be disposed of freely."""
    check_may(by, "asset.acquire")
    _check_bought(acquired_on, price, restricted_until, today=jst_date(at))
    number = numbers.take(FundedAsset, f"A-{source.code}")
    entry = journal.append(
        "asset.acquired",
        subject=f"funding:{source.code}",
        member=source.recipient.code if source.recipient else None,
        facts={
            "asset": number,
            "funding": source.code,
            "on": acquired_on.isoformat(),
            "price": str(check_amount(price)),
            "restricted_until": restricted_until.isoformat() if restricted_until else None,
        },
        effective=(acquired_on, None),
        by=by,
        at=at,
    )
    return FundedAsset.objects.create(
        seq=entry.seq,
        number=number,
        source=source,
        name_ja=name_ja,
        name_en=name_en,
        acquired_on=acquired_on,
        price=price,
        restriction=restriction,
        restricted_until=restricted_until,
    )


@transaction.atomic
def dispose(asset: FundedAsset, *, disposed_on: date, by: Viewer, at: datetime, approval: str = "") -> FundedAsset:
    """Record that an asset was sold, lent, pledged or scrapped; while it is restricted this takes an approval."""
    check_may(by, "asset.dispose")
    rows = FundedAsset.objects.select_for_update(of=("self",)).select_related("source__recipient")
    asset = rows.get(pk=asset.pk)
    if asset.disposed_seq is not None:
        raise AlreadyDisposed(asset=asset.number)
    if disposed_on < asset.acquired_on:
        raise DisposedBefore(day=asset.acquired_on)
    if asset.restricted_until is not None and disposed_on < asset.restricted_until and not approval.strip():
        raise ApprovalNeeded(asset=asset.number, until=asset.restricted_until)
    recipient = asset.source.recipient
    entry = journal.append(
        "asset.disposed",
        subject=f"funding:{asset.source.code}",
        member=recipient.code if recipient else None,
        facts={"asset": asset.number, "on": disposed_on.isoformat(), "approval": approval.strip() or None},
        effective=(disposed_on, None),
        by=by,
        at=at,
    )
    asset.disposed_on, asset.disposed_seq, asset.approval = disposed_on, entry.seq, approval.strip()
    asset.save(update_fields=["disposed_on", "disposed_seq", "approval"])
    return asset


def _check_bought(acquired_on: date, price: int, restricted_until: date | None, *, today: date) -> None:
    if price <= 0:
        raise PriceNeeded
    if acquired_on > today:
        raise NotAcquiredYet(day=acquired_on)
    if restricted_until is not None and restricted_until <= acquired_on:
        raise RestrictedBefore(day=acquired_on)


def _stated(mode, programme, decision_number, decided_on, state_rate, expense_category, fiscal_year, at) -> dict:
    """A source's particulars, once they hold together."""
    rate = fraction(state_rate)
    if not 0 <= rate <= 1:
        raise NotAPart(part=state_rate)
    if (mode == FundingSource.Mode.OWN) != (rate == 0):
        raise OwnMoney if rate else RateNeeded
    if (decided_on is None) != (not decision_number) and mode != FundingSource.Mode.OWN:
        raise DecisionNeeded
    if decided_on is not None and decided_on > jst_date(at):
        raise NotYet(what=Text("交付決定・契約の日", "The day of the decision or contract"), day=decided_on)
    return {
        "mode": str(mode),
        "programme": programme,
        "decision_number": decision_number,
        "decided_on": decided_on,
        "state_rate": fraction_text(rate),
        "expense_category": expense_category,
        "fiscal_year": fiscal_year,
    }


def _facts(stated: dict) -> dict:
    """The same particulars as a statement names them."""
    day = stated["decided_on"]
    return {
        "mode": stated["mode"],
        "rate": stated["state_rate"],
        "programme": stated["programme"],
        "decision": stated["decision_number"],
        "decided_on": day.isoformat() if day else None,
        "expense_category": stated["expense_category"] or None,
        "fiscal_year": stated["fiscal_year"],
    }
