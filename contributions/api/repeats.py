"""A POST that may be sent again: with a header Idempotency-Key, a UUID of the client's own, it is done once.

The key becomes the request's id, from which the ids of its entries follow: entry n of the act is uuid5(key, n).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from contributions import services
from contributions.api import refusals

HEADER = "Idempotency-Key"
PARAMETER = OpenApiParameter(
    HEADER,
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="a UUID of the client's own: sent again with the same body, the first answer is given again",
)


def answered(request: Request, work: Callable[[], Response], *, keep: bool = True) -> Response:
    """The response of `work`, or the one that the same request got before under its key and that was kept."""
    given = request.headers.get(HEADER)
    if given is None:
        return work()
    key = _key(given)
    request.viewer = request._request.viewer = dataclasses.replace(request.viewer, request=key)
    answer = services.acts.once(
        key, sent=sent(request), work=lambda: _kept(work()), by=request.viewer, at=now(), keep=keep
    )
    return Response(answer["data"], status=answer["status"])


def sent(request: Request) -> dict[str, str]:
    """What was asked for, by field: the address, its query, and the fields of the body."""
    found = {"path": request.path}
    found |= {f"?{name}": json.dumps(values) for name, values in request.query_params.lists()}
    if request.content_type.startswith("multipart/"):
        for name in request.data:
            found |= {name: json.dumps([_part(value) for value in request.data.getlist(name)])}
        return found
    body = request.body
    if not request.content_type.startswith("application/json"):
        found |= {"body": hashlib.sha256(body).hexdigest()}  # a file that is kept as it came
    try:
        parsed = json.loads(body, object_pairs_hook=_once) if body else {}
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return found | {"body": hashlib.sha256(body).hexdigest()}
    return found | {name: json.dumps(value, sort_keys=True) for name, value in parsed.items()}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A body in which a name stands twice is none of those that were answered."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise refusals.invalid(HEADER, _("The key must be a UUID."), "not-a-uuid") from None


def _kept(response: Response) -> dict:
    return {"status": response.status_code, "data": json.loads(JSONRenderer().render(response.data))}


def _part(value: object) -> str:
    """A field of a form; a file by the digest of its name and content."""
    if not hasattr(value, "chunks"):
        return str(value)
    running = hashlib.sha256(value.name.encode() + b"\0")
    for chunk in value.chunks():
        running.update(chunk)
    value.seek(0)
    return running.hexdigest()
