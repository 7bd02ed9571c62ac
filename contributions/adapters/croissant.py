"""Dataset descriptions in Croissant (JSON-LD, mlcommons.org/croissant), judged exactly as `mlcroissant` judges them.

What the official validator refuses, we refuse, with its own words beside ours. Before it sees the file, we refuse what
it would let through to harm: a file that is not plain JSON (duplicate names, NaN), and a context that would have to be
fetched. Nothing is ever fetched. What it accepts may still leave out what a review needs (licence, digest, size): that
is "not stated", and each such gap holds the version back from review.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contributions.adapters import croissant_json as strict
from contributions.core.descriptions import (
    DatasetDescription,
    DescribedCopy,
    DescribedFile,
    NotStatedRightly,
    check_day,
    gaps_of,
    quantity_stated,
    size_in_bytes,
)
from contributions.core.errors import Refused
from contributions.core.words import Text

VERSIONS = {"http://mlcommons.org/croissant/1.0": "1.0", "http://mlcommons.org/croissant/1.1": "1.1"}
# Our additions to a description stand under this prefix; the validator leaves them alone.
OURS = "moyai:"

_FAMILIES = (
    ("is mandatory, but does not exist", Text("必須の項目がありません。", "A mandatory property is missing.")),
    (
        "doesn't extend https://schema.org/Dataset",
        Text("schema.org/Dataset としての記述がありません。", "The file does not describe a schema.org/Dataset."),
    ),
    (
        "didn't declare a join",
        Text(
            "複数の出所を使うレコードセットに、それらの結合（references）の宣言がありません。",
            "A record set uses several sources without declaring how they are joined.",
        ),
    ),
    ("should have type", Text("項目の値の型が違います。", "A property has a value of the wrong type.")),
    ("@id", Text("@id の書き方に誤りがあります。", "An @id is malformed.")),
)
_OTHERWISE = Text("記述に誤りがあります。", "The description is faulty.")


class CroissantRefused(Refused):
    """mlcroissant's verdict; `message` is its own text, `reason` ours."""

    code = "croissant-refused"
    ja = "Croissant の検証で不合格です。{reason} 検証器（mlcroissant）の原文：{message}"
    en = "Croissant validation failed. {reason} In the validator's (mlcroissant) words: {message}"


class CyclicDescription(Refused):
    code = "croissant-cycle"
    ja = "「{node}」の参照が自分自身に戻っています（循環）。検証器（mlcroissant）は循環を扱えません。"
    en = "The references of “{node}” lead back to itself (a cycle), which the validator (mlcroissant) cannot follow."


def describe(content: bytes, *, limit: int | None = strict.LIMIT) -> DatasetDescription:
    """The description in a Croissant file, or the refusal that names its fault."""
    document = strict.load(content, limit)
    metadata, warnings = _judge(document)
    additions, copies = tuple(_additions(document)), tuple(_copies(document))
    _check_terms(content, dict(additions), copies)
    files = tuple(_file(node) for node in metadata.distribution)
    licences = tuple(_named(licence) for licence in metadata.license or ())
    return DatasetDescription(
        name=_text(metadata.name),
        description=_text(metadata.description),
        licences=licences,
        conforms_to=_conforms_to(metadata),
        version=metadata.version,
        url=metadata.url,
        creators=tuple(filter(None, (_named(creator) for creator in metadata.creators or ()))),
        date_published=metadata.date_published.date().isoformat() if metadata.date_published else None,
        files=files,
        record_sets=tuple(_text(node.name).en or str(node.id) for node in metadata.record_sets or ()),
        keywords=tuple(str(word) for word in metadata.keywords or ()),
        rai=tuple(_rai(document)),
        additions=additions,
        copies=copies,
        columns=tuple(_columns(metadata)),
        warnings=warnings,
        gaps=gaps_of(_text(metadata.name), licences, files),
    )


