"""What waits for a viewer: one list over every noun, each line one thing to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate, now

from contributions.core.periods import last_day
from contributions.core.roles import FINANCE, LEGAL, LICENSEE, MEMBER, REVIEWER, Viewer, may
from contributions.core.words import Text
from contributions.models import Intake, RoleGrant
from contributions.selectors import inbox as contributed
from contributions.selectors import intakes, log, reviews, witnesses
from licensing.core import clauses as rules
from licensing.core import templates as template_rules
from licensing.selectors import (
    agreements,
    amendments,
    clauses,
    deliveries,
    derivatives,
    distributions,
    errands,
    inquiries,
    invoices,
    licensees,
    obligations,
    outside,
    renewals,
    schedules,
    templates,
    usage,
    waiting,
)
from licensing.selectors.waiting import Waiting

# How long before a notice day it stands in the inbox.
NOTICE_DAYS = 90
NOTICE_AHEAD = timedelta(days=60)

AGREEMENT_STEPS = {
    "drafted": Text("契約書案を承認", "Approve the draft agreement"),
    "approved": Text("契約書を提示", "Offer the agreement"),
    "offered": Text("契約書に署名", "Sign the agreement"),
    "signed": Text("契約書に署名", "Sign the agreement"),
}


def count(viewer: Viewer | None) -> int:
    """How many things wait."""
    return len(waiting_for(viewer))


def waiting_for(viewer: Viewer | None, *, on: date | None = None, at: datetime | None = None) -> list[Waiting]:
    """Everything that waits for this viewer, what to do first at the top: due soon, then without a day, then later."""
    if viewer is None:
        return []
    on, at = on or localdate(), at or now()
    rows = [
        *_before_agreements(viewer, on),
        *_agreements(viewer),
        *errands.waiting_for(viewer, on=on),
        *_amendments(viewer),
        *_life(viewer, on),
        *_wordings(viewer),
        *_reviews(viewer),
        *_conditions(viewer),
        *_contributions(viewer),
        *_intakes(viewer),
        *waiting.ballots_for(viewer, at),
        *waiting.valuations_for(viewer),
        *waiting.notices_for(viewer, on),
        *waiting.allocations_for(viewer),
        *_usage(viewer, on),
        *_money(viewer),
        *_witnessing(viewer),
        *_notices(viewer, on),
    ]
    return sorted(rows, key=lambda row: waiting.order(row, on))


def _before_agreements(viewer: Viewer, on: date) -> list[Waiting]:
    """Requests from outside, applicants to be screened, screenings that are due again, price lists to be published."""
    rows = [
        Waiting(
            Text("外部からの申出に回答", "Answer a request from outside"),
            Text(row.company_ja, row.company_en or row.company_ja),
            row.number,
            "licensing:inquiry",
            (row.number,),
            state="new",
        )
        for row in inquiries.waiting_for(viewer)
    ]
    rows += [_to_screen(row, on) for row in licensees.waiting_for(viewer, on=on)]
    rows += [
        Waiting(
            Text("料金表を公表", "Publish a price list"),
            Text(row.name_ja, row.name_en),
            str(row),
            "licensing:schedule",
            (row.number, row.version),
            due_on=row.valid_from,
            state="proposed",
        )
        for row in schedules.waiting_for(viewer)
    ]
    if _may_apply(viewer):
        todo = Text("利用を申し込む", "Apply to use the models")
        rows.append(Waiting(todo, Text("自社", "Your company"), viewer.acting or "", "licensing:application_new", ()))
    return rows


def _may_apply(viewer: Viewer) -> bool:
    """Whether the viewer's company is invited and has still to apply."""
    if viewer.workplace != LICENSEE or not viewer.acting or not may(viewer, "licensee.apply"):
        return False
    return RoleGrant.objects.filter(organization__code=viewer.acting, workplace=LICENSEE).exists() and (
        not licensees.visible_to(viewer).exists()
    )


def _to_screen(row, on: date) -> Waiting:
    company = row.organization
    about, place = Text(company.name_ja, company.name_en), ("licensing:licensee", (company.code,))
    if row.state == "applied":
        return Waiting(Text("利用者審査", "Screen an applicant"), about, company.code, *place, state="applied")
    todo, state = Text("利用者の再審査", "Screen a licensee again"), "overdue" if row.rescreen_on < on else "waiting"
    return Waiting(todo, about, company.code, *place, due_on=row.rescreen_on, state=state)


