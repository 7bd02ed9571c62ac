"""What waits before a contract is signed: requests, applicants, drafts, negotiations, approvals, rules, wordings."""

from __future__ import annotations

from datetime import date

from contributions.core.roles import LICENSEE, Viewer, may
from contributions.core.words import Text
from contributions.models import RoleGrant
from licensing.core import clauses as rules
from licensing.core import templates as template_rules
from licensing.selectors import (
    agreements,
    approvals,
    clauses,
    inquiries,
    licensees,
    mandates,
    negotiations,
    schedules,
    shipped,
    templates,
)
from licensing.selectors.waiting import Waiting, licensee_of

AGREEMENT_STEPS = {
    "drafted": Text("契約書案を承認", "Approve the draft agreement"),
    "approved": Text("契約書を提示", "Offer the agreement"),
    "offered": Text("契約書に署名", "Sign the agreement"),
    "signed": Text("契約書に署名", "Sign the agreement"),
}


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Waiting]:
    """What this viewer is to do before a contract stands."""
    if viewer is None:
        return []
    return [
        *_before_agreements(viewer, on),
        *_agreements(viewer),
        *_talks(viewer),
        *_approvals(viewer, on),
        *_rules(viewer),
        *_wordings(viewer),
    ]


def _talks(viewer: Viewer) -> list[Waiting]:
    """Negotiations in which it is this side's turn."""
    return [
        Waiting(
            Text("契約交渉への回答", "Answer in a negotiation"),
            licensee_of(row.agreement),
            row.agreement.number,
            "licensing:negotiation",
            (row.agreement.number,),
            state=row.state,
        )
        for row in negotiations.waiting_for(viewer)
    ]


def _approvals(viewer: Viewer, on: date) -> list[Waiting]:
    """Approvals that ask this very person, and its own that were sent back."""
    return [
        Waiting(
            Text("差し戻された稟議に対応", "Mend an approval that was sent back")
            if row.state == "sent_back"
            else Text("稟議の決裁・合議", "Decide or give an opinion in an approval"),
            licensee_of(row.agreement),
            row.number,
            "licensing:approval",
            (row.number,),
            amount=row.amount,
            state=row.state,
        )
        for row in approvals.waiting_for(viewer, on=on)
    ]


def _rules(viewer: Viewer) -> list[Waiting]:
    """Versions of the negotiation and approval rules that somebody else proposed."""
    return [
        Waiting(
            Text("交渉・決裁規程を採択", "Adopt negotiation and approval rules"),
            Text(row.source_ja, row.source_en),
            row.number,
            "licensing:mandate_proposal",
            (row.number,),
            due_on=row.valid_from,
            state=row.state,
        )
        for row in mandates.waiting_for(viewer)
    ]


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
    if row.screened:
        todo = Text("審査済みの利用者を承認", "Approve a licensee that was screened")
        return Waiting(todo, about, company.code, *place, due_on=row.rescreen_on, state=row.state)
    if row.state == "applied":
        return Waiting(Text("利用者審査", "Screen an applicant"), about, company.code, *place, state="applied")
    todo, state = Text("利用者の再審査", "Screen a licensee again"), "overdue" if row.rescreen_on < on else "waiting"
    return Waiting(todo, about, company.code, *place, due_on=row.rescreen_on, state=state)


def _agreements(viewer: Viewer) -> list[Waiting]:
    return [
        Waiting(
            AGREEMENT_STEPS[row.state],
            licensee_of(row),
            row.number,
            "licensing:agreement",
            (row.number,),
            state=row.state,
        )
        for row in agreements.waiting_for(viewer)
        if not agreements.is_negotiated(row)
    ]


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
    if shipped.is_waiting(viewer):
        todo = Text("同梱の条項集の案を一括承認", "Approve the drafts of the shipped library")
        drafts.append(Waiting(todo, Text("条項集", "Clause library"), "shipped", "licensing:shipped", ()))
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
