"""What waits in the life of contracts: amendments, notice days, obligations, deliveries, derivatives."""

from __future__ import annotations

from datetime import date, timedelta

from contributions.core.roles import LEGAL, LICENSEE, Viewer
from contributions.core.words import Text
from licensing.selectors import amendments, deliveries, derivatives, obligations, outside, renewals
from licensing.selectors.waiting import Waiting, licensee_of

# How long before a notice day it stands in the inbox.
NOTICE_DAYS = 90
NOTICE_AHEAD = timedelta(days=60)


def waiting_for(viewer: Viewer, *, on: date) -> list[Waiting]:
    """What this viewer is to do under contracts that run, or about their going on."""
    return [*_amendments(viewer), *_life(viewer, on), *_notices(viewer, on)]


def _amendments(viewer: Viewer) -> list[Waiting]:
    steps = {
        "drafted": Text("変更契約案を承認", "Approve a draft amendment"),
        "approved": Text("変更契約を提示", "Offer an amendment"),
        "offered": Text("変更契約に署名", "Sign an amendment"),
        "signed": Text("変更契約に署名", "Sign an amendment"),
    }
    return [
        Waiting(
            steps[row.state], licensee_of(row.agreement), row.number, "licensing:amendment", (row.number,),
            state=row.state,
        )
        for row in amendments.waiting_for(viewer)
    ]  # fmt: skip


def _life(viewer: Viewer, on: date) -> list[Waiting]:
    """Notice days that come near, duties of one's own side, deliveries to check, derivatives to decide."""
    near = on + timedelta(days=NOTICE_DAYS)
    rows = [
        Waiting(
            Text("更新に関する通知の期限", "Decide on renewal: last day for notice"), licensee_of(row.agreement),
            row.agreement.number, "licensing:agreement_life", (row.agreement.number,), due_on=row.notice.safe_day,
        )
        for row in (renewals.ahead(viewer, on=on) if viewer.workplace in {LEGAL, LICENSEE} else ())
        if row.notice is not None and not row.refused_by and on <= row.notice.day <= near
    ]  # fmt: skip
    rows += [
        Waiting(
            Text("義務の免除を承認", "Approve a waiver") if row.waiver_asked_at else Text(row.title_ja, row.title_en),
            row.other_side, row.number, "licensing:obligation", (row.number,),
            due_on=None if row.waiver_asked_at else row.due_on, amount=row.amount, state=obligations.state_on(row, on),
        )
        for row in obligations.waiting_for(viewer, on=on)
    ]  # fmt: skip
    rows += [
        Waiting(
            Text("再納品", "Deliver again") if row.state == "rejected" else Text("納品の検収", "Check a delivery"),
            licensee_of(row.agreement), row.number, "licensing:delivery", (row.number,), due_on=row.accept_by,
            state=row.state,
        )
        for row in deliveries.waiting_for(viewer, on=on)
    ]  # fmt: skip
    return rows + [
        Waiting(
            Text("派生モデルの登録を承認", "Decide on a derivative model"), licensee_of(row.agreement), row.number,
            "licensing:derivative", (row.number,), due_on=row.use_from, state=row.state,
        )
        for row in derivatives.waiting_for(viewer)
    ]  # fmt: skip


def _notices(viewer: Viewer, on: date) -> list[Waiting]:
    """Outside agreements whose day of notice comes within two months: whether they go on is legal's to say."""
    if viewer.workplace != LEGAL:
        return []
    return [
        Waiting(
            Text("更新するか通知するかを判断", "Decide whether to renew or give notice"),
            Text(f"{row.counterparty}　{row.title}", f"{row.counterparty}: {row.title}"),
            row.number,
            "licensing:outside_agreement",
            (row.number,),
            due_on=day,
        )
        for day, row in outside.notices(viewer, on)
        if day < on + NOTICE_AHEAD
    ]
