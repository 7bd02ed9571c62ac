"""The door of the API: who comes in, how much may be brought, and the three things an endpoint does.

An endpoint is a method of a `Door` under one of three decorators, which read the request, call the method, write the
answer, and describe all of it for the OpenAPI document. The method itself makes one call of a selector or a service:

    class Datasets(Door):
        @lists(DatasetSerializer, query=DatasetQuery, tag="datasets")
        def get(self, request, asked):
            "Datasets that the caller may see."
            return asked.narrow(selectors.datasets.visible_to(request.viewer))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contributions.api import refusals, repeats
from contributions.api.bodies import StrictJSONParser
from contributions.api.queries import Query, Strict, page_of


class Session(SessionAuthentication):
    """The site's own session with its CSRF token; without one the answer is 401, never a redirect."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="moyai"'


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = Session
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a signed-in person. A POST needs the header X-CSRFToken as well.",
        }


class AsWritten(BaseContentNegotiation):
    """Every endpoint has one form of answer; what a caller would rather accept changes nothing."""

    def select_parser(self, request, parsers):
        wanted = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """Closed by default: signed in, JSON only, bounded."""

    authentication_classes = [Session]
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    parser_classes = [StrictJSONParser]
    content_negotiation_class = AsWritten
    metadata_class = None
    http_method_names = ["get", "head", "post"]
    max_bytes: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def initial(self, request: Request, *args, **kwargs) -> None:
        """The length is looked at first: even the CSRF check would read a form's whole body."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.max_bytes:
            raise refusals.too_large()
        if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in {"", "identity"}:
            raise refusals.compressed(request.content_type)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Callable:
        return refusals.answer


class Nowhere(Door):
    """Every address of the API that is none."""

    schema = None

    def get(self, request: Request, **path) -> Response:
        raise refusals.not_found()

    post = get


def lists(out: type[serializers.Serializer], *, tag: str, query: type[Query] = Query) -> Callable:
    """GET of a list. The method gets what was asked, and gives the rows; they are counted and paged here."""

    def decorate(method: Callable) -> Callable:
        @extend_schema(
            operation_id=f"list_{_noun(method)}",
            summary=_summary(method),
            tags=[tag],
            parameters=[query],
            responses={200: _page_schema(out), **refusals.problems(400, 401)},
        )
        @wraps(method)
        def get(self, request: Request, **path) -> Response:
            asked = checked(query, request.query_params, request)
            rows = method(self, request, asked, **path)
            return Response(page_of(rows, asked, out, request))

        return get

    return decorate


def shows(
    out: type[serializers.Serializer], *, tag: str, also: Sequence[int] = (), query: type[Strict] | None = None
) -> Callable:
    """GET of one thing. The method gives it, or raises that it is not there; `also` names what else it may answer.

    With a `query` the method gets what was asked, too.
    """

    def decorate(method: Callable) -> Callable:
        @extend_schema(
            operation_id=f"get_{_noun(method)}",
            summary=_summary(method),
            tags=[tag],
            parameters=[query] if query else [],
            responses={200: out, **refusals.problems(*((400,) if query else ()), 401, 404, *also)},
        )
        @wraps(method)
        def get(self, request: Request, **path) -> Response:
            asked = [checked(query, request.query_params, request)] if query else []
            context = {"request": request} | ({"asked": asked[0]} if asked else {})
            return Response(out(method(self, request, *asked, **path), context=context).data)

        return get

    return decorate


def writes(media: str, *, tag: str) -> Callable:
    """GET of one text, as its bytes stand. The method gives it, or raises that it is not there."""

    def decorate(method: Callable) -> Callable:
        @extend_schema(
            operation_id=f"get_{_noun(method)}",
            summary=_summary(method),
            tags=[tag],
            responses={(200, media): OpenApiTypes.STR, **refusals.problems(401, 404)},
        )
        @wraps(method)
        def get(self, request: Request, **path) -> HttpResponse:
            return HttpResponse(method(self, request, **path), content_type=f"{media}; charset=utf-8")

        return get

    return decorate


def hands(media: str, *, tag: str) -> Callable:
    """GET of one file. The method gives its name and bytes, or raises that it is not there."""

    def decorate(method: Callable) -> Callable:
        @extend_schema(
            operation_id=f"get_{_noun(method)}",
            summary=_summary(method),
            tags=[tag],
            responses={(200, media): OpenApiTypes.BINARY, **refusals.problems(401, 404, 422)},
        )
        @wraps(method)
        def get(self, request: Request, **path) -> HttpResponse:
            name, content = method(self, request, **path)
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(content, content_type=media, headers=headers)

        return get

    return decorate


def acts(
    out: type[serializers.Serializer],
    *,
    does: str,
    tag: str,
    body: type[Strict] | None = None,
    status: int = 200,
    media: Mapping[str, object] | None = None,
    query: type[Strict] | None = None,
    keep: bool = True,
) -> Callable:
    """POST of one act. The method gets what was sent, makes one call of a service, and gives what came of it.

    `media` describes a body that the method reads by itself; `query` what stands in the address beside it. Under an
    Idempotency-Key the act is done once, however often it is sent; a secret answer is not kept for that (`repeats`).
    """

    def decorate(method: Callable) -> Callable:
        @extend_schema(
            operation_id=does,
            summary=_summary(method),
            tags=[tag],
            parameters=[repeats.PARAMETER, *([query] if query else [])],
            request=media or body,
            responses={status: out, **refusals.problems(400, 401, 403, 404, 409, 413, 422)},
        )
        @wraps(method)
        def post(self, request: Request, **path) -> Response:
            def work() -> Response:
                given = [checked(query, request.query_params, request).validated_data] if query else []
                given += [checked(body, request.data, request).validated_data] if body else []
                done = method(self, request, *given, **path)
                return Response(out(done, context={"request": request}).data, status=status)

            return repeats.answered(request, work, keep=keep)

        return post

    return decorate


def one(rows, **where):
    """The row of that number among those the caller may see; nothing else is told apart."""
    if any("\x00" in value for value in where.values() if isinstance(value, str)):
        raise refusals.not_found()
    row = rows.filter(**where).first()
    if row is None:
        raise refusals.not_found()
    return row


def checked(serializer: type[Strict], data: object, request: Request) -> Strict:
    """What was sent, read strictly; every fault is named."""
    asked = serializer(data=data, context={"request": request})
    asked.is_valid(raise_exception=True)
    return asked


def _noun(method: Callable) -> str:
    """The class of an endpoint names its noun: MeterDays.get → meter_days."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", method.__qualname__.partition(".")[0]).lower()


def _summary(method: Callable) -> str:
    return (method.__doc__ or "").strip().splitlines()[0].rstrip(".")


@cache
def _page_schema(out: type[serializers.Serializer]) -> serializers.Serializer:
    return inline_serializer(
        f"{out.__name__.removesuffix('Serializer')}Page",
        {
            "count": serializers.IntegerField(help_text="of all rows that the caller may see and asked for"),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": out(many=True),
        },
    )
