"""The first page of every workplace: what waits, the figures looked at first, and what was recorded last."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from contributions.core.roles import WORKPLACES
from licensing import selectors
from licensing.selectors import figures
from licensing.views import rails


@require_safe
def inbox(request):
    today = localdate()
    rows = selectors.inbox.waiting_for(request.viewer, on=today, at=now())
    context = {
        "count": len(rows),
        "groups": [
            (name, [{"waiting": row, "url": reverse(row.page, args=row.arguments)} for row in group])
            for name, group in selectors.waiting.grouped(rows, today)
        ],
        "today": today,
        "workplace": WORKPLACES.get(request.viewer.workplace),
        "figures": [
            {"figure": figure, "url": reverse(figure.page, args=figure.arguments) if figure.page else ""}
            for figure in figures.for_workplace(request.viewer, on=today)
        ],
        "history": rails.lines(figures.latest_entries(request.viewer)),
    }
    return render(request, "licensing/inbox/inbox.html", context)
