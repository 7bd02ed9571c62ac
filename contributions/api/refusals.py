"""What a call that fails is answered: always JSON, always a code and a sentence in the caller's language.

{"code": "usage-not-submitted", "detail": "…", "findings": [{"line": 3, "field": "units", "code": "…", "reason": "…"}]}

400 the request cannot be read · 401 nobody is signed in · 403 the workplace may not · 404 not there, or not for this
caller: the two are told alike · 409 the key of a repeated call was used for something else ·
413 too large · 422 the rules forbid it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from contributions.core.errors import Finding, Refused
from contributions.core.roles import NotAllowed
from contributions.core.statements import OtherBody
from contributions.core.words import Text

# In place of a library's sentence whose Japanese says another thing (there: “type some character”).
SENTENCES = {
    "null_characters_not_allowed": Text(
        "NUL 文字（U+0000）が含まれています。取り除いて送信してください。",
        "It holds a NUL character (U+0000). Remove it and send the text again.",
    ),
}


class FindingSerializer(serializers.Serializer):
    """One fault of a request or of a batch."""

    line = serializers.IntegerField(allow_null=True, help_text="counted from 1, as people count")
    field = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()


class Problem(serializers.Serializer):
    """Why a call was not answered."""

    code = serializers.CharField()
    detail = serializers.CharField(help_text="a sentence in the language of Accept-Language")
    findings = FindingSerializer(many=True, required=False)


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"


PROBLEMS = {
    400: OpenApiResponse(Problem, "The request cannot be read."),
    401: OpenApiResponse(Problem, "Nobody is signed in."),
    403: OpenApiResponse(Problem, "The caller's workplace may not do this."),
    404: OpenApiResponse(Problem, "Not there, or not for this caller."),
    409: OpenApiResponse(Problem, "The key was used for something else; the finding names the field that differs."),
    413: OpenApiResponse(Problem, "The body is too large."),
    422: OpenApiResponse(Problem, "The rules forbid it."),
}


def problems(*codes: int) -> dict[int, OpenApiResponse]:
    """What an operation may answer beside its result."""
    return {code: PROBLEMS[code] for code in codes}


def answer(error: Exception, context: dict) -> Response | None:
    """The answer to a call that raised; None for a bug, which stays one."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = too_large()
    elif isinstance(error, (TooManyFieldsSent, TooManyFilesSent)):
        error = exceptions.ParseError(_("The form has more fields or files than are read."), "too-many-fields")
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError()
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.get_full_details()))
        response.data = _problem("invalid", _("The request cannot be read; see its findings."), faults)
    else:
        response.data = _problem(_dashed(error.get_codes()), str(error.detail))
    return response


def _refused(error: Refused) -> Response:
    sentence, findings = error.text(get_language()), [told(finding) for finding in getattr(error, "findings", ())]
    code = status.HTTP_422_UNPROCESSABLE_ENTITY
    if isinstance(error, NotAllowed):
        code = status.HTTP_403_FORBIDDEN
    elif isinstance(error, OtherBody):
        code = status.HTTP_409_CONFLICT
        findings = [{"line": None, "field": error.field, "code": error.code, "reason": sentence}]
    return Response(_problem(error.code, sentence, findings), status=code)


def told(finding: Finding) -> dict:
    """A finding in the language of the caller."""
    return {
        "line": finding.line,
        "field": finding.field,
        "code": finding.code,
        "reason": finding.text(get_language()),
    }


def too_large() -> TooLarge:
    return TooLarge(_("The request is too large."))


def compressed(media_type: str) -> exceptions.UnsupportedMediaType:
    """A body that would have to be unpacked, to a size that nobody knows before."""
    said = _("The body is compressed (Content-Encoding). Send it as it is.")
    return exceptions.UnsupportedMediaType(media_type, said, "compressed")


def not_found() -> exceptions.NotFound:
    """Not there, or not for this viewer: one sentence for both."""
    return exceptions.NotFound(_("There is nothing here that you may see."), code="not-found")


def invalid(field: str, sentence: str, code: str = "invalid") -> exceptions.ValidationError:
    """One field of a request that names what is not there, or not for this viewer."""
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(sentence, code)]})


def named(rows, field: str, given: str | None, column: str):
    """The row that a field of the request names, or None where it names none."""
    if not given:
        return None
    row = rows.filter(**{column: given}).first()
    if row is None:
        raise invalid(field, _("There is nothing of this name that you may use."), "not-on-record")
    return row


def spoken(ja: str, en: str) -> str:
    """The text in the language of the caller."""
    return Text(ja, en).of(get_language())


def _problem(code: str, detail: str, findings: Sequence[dict] = ()) -> dict:
    problem: dict = {"code": code, "detail": detail}
    return problem | {"findings": list(findings)} if findings else problem


def _faults(details: object, path: str = "") -> Iterator[dict]:
    """The nested errors of a serializer as flat findings: {"lines": [{}, {"units": [error]}]} → lines.2.units"""
    if _is_error(details):
        own = SENTENCES.get(details["code"])
        reason = own.of(get_language()) if own else str(details["message"])
        yield {"line": None, "field": path, "code": _dashed(details["code"]), "reason": reason}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            place = name + 1 if isinstance(name, int) else name  # a row of a list; counted from 1, as people count
            yield from _faults(inner, path if name == "non_field_errors" else _under(path, place))
    elif isinstance(details, Sequence):
        for place, inner in enumerate(details, 1):
            yield from _faults(inner, path if _is_error(inner) else _under(path, place))


def _is_error(details: object) -> bool:
    return isinstance(details, Mapping) and set(details) == {"message", "code"}


def _under(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _dashed(code: object) -> str:
    return str(code).replace("_", "-")