def _agreements(viewer: Viewer) -> list[Waiting]:
    return [
        Waiting(
            AGREEMENT_STEPS[row.state],
            Text(row.licensee.organization.name_ja, row.licensee.organization.name_en),
            row.number,
            "licensing:agreement",
            (row.number,),
            state=row.state,
        )
        for row in agreements.waiting_for(viewer)
        if not agreements.is_negotiated(row)
    ]


def _amendments(viewer: Viewer) -> list[Waiting]:
    steps = {
        "drafted": Text("変更契約案を承認", "Approve a draft amendment"),
        "approved": Text("変更契約を提示", "Offer an amendment"),
        "offered": Text("変更契約に署名", "Sign an amendment"),
        "signed": Text("変更契約に署名", "Sign an amendment"),
    }
    return [
        Waiting(
            steps[row.state], _licensee(row.agreement), row.number, "licensing:amendment", (row.number,),
            state=row.state,
        )
        for row in amendments.waiting_for(viewer)
    ]  # fmt: skip


def _life(viewer: Viewer, on: date) -> list[Waiting]:
    """Notice days that come near, duties of one's own side, deliveries to check, derivatives to decide."""
    near = on + timedelta(days=NOTICE_DAYS)
    rows = [
        Waiting(
            Text("更新に関する通知の期限", "Decide on renewal: last day for notice"), _licensee(row.agreement),
            row.agreement.number, "licensing:agreement_life", (row.agreement.number,), due_on=row.notice.safe_day,
        )
        for row in (renewals.ahead(viewer, on=on) if viewer.workplace in {LEGAL, LICENSEE} else ())
        if row.notice is not None and not row.refused_by and on <= row.notice.day <= near
    ]  # fmt: skip
    rows += [
        Waiting(
            Text("義務の免除を承認", "Approve a waiver") if row.waiver_asked_at else Text(row.title_ja, row.title_en),
            _licensee(row.agreement), row.number, "licensing:obligation", (row.number,),
            due_on=None if row.waiver_asked_at else row.due_on, amount=row.amount, state=obligations.state_on(row, on),
        )
        for row in obligations.waiting_for(viewer, on=on)
    ]  # fmt: skip
    rows += [
        Waiting(
            Text("再納品", "Deliver again") if row.state == "rejected" else Text("納品の検収", "Check a delivery"),
            _licensee(row.agreement), row.number, "licensing:delivery", (row.number,), due_on=row.accept_by,
            state=row.state,
        )
        for row in deliveries.waiting_for(viewer, on=on)
    ]  # fmt: skip
    return rows + [
        Waiting(
            Text("派生モデルの登録を承認", "Decide on a derivative model"), _licensee(row.agreement), row.number,
            "licensing:derivative", (row.number,), due_on=row.use_from, state=row.state,
        )
        for row in derivatives.waiting_for(viewer)
    ]  # fmt: skip


def _licensee(agreement) -> Text:
    organization = agreement.licensee.organization
    return Text(organization.name_ja, organization.name_en)


def _wordings(viewer: Viewer) -> list[Waiting]:
    """Drafts of clauses and templates that a second pair of eyes has to approve."""
    drafts = [
        Waiting(
            Text("条項案を承認", "Approve the draft clause"),
            rules.clause(row.document).heading,
            str(row),
            "licensing:clause",
            (row.clause.code,),
        )
        for row in clauses.waiting_for(viewer)
    ]
    return drafts + [
        Waiting(
            Text("ひな形案を承認", "Approve the draft template"),
            template_rules.template(row.document).title,
            str(row),
            "licensing:template",
            (row.code, row.version),
        )
        for row in templates.waiting_for(viewer)
    ]


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


def _reviews(viewer: Viewer) -> list[Waiting]:
    return [
        Waiting(
            Text("データ審査の意見", "Decide a data review"),
            Text(row.version.dataset.name_ja, row.version.dataset.name_en),
            f"{row.version} {row.kind}",
            "contributions:review",
            (row.pk,),
            state="in_review",
        )
        for row in reviews.waiting_for(viewer)
    ]


def _conditions(viewer: Viewer) -> list[Waiting]:
    """Conditions of a member's own reviews that it has not answered yet; those answered, for the review body."""
    if viewer.workplace not in {MEMBER, REVIEWER}:
        return []
    owner = viewer.workplace == MEMBER
    todo = Text("データ審査の条件に回答", "Answer a review's condition") if owner else Text(
        "データ審査の条件の履行を確認", "Confirm a review's condition"
    )  # fmt: skip
    return [
        Waiting(
            todo,
            Text(row.opinion.review.version.dataset.name_ja, row.opinion.review.version.dataset.name_en),
            f"{row.opinion.review.version} {row.opinion.review.kind}",
            "contributions:review",
            (row.opinion.review.pk,),
            due_on=row.due,
        )
        for row in reviews.conditions_of(viewer).filter(replies__isnull=owner).distinct()
    ]