def _judge(document: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """mlcroissant's metadata and warnings; its own exceptions become our refusals."""
    import mlcroissant  # late: it brings pandas and takes seconds to import

    try:
        with _quiet():
            # A copy: the validator adds to the context it is given.
            dataset = mlcroissant.Dataset(jsonld=strict.copy(document))
    except mlcroissant.ValidationError as error:
        message = _words(str(error))
        reason = next((text for sign, text in _FAMILIES if sign in message), _OTHERWISE)
        raise CroissantRefused(reason=reason, message=message) from error
    except Exception as error:  # it meets some faults with whatever Python raises
        node = strict.cycle_in(document)
        if node is not None:
            raise CyclicDescription(node=node) from error
        message = f"{type(error).__name__}: {error}"
        raise CroissantRefused(reason=_OTHERWISE, message=message) from error
    return dataset.metadata, tuple(sorted(dataset.metadata.ctx.issues.warnings))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The validator's warnings are returned with the description; on standard error they would only startle."""
    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _words(report: str) -> str:
    """The errors of a validation report, without the warnings that follow them."""
    errors = report.partition("warning(s) during")[0].splitlines()
    lines = [line.strip().removeprefix("-").strip() for line in errors if line.strip().startswith("-")]
    return " ".join(lines) or report


def _file(node: Any) -> DescribedFile:
    stated = getattr(node, "content_size", None)
    return DescribedFile(
        name=_text(node.name).en or str(node.id),
        content_url=getattr(node, "content_url", None),
        encoding_format="、".join(node.encoding_formats or ()),
        sha256=strict.digest_or_none(getattr(node, "sha256", None)),
        bytes=size_in_bytes(stated),
        size_stated=stated,
        md5=getattr(node, "md5", None),
        is_set=type(node).__name__ == "FileSet",
        is_inside=bool(node.contained_in),
    )


def _text(value: object) -> Text:
    """A text that may be tagged by language. Where one language is missing the other stands in."""
    if not isinstance(value, Mapping):
        return Text(str(value or ""), str(value or ""))
    first = str(next(iter(value.values()), ""))
    return Text(str(value.get("ja", first)), str(value.get("en", first)))


def _named(value: Any) -> str:
    """A licence or creator: a text, or a node with a name or address."""
    if isinstance(value, str):
        return value.strip()
    return _text(getattr(value, "name", None)).en or str(getattr(value, "url", None) or "")


def _conforms_to(metadata: Any) -> str:
    address: str = metadata.ctx.conforms_to.value
    return VERSIONS.get(address, address.rsplit("/", 1)[-1])


def _rai(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key in sorted(document):
        if key.startswith("rai:"):
            value = document[key]
            yield key.removeprefix("rai:"), "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _additions(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Our own terms: texts, and lists of texts as one. Copies are read apart, and what reviews came to is not read."""
    for key in sorted(document):
        value = document[key]
        if isinstance(value, list):
            value = "、".join(part for part in value if isinstance(part, str))
        if key.startswith(OURS) and not isinstance(value, dict) and value != "":
            yield key.removeprefix(OURS), str(value)


def _check_terms(content: bytes, additions: Mapping[str, str], copies: Iterable[DescribedCopy]) -> None:
    """Refuse a quantity, a unit or a day that is none, by the line on which it stands."""
    try:
        quantity_stated(additions)
        for copy in copies:
            check_day(copy.on)
    except NotStatedRightly as wrong:
        places = (content.find(text.encode()) for text in (f'"{wrong.value}"', f'"{wrong.field}"'))
        place = next((found for found in places if found >= 0), 0)
        raise wrong.on(content.count(b"\n", 0, place) + 1) from None


def _copies(document: Mapping[str, Any]) -> Iterable[DescribedCopy]:
    stated = document.get(f"{OURS}copies")
    for copy in stated if isinstance(stated, list) else [stated] if stated else []:
        if isinstance(copy, Mapping):
            country, region, on = (str(copy.get(f"{OURS}{name}") or "") for name in ("country", "region", "on"))
            yield DescribedCopy(country, region, on)


def _columns(metadata: Any) -> Iterable[tuple[str, str]]:
    """Every column by record set and name; fields below a field count as one with it."""
    for record_set in metadata.record_sets or ():
        for column in record_set.fields or ():
            yield str(_text(record_set.name).en or record_set.id), str(_text(column.name).en or column.id)
