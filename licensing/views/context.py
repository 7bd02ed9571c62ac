"""What every page shows around its own matter: who am I, what waits, the nouns of this workplace."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.core.roles import WORKPLACES
from contributions.core.words import Text
from licensing import selectors
from licensing.views import menu

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
                "value": grant.seq,
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
        {"title": title, "items": [_item(request, item.page, str(item.label)) for item in items]}
        for title, items in menu.of(viewer)
    ]
    return [inbox, *_opened(groups)]


def _opened(groups: list[dict]) -> list[dict]:
    """The group that the page belongs to, and of the others in their order as many as a low screen holds beside it."""
    room = NOUNS_OPEN_MAX
    for group in groups:
        group["open"] = any(item["current"] for item in group["items"])
        room -= len(group["items"]) if group["open"] else 0
    for group in groups:
        if not group["open"]:
            room -= len(group["items"])
            group["open"] = room >= 0
    return groups


def _item(request, name: str, label: str, count: int | None = None) -> dict:
    url = reverse(name)
    path = request.path
    current = path == url or (url != "/" and path.startswith(url))
    return {"label": label, "url": url, "count": count or None, "current": current}
