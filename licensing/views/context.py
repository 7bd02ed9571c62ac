"""What every page shows around its own matter: who am I, what waits, the nouns of this workplace."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.core.roles import WORKPLACES
from contributions.core.words import Text
from licensing import selectors

NOUNS_OPEN_MAX = 18


def page(request) -> dict:
    """The frame of a page, for people who are signed in."""
    viewer = getattr(request, "viewer", None)
    frame = {"installation": contributed.log.installation(), "viewer": viewer}
    if viewer is None:
        return frame
    return frame | {
        "nav": _nav(request, viewer),
        "workplaces": [
            {
                "label": Text(
                    f"{WORKPLACES[grant.workplace].ja}・{grant.organization.short_ja}",
                    f"{WORKPLACES[grant.workplace].en}, {grant.organization.short_en}",
                ),
                "value": grant.pk,
                "current": grant.workplace == viewer.workplace and grant.organization.code == viewer.acting,
            }
            for grant in request.workplaces
        ],
        "organization": next(
            (grant.organization for grant in request.workplaces if grant.organization.code == viewer.acting), None
        ),
    }


def _nav(request, viewer) -> list[dict]:
    inbox = {"title": "", "items": [_item(request, "licensing:inbox", _("Inbox"), selectors.inbox.count(viewer))]}
    groups = [
        {"title": title, "items": [_item(request, name, label) for name, label in items]}
        for title, items in [*_nouns(viewer.workplace), *_people(viewer.workplace)]
    ]
    return [inbox, *_opened(groups)]


def _opened(groups: list[dict]) -> list[dict]:
    """As many groups open as a low screen holds, and always the one that the page belongs to."""
    room = NOUNS_OPEN_MAX
    for group in groups:
        room -= len(group["items"])
        group["open"] = room >= 0 or any(item["current"] for item in group["items"])
    return groups


def _nouns(workplace: str) -> list[tuple[str, list[tuple[str, str]]]]:
    contracts = [("licensing:agreements", _("Agreements")), ("licensing:usage_reports", _("Usage reports"))]
    library = [
        ("licensing:schedules", _("Schedules")),
        ("licensing:clauses", _("Clause library")),
        ("licensing:templates", _("Agreement templates")),
    ]
    kept = _kept()
    check = [("licensing:verify", _("Check a signed PDF"))]
    money = [
        ("licensing:invoices", _("Invoices")),
        ("licensing:distributions", _("Distributions")),
        ("licensing:books", _("Books")),
    ]
    rights = _rights()
    followed = _followed()
    inbound = [*_put_in(), *followed]
    members = [
        ("contributions:members", _("Members")),
        ("contributions:funding", _("Funding sources")),
        ("contributions:ratecards", _("Rate cards")),
    ]
    proof = [("contributions:log", _("Log and proofs"))]
    reports = [("licensing:reports", _("Audit reports"))]
    reviews = [("contributions:reviews", _("Data reviews"))]
    licensees = [("licensing:licensees", _("Licensees")), ("licensing:inquiries", _("Requests from outside"))]
    return {
        "legal": [
            (_("Contracts"), [*contracts, *kept, *library, *licensees]),
            (_("Contributions"), [*inbound, *reviews]),
            (_("Allocation"), rights),
            (_("Members"), members),
            (_("Proof"), [*proof, *reports, *check]),
        ],
        "finance": [
            (_("Money"), [*contracts, *kept, *money]),
            (_("Contributions"), [("contributions:resources", _("Cash, people, IP")), *followed]),
            (_("Members"), members),
            (_("Proof"), [*proof, ("licensing:allocations", _("Allocations")), *check]),
        ],
        "desk": [
            (_("Allocation"), rights),
            (_("Contributions"), [*inbound, *reviews]),
            (_("Members"), members),
            (_("Proof"), proof),
        ],
        "auditor": [
            (_("Proof"), [*proof, *reports, *check]),
            (_("Allocation"), rights),
            (_("Contributions"), [*inbound, *reviews]),
            (_("Contracts"), [*contracts, *kept, *library, *licensees]),
            (_("Money"), money),
            (_("Members"), members),
        ],
        "reviewer": [(_("Reviews"), [*reviews, ("contributions:datasets", _("Datasets"))]), (_("Proof"), proof)],
        "member": [
            (_("Contributions"), [*inbound, *reviews]),
            (_("Allocation"), [*rights, ("licensing:payouts", _("Payouts"))]),
            (_("Members"), members),
            (_("Proof"), proof),
        ],
        "licensee": [
            (_("Licence"), [*contracts, ("licensing:schedules", _("Schedules"))]),
            (_("Money"), [("licensing:invoices", _("Invoices"))]),
            (_("Company"), _company()),
            (_("Proof"), [*proof, *reports, *check]),
        ],
    }.get(workplace, [])


def _people(workplace: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who is who, who holds what of whom, and who looked at whose material."""
    entities = [("contributions:organizations", _("Organizations")), ("contributions:stakes", _("Stakes"))]
    people = [("contributions:people", _("People"))]
    clearances = [("contributions:clearances", _("Clean-team grants"))]
    openings = [("contributions:openings", _("Access record"))]
    items = {
        "legal": [*entities, *people, *clearances],
        "finance": entities,
        "desk": entities,
        "auditor": [*entities, *people, *clearances, *openings],
        "member": [*entities, *people, *clearances, *openings],
        "operator": people,
    }.get(workplace)
    return [(_("Organizations and people"), items)] if items else []


def _rights() -> list[tuple[str, str]]:
    return [
        ("licensing:allocations", _("Allocations")),
        ("licensing:policies", _("Allocation policies")),
        ("licensing:ballots", _("Ballots")),
        ("licensing:releases", _("Model releases")),
    ]


def _kept() -> list[tuple[str, str]]:
    return [
        ("licensing:outside_agreements", _("Outside agreements")),
        ("licensing:transactions", _("Transaction records")),
    ]


def _company() -> list[tuple[str, str]]:
    return [("licensing:company", _("Application and screening")), ("licensing:company_people", _("Our people"))]


def _put_in() -> list[tuple[str, str]]:
    return [
        ("contributions:datasets", _("Datasets")),
        ("contributions:compute", _("Compute")),
        ("contributions:resources", _("Cash, people, IP")),
        ("contributions:terms", _("Inbound agreements")),
    ]


def _followed() -> list[tuple[str, str]]:
    return [
        ("contributions:timeline", _("Timeline")),
        ("contributions:balances", _("Balances")),
        ("contributions:inbox", _("Contribution inbox")),
    ]


def _item(request, name: str, label: str, count: int | None = None) -> dict:
    url = reverse(name)
    path = request.path
    current = path == url or (url != "/" and path.startswith(url))
    return {"label": label, "url": url, "count": count or None, "current": current}