def _contributions(viewer: Viewer) -> list[Waiting]:
    """What the contributions wing holds for this viewer, apart from reviews and gaps, which its own inbox lists."""
    rows = [row for row in contributed.waiting_for(viewer) if row.kind in {"resource", "batch", "dispute"}]
    return [
        Waiting(row.todo, row.about, row.number, row.page, row.arguments, amount=row.amount, state=row.state)
        for row in rows
    ]


def _witnessing(viewer: Viewer) -> list[Waiting]:
    """Where the members have set a threshold: the newest checkpoint, until enough or this member have cosigned it."""
    given = witnesses.rules_known() if viewer.workplace == MEMBER else []
    newest = log.latest() if given else None
    if newest is None:
        return []
    standing = witnesses.standing(newest, viewer, given=given)
    done = any(one.organization is not None and one.organization.code == viewer.acting for one in standing.seen)
    if standing.is_witnessed or done:
        return []
    number = str(newest.number)
    said = Text(f"{standing.threshold} 組織中 {standing.counted} 組織", f"{standing.counted} of {standing.threshold}")
    title = Text("時点証明への立会署名", "Cosign a log checkpoint")
    return [Waiting(title, said, number, "contributions:checkpoint", (newest.number,), state="unwitnessed")]


def _intakes(viewer: Viewer) -> list[Waiting]:
    """Usage files that were read and wait for their sender."""
    todo = {
        Intake.State.PREVIEWED: Text("計算実績を登録", "Commit metered compute"),
        Intake.State.UNMAPPED: Text("計算実績の列を確認", "Name the columns of a usage file"),
    }
    return [
        Waiting(
            todo[row.state],
            Text(row.facility.name_ja, row.facility.name_en),
            row.file_name,
            "contributions:intake",
            (row.pk,),
            due_on=localdate(row.expires_at),
            state=row.state,
        )
        for row in intakes.visible_to(viewer).filter(state__in=list(todo))
    ]


def _usage(viewer: Viewer, on: date) -> list[Waiting]:
    if viewer.workplace == LICENSEE:
        if not may(viewer, "usage.submit"):
            return []
        return [
            Waiting(
                Text("利用実績を報告", "Report usage"),
                Text(
                    f"{row.period_from} から {last_day(row.period_until)} まで",
                    f"{row.period_from} to {last_day(row.period_until)}",
                ),
                row.agreement.number,
                "licensing:usage_new",
                (row.agreement.number, row.period_from.isoformat()),
                due_on=row.due_on,
                state="overdue" if row.overdue else "waiting",
            )
            for row in usage.owed(viewer, on=on)
        ]
    return [
        Waiting(
            Text("利用実績を受理", "Accept a usage report"),
            Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
            row.number,
            "licensing:usage_report",
            (row.number,),
            state="submitted",
        )
        for row in usage.waiting_for(viewer)
    ]


def _money(viewer: Viewer) -> list[Waiting]:
    rows = [
        Waiting(
            Text("分配額を確認", "Confirm a payout")
            if viewer.workplace == "member"
            else Text("収益分配を承認", "Approve a distribution"),
            Text("収益分配", "Distribution"),
            row.number,
            "licensing:payout" if viewer.workplace == "member" else "licensing:distribution",
            (row.number,),
            due_on=row.distribution.confirm_by if viewer.workplace == "member" else row.pay_on,
            amount=row.gross,
            state=row.state,
        )
        for row in distributions.waiting_for(viewer)
    ]
    if viewer.workplace == FINANCE:
        rows += [
            Waiting(
                Text("前払金の請求書を発行", "Issue the invoice of an advance"),
                _licensee(row), row.number, "licensing:advance", (row.number,), due_on=row.term_from,
            )
            for row in invoices.advances_to_issue(viewer)
        ]  # fmt: skip
        rows += [
            Waiting(
                Text("請求書を発行", "Issue an invoice"),
                Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
                row.number,
                "licensing:usage_report",
                (row.number,),
                state="accepted",
            )
            for row in invoices.to_issue(viewer)
        ]
        rows += [
            Waiting(
                Text("入金を記録", "Record a receipt"),
                Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
                row.number,
                "licensing:invoice",
                (row.number,),
                due_on=row.due_on,
                amount=row.gross,
                state=row.state,
            )
            for row in invoices.visible_to(viewer).filter(state="issued")
        ]
    return rows
