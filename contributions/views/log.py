"""The log: its head, its signed checkpoints and who cosigned them, proofs, and recomputing the whole of it on request.

The public key and the signed notes are open to everybody: they show nothing of what an entry says, and a checkpoint
that many hold cannot quietly be replaced.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import pictures
from contributions.core.notes import parse_note
from contributions.core.roles import MEMBER, may
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
    return _index(request, checked=verification.check_log(services.log.ring()))


@login_not_required
def vkey(request):
    """The log's public key, as one line: what a verifier is given apart from any bundle."""
    _founded()
    return _file(services.log.signer().verifier.vkey + "\n", "log.vkey")


@login_not_required
def note(request, number):
    """The signed note of a checkpoint, byte for byte, with the cosignatures that it has so far."""
    return _file(selectors.witnesses.note_of(_checkpoint(number)), f"checkpoint-{number}.txt")


def consistency(request, number, old):
    """That an older checkpoint is a beginning of this one: the file that a witness is handed."""
    newer, older = _checkpoint(number), _checkpoint(old)
    if older.size > newer.size:
        raise Http404
    note = selectors.witnesses.note_of(newer)
    return _file(selectors.log.consistency(older.size, newer, note).text(), f"consistency-{old}-{number}.txt")


def path(request, seq):
    """The proof of an entry, drawn and as a table: the hashes that lead from its leaf to the signed root."""
    entry = get_object_or_404(selectors.journal.open_to(request.viewer), seq=seq)
    covering = selectors.log.covering(seq)
    if covering is None:
        return render(request, "contributions/entries/unsealed.html", {"seq": seq}, status=409)
    steps = [
        pictures.Step(start, until, digest.hex()) for (start, until), digest in selectors.log.path_of(seq, covering)
    ]
    root = bytes(covering.root).hex()
    context = {
        "entry": entry,
        "leaf_hash": bytes(entry.leaf_hash).hex(),
        "checkpoint": covering,
        "root": root,
        "steps": [
            {"start": step.start, "last": step.until - 1, "digest": step.digest, "left": step.start < seq}
            for step in steps
        ],
        "picture": pictures.proof_path(seq, steps, size=covering.size, root=root, language=get_language()),
        "finding": pictures.proof_finding(seq, steps, size=covering.size),
    }
    return render(request, "contributions/log/path.html", context)


def checkpoint(request, number):
    """One checkpoint: what it signs, who cosigned it, and the entries that it was the first to count."""
    return show(request, _checkpoint(number))


def show(request, found, *, error: str | None = None, refusal: object = None, status: int = 200):
    """The page of a checkpoint, also where a cosignature was refused."""
    before = selectors.log.before(found)
    text, signatures = parse_note(found.note)
    entries = selectors.journal.open_to(request.viewer).filter(
        seq__gte=before.size if before else 0, seq__lt=found.size
    )
    page = page_of(request, entries.select_related("statement").order_by("-seq"))
    context = {
        "checkpoint": found,
        "note": selectors.witnesses.note_of(found),
        "standing": selectors.witnesses.standing(found, request.viewer),
        "error": error,
        "refusal": refusal,
        **_cosigning(request.viewer, found),
        "root": bytes(found.root).hex(),
        "text": text,
        "signatures": signatures,
        "before": before,
        "added": found.size - (before.size if before else 0),
        "page": page,
        "entries": history.rail(request.viewer, history.readable(page)),
    }
    return render(request, "contributions/log/checkpoint.html", context, status=status)


def _cosigning(viewer, found) -> dict:
    """Whether this officer may cosign the checkpoint, and what its member confirmed last."""
    if viewer.workplace != MEMBER or not may(viewer, "log.cosign"):
        return {"may_cosign": False}
    witness = selectors.witnesses.officer_of(viewer.acting)
    last = selectors.witnesses.last_of(witness)
    done = witness is not None and found.cosignatures.filter(witness=witness).exists()
    older = last is not None and last.checkpoint.size > found.size
    return {"may_cosign": not done and not older, "cosigned_last": last.checkpoint if last else None}


def _index(request, *, checked=None, too_long: bool = False):
    head, sees_live = _founded(), selectors.log.sees_live(request.viewer)
    if not sees_live:
        head = selectors.log.sealed_head()
    page = page_of(request, selectors.witnesses.with_cosignatures(selectors.log.checkpoints()))
    given = selectors.witnesses.rules_known()
    for row in page:
        row.standing = selectors.witnesses.standing(row, request.viewer, given=given)
    latest = selectors.log.latest()
    context = {
        "head": head,
        "latest": latest,
        "standing": selectors.witnesses.standing(latest, request.viewer, given=given) if latest else None,
        "changes": selectors.log.key_changes(),
        "knows_whose": selectors.witnesses.knows_whose(request.viewer),
        "tiles_url": request.build_absolute_uri(f"/{head.installation}/ledger/"),
        "is_public": settings.LOG_PUBLIC,
        "unsealed": head.size - (latest.size if latest else 0),
        "rows": page,
        "page": page,
        "vkey": services.log.signer().verifier.vkey,
        "checked": checked,
        "sees_live": sees_live,
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
