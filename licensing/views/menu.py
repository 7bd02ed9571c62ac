"""The nouns at the side of every page: which there are, who works with them, and in which order a workplace has them.

A group shows to a workplace what at least one line of it names; a line that names nobody would be dead, and a test of
the journeys walks them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contributions.core import roles
from contributions.core.roles import AUDITOR, DESK, FINANCE, LEGAL, LICENSEE, MEMBER, OPERATOR, REVIEWER

OFFICE = (LEGAL, FINANCE, DESK, AUDITOR)
OF_CONTRACTS = (LEGAL, FINANCE, AUDITOR)
PARTIES = (*OF_CONTRACTS, LICENSEE)
RIGHTS = (LEGAL, DESK, AUDITOR, MEMBER)


@dataclass(frozen=True, slots=True)
class Item:
    """A page of a noun, and the workplaces that have it at their side; inside a licensee only who reads its part."""

    page: str
    label: Promise | str
    workplaces: tuple[str, ...]
    part: str = ""


GROUPS: dict[str, tuple[Promise | str, tuple[Item, ...]]] = {
    "contracts": (
        _("Contracts"),
        (
            Item("licensing:agreements", _("Agreements"), PARTIES),
            Item("licensing:usage_reports", _("Usage reports"), PARTIES, roles.OF_USAGE),
            Item("licensing:deviations", _("Deviations"), OF_CONTRACTS),
            Item("licensing:approvals", _("Approvals"), OF_CONTRACTS),
            Item("licensing:outside_agreements", _("Outside agreements"), OF_CONTRACTS),
            Item("licensing:transactions", _("Transaction records"), OF_CONTRACTS),
            Item("licensing:schedules", _("Schedules"), (LEGAL, AUDITOR, LICENSEE)),
            Item("licensing:clauses", _("Clause library"), (LEGAL, AUDITOR)),
            Item("licensing:templates", _("Agreement templates"), (LEGAL, AUDITOR)),
            Item("licensing:licensees", _("Licensees"), (LEGAL, AUDITOR)),
            Item("licensing:inquiries", _("Requests from outside"), (LEGAL, AUDITOR)),
        ),
    ),
    "life": (
        _("Life of contracts"),
        (
            Item("licensing:obligations", _("Obligations"), PARTIES),
            Item("licensing:calendar", _("Days to keep"), PARTIES),
            Item("licensing:amendments", _("Amendments"), PARTIES, roles.OF_CONTRACTS),
            Item("licensing:renewals", _("Renewals"), PARTIES, roles.OF_CONTRACTS),
            Item("licensing:terminations", _("Terminations"), PARTIES),
            Item("licensing:deliveries", _("Deliveries"), (LEGAL, AUDITOR, LICENSEE), roles.OF_MODELS),
            Item("licensing:derivatives", _("Derivative models"), (LEGAL, AUDITOR, LICENSEE), roles.OF_MODELS),
        ),
    ),
    "company": (
        _("Company"),
        (
            Item("licensing:company", _("Application and screening"), (LICENSEE,), roles.OF_CONTRACTS),
            Item("licensing:company_people", _("Our people"), (LICENSEE,)),
        ),
    ),
    "money": (
        _("Money"),
        (
            Item("licensing:invoices", _("Invoices"), (FINANCE, AUDITOR, LICENSEE), roles.OF_MONEY),
            Item("licensing:distributions", _("Distributions"), (FINANCE, AUDITOR)),
            Item("licensing:books", _("Books"), (FINANCE, AUDITOR)),
        ),
    ),
    "contributions": (
        _("Contributions"),
        (
            Item("contributions:datasets", _("Datasets"), (LEGAL, DESK, AUDITOR, MEMBER, REVIEWER)),
            Item("contributions:compute", _("Compute"), RIGHTS),
            Item("contributions:resources", _("Cash, people, IP"), (*OFFICE, MEMBER)),
            Item("contributions:terms", _("Inbound agreements"), RIGHTS),
            Item("contributions:timeline", _("Timeline"), (*OFFICE, MEMBER)),
            Item("contributions:balances", _("Balances"), (*OFFICE, MEMBER)),
            Item("contributions:inbox", _("Contribution inbox"), (*OFFICE, MEMBER)),
            Item("contributions:reviews", _("Data reviews"), (*RIGHTS, REVIEWER)),
        ),
    ),
    "allocation": (
        _("Allocation"),
        (
            Item("licensing:allocations", _("Allocations"), (*RIGHTS, FINANCE)),
            Item("licensing:policies", _("Allocation policies"), RIGHTS),
            Item("licensing:ballots", _("Ballots"), RIGHTS),
            Item("licensing:releases", _("Model releases"), RIGHTS),
            Item("licensing:bodies", _("Deciding bodies"), RIGHTS),
            Item("licensing:deals", _("Usual deals"), RIGHTS),
            Item("licensing:valuations", _("Coalition values"), (DESK, AUDITOR)),
            Item("licensing:inventions", _("Inventions"), (LEGAL, AUDITOR, MEMBER)),
            Item("licensing:payouts", _("Payouts"), (MEMBER,)),
        ),
    ),
    "members": (
        _("Members"),
        (
            Item("contributions:members", _("Members"), (*OFFICE, MEMBER)),
            Item("contributions:funding", _("Funding sources"), (*OFFICE, MEMBER)),
            Item("contributions:ratecards", _("Rate cards"), (*OFFICE, MEMBER)),
        ),
    ),
    "proof": (
        _("Proof"),
        (
            Item("contributions:log", _("Log and proofs"), (*OFFICE, REVIEWER, MEMBER, LICENSEE)),
            Item("licensing:reports", _("Audit reports"), (LEGAL, AUDITOR, LICENSEE), roles.OF_MODELS),
            Item("licensing:verify", _("Check a signed PDF"), PARTIES),
        ),
    ),
    "people": (
        _("Organizations and people"),
        (
            Item("contributions:organizations", _("Organizations"), (*OFFICE, MEMBER)),
            Item("contributions:stakes", _("Stakes"), (*OFFICE, MEMBER)),
            Item("contributions:people", _("People"), (LEGAL, AUDITOR, MEMBER, OPERATOR)),
            Item("contributions:clearances", _("Clean-team grants"), (LEGAL, AUDITOR, MEMBER)),
            Item("contributions:openings", _("Access record"), (AUDITOR, MEMBER)),
        ),
    ),
}

# What a workplace does most stands first.
ORDER: dict[str, tuple[str, ...]] = {
    LEGAL: ("contracts", "life", "contributions", "allocation", "members", "proof", "people"),
    FINANCE: ("contracts", "money", "life", "contributions", "allocation", "members", "proof", "people"),
    DESK: ("allocation", "contributions", "members", "proof", "people"),
    AUDITOR: ("proof", "allocation", "contributions", "contracts", "life", "money", "members", "people"),
    REVIEWER: ("contributions", "proof"),
    MEMBER: ("contributions", "allocation", "members", "proof", "people"),
    LICENSEE: ("contracts", "life", "money", "company", "proof"),
    OPERATOR: ("people",),
}


def of(viewer: roles.Viewer) -> list[tuple[str, list[Item]]]:
    """The groups of a viewer's workplace with their lines, in its order."""
    found = []
    for key in ORDER.get(viewer.workplace, ()):
        title, items = GROUPS[key]
        shown = [item for item in items if viewer.workplace in item.workplaces]
        shown = [item for item in shown if not item.part or roles.reads(viewer, item.part)]
        if shown:
            found.append((str(title), shown))
    return found
