"""The log: its head, its signed checkpoints, and recomputing the whole of it on request.

The public key and the signed notes are open to everybody: they show nothing of what an entry says, and a checkpoint
that many hold cannot quietly be replaced.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.notes import parse_note
from contributions.selectors import verification
from contributions.views import history
from contributions.views.lists import page_of

# Beyond this many entries the whole tree is not recomputed while a browser waits; the command does it.
RECOMPUTED_AT_ONCE_MAX = 50_000


def index(request):
    """Where the log stands, and how anybody can check it."""
    return _index(request)


@require_POST
def verify(request):
    """Recompute every leaf, statement, node and checkpoint, and say what was checked."""
    head = selectors.log.head()
    if head.size > RECOMPUTED_AT_ONCE_MAX:
        return _index(request, too_long=True)
    return _index(request, checked=verification.check_log(services.log.signer().verifier))


@login_not_required
def vkey(request):
    """The log's public key, as one line: what a verifier is given apart from any bundle."""
    _founded()
    return _file(services.log.signer().verifier.vkey + "\n", "log.vkey")


@login_not_required
def note(request, number):
    """The signed note of a checkpoint, byte for byte."""
    return _file(_checkpoint(number).note, f"checkpoint-{number}.txt")


def checkpoint(request, number):
    """One checkpoint: what it signs, and the entries that it was the first to count."""
    found = _checkpoint(number)
    before = selectors.log.before(found)
    text, signatures = parse_note(found.note)
    entries = selectors.journal.open_to(request.viewer).filter(
        seq__gte=before.size if before else 0, seq__lt=found.size
    )
    page = page_of(request, entries.select_related("statement").order_by("-seq"))
    context = {
        "checkpoint": found,
        "root": bytes(found.root).hex(),
        "text": text,
        "signatures": signatures,
        "before": before,
        "added": found.size - (before.size if before else 0),
        "page": page,
        "entries": history.rail(request.viewer, history.readable(page)),
    }
    return render(request, "contributions/log/checkpoint.html", context)


def _index(request, *, checked=None, too_long: bool = False):
    head = _founded()
    page = page_of(request, selectors.log.checkpoints())
    latest = selectors.log.latest()
    context = {
        "head": head,
        "latest": latest,
        "unsealed": head.size - (latest.size if latest else 0),
        "rows": page,
        "page": page,
        "vkey": services.log.signer().verifier.vkey,
        "checked": checked,
        "too_long": too_long,
        "limit": RECOMPUTED_AT_ONCE_MAX,
        "files": [
            {
                "label": "log.vkey",
                "url": reverse("contributions:vkey"),
                "note": _("The public key of this log. Keep it apart from the files it is to verify."),
            }
        ],
    }
    return render(request, "contributions/log/index.html", context)


def _founded():
    return get_object_or_404(selectors.log.heads())


def _checkpoint(number):
    return get_object_or_404(selectors.log.checkpoints(), number=number)


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
