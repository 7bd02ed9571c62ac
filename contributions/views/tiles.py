"""The log as an ordinary transparency-log client reads it: C2SP tlog-tiles, below the log's own name.

The prefix is the log's origin, `https://<host>/<installation>/ledger`. Checkpoints and hash tiles show nothing of what
an entry says and are open to everybody, unless the installation closes them (MOYAI_LOG_PUBLIC). Entry tiles hold every
member's leaves and go to the desk and the auditor alone. Whoever must sign in is answered 401, never led elsewhere.

A witness hands its cosignature in here too. It needs no login: the note it brings proves itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from contributions import selectors, services
from contributions.core import notes, tiles, witnesses
from contributions.core.cosignatures import NoCosignature
from contributions.core.errors import Refused
from contributions.core.notes import BadCheckpoint, BadNote
from contributions.core.roles import Viewer

TEXT = "text/plain; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_EVER_MINE = "private, max-age=31536000, immutable"
BRIEFLY = "public, max-age=5"
BODY_BYTES_MAX = 64 * 1024


def _below_the_origin(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of this installation's log; another's is not here. No login page stands before it."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, installation, **named) -> HttpResponse:
        head = selectors.log.head()
        if head is None or head.installation != installation:
            return _absent()
        return view(request, **named)

    return guarded


@_below_the_origin
@require_safe
def checkpoint(request) -> HttpResponse:
    """The newest signed checkpoint, with the cosignatures that it has so far."""
    if not _may_read(request):
        return _sign_in()
    latest = selectors.log.latest()
    if latest is None:
        return _absent()
    return _said(selectors.witnesses.note_of(latest), BRIEFLY)


@_below_the_origin
@require_safe
def tile(request, path: str) -> HttpResponse:
    """A tile of hashes; or of entries, for the desk and the auditor."""
    try:
        asked = tiles.Tile.parse(f"tile/{path}")
        if not _may_read(request, entries=asked.level is None):
            return _sign_in() if request.viewer is None else _absent()
        latest = selectors.log.latest()
        content = selectors.log.tile(asked, latest.size if latest else 0)
    except tiles.NoSuchTile:
        return _absent()
    response = HttpResponse(content, content_type=tiles.TILE_MEDIA)
    response["Cache-Control"] = FOR_EVER if asked.level is not None and settings.LOG_PUBLIC else FOR_EVER_MINE
    return response


@csrf_exempt
@_below_the_origin
@require_POST
def cosigned(request) -> HttpResponse:
    """Take in a checkpoint that witnesses have cosigned; the answer is the lines that are now on record."""
    try:
        note = request.body[: BODY_BYTES_MAX + 1]
        if len(note) > BODY_BYTES_MAX:
            return HttpResponse(status=413, content_type=TEXT)
        kept = services.witnesses.receive(note.decode(), by=Viewer.system("witness"), at=now())
    except RequestDataTooBig:
        return HttpResponse(status=413, content_type=TEXT)
    except UnicodeDecodeError:
        return HttpResponse(status=400, content_type=TEXT)
    except Refused as refusal:
        return _refused(refusal)
    return _said("".join(selectors.witnesses.line_of(row) for row in kept), "no-store")


def _may_read(request: HttpRequest, *, entries: bool = False) -> bool:
    if entries:
        return request.viewer is not None and request.viewer.sees_everything
    return settings.LOG_PUBLIC or request.viewer is not None


def _refused(refusal: Refused) -> HttpResponse:
    unread = isinstance(refusal, (BadNote, BadCheckpoint, NoCosignature, notes.BadKey))
    status = 400 if unread else 404 if isinstance(refusal, witnesses.NotOnRecord) else 422
    return HttpResponse(refusal.text(get_language()) + "\n", status=status, content_type=TEXT)


def _said(text: str, caching: str) -> HttpResponse:
    response = HttpResponse(text, content_type=TEXT)
    response["Cache-Control"] = caching
    return response


def _absent() -> HttpResponse:
    return HttpResponse(status=404, content_type=TEXT)


def _sign_in() -> HttpResponse:
    response = HttpResponse(status=401, content_type=TEXT)
    response["WWW-Authenticate"] = 'Session realm="moyai"'
    return response
