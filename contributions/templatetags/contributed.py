"""Words for the codes that stand in this wing's tables. A code nobody has given a word reads as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from contributions import selectors
from contributions.core import (
    chains,
    countries,
    courses,
    datasets,
    imports,
    members,
    residency,
    resources,
    reviews,
    terms,
    witnesses,
)
from contributions.core.words import Text
from contributions.selectors import inbox, timeline

register = template.Library()

ORGANIZATION_KINDS = {
    "company": Text("会社", "Company"),
    "office": Text("コンソーシアム（事務局）", "The consortium itself"),
    "review": Text("審査機構", "Review body"),
    "audit": Text("監査法人", "Audit firm"),
}
REVIEW_STATES = {
    "open": Text("審査中", "In review"),
    "passed": Text("適合", "Passed"),
    "refused": Text("不適合", "Refused"),
    "expired": Text("期限切れ", "Expired"),
}
BATCH_STATES = {
    "submitted": Text("確認待ち", "To be attested"),
    "accepted": Text("確認済", "Attested"),
    **{state: courses.STATES[state] for state in courses.FALLEN},
}
RESOURCE_STATES = courses.STATES
INTAKE_STATES = {
    "reading": Text("読取り中", "Being read"),
    "unmapped": Text("列の確認待ち", "Columns to be named"),
    "previewed": Text("登録待ち", "To be committed"),
    "committing": Text("登録中", "Being committed"),
    "committed": Text("登録済", "Committed"),
    "refused": Text("受付不可", "Refused"),
}
RESOURCE_BRIEFLY = {**resources.PLEDGED, resources.BACKGROUND: Text("知的財産", "IP")}
TABLES = {
    "resource_briefly": RESOURCE_BRIEFLY,
    "review_state": REVIEW_STATES,
    "batch_state": BATCH_STATES,
    "intake_state": INTAKE_STATES,
    "resource_state": RESOURCE_STATES,
    "country": countries.ALL,
    "member_class": members.CLASSES,
    "organization_kind": ORGANIZATION_KINDS,
    "funding_mode": resources.FUNDING_MODES,
    "right_subject": terms.SUBJECTS,
    "purpose": terms.PURPOSES,
    "field": terms.FIELDS,
    "after_withdrawal": terms.AFTER_WITHDRAWAL,
    "term_mark": terms.MARKS,
    "use_by": terms.USERS,
    "recovery": resources.RECOVERIES,
    "step": {**courses.STEPS, "pledge": Text("拠出予定の登録", "pledge")},
    "batch_step": {**courses.STEPS, "accept": Text("確認", "attest")},
    "waiting": inbox.KINDS,
    "contribution": timeline.KINDS,
    "review": reviews.REVIEWS,
    "ground": {**reviews.PRIVACY_OUTCOMES, **reviews.EXPORT_OUTCOMES},
    "channel": reviews.PSEUDONYMISED_CHANNELS,
    "personal_ground": reviews.PERSONAL_GROUNDS,
    "decision": reviews.DECISIONS,
    "standing": {state: words for state, (_, words) in chains.STATES.items()},
    "mark": datasets.MARKS,
    "finder": residency.FINDERS,
    "modality": datasets.KINDS,
    "resource": resources.PLEDGED,
    "nature": resources.NATURES,
    "grade": resources.GRADES,
    "format": imports.FORMATS,
    "witness": witnesses.KINDS,
}
# What a contributor may state of a dataset beside the standard terms.
STATED = {
    "rai:dataCollection": Text("収集の方法", "How it was collected"),
    "rai:dataCollectionTimeframe": Text("収集の期間", "When it was collected"),
    "rai:personalSensitiveInformation": Text("個人・要配慮情報", "Personal or sensitive information"),
    "rai:dataBiases": Text("偏り", "Biases"),
    "rai:dataLimitations": Text("限界", "Limitations"),
    "rai:dataUseCases": Text("想定する用途", "Intended uses"),
}
_STATED_WORDS: dict[str, dict[str, Text]] = {}


def text_of(table: str, code: str) -> Text:
    """The word of a code in one of the tables, in both languages."""
    return TABLES[table].get(code, Text(code, code))


@register.filter
def word(code: str | None, table: str) -> str:
    """`{{ review.kind|word:"review" }}`: the word of a code in the reader's language, as it stands alone."""
    if not code:
        return "–"
    known = TABLES[table].get(str(code))
    return known.alone(get_language()) if known else str(code)


@register.filter
def briefly(organization: object) -> str:
    """An organization's short name, for columns."""
    ja, en = (getattr(organization, name, "") for name in ("short_ja", "short_en"))
    return Text(ja or en, en or ja).of(get_language())


@register.filter
def words(codes: Iterable[str], table: str) -> str:
    """Several codes as one list of words, which begins with a capital."""
    listed = [text_of(table, code) for code in codes]
    return Text("、".join(one.ja for one in listed), ", ".join(one.en for one in listed)).alone(get_language()) or "–"


def stated(additions: dict[str, str]) -> list[tuple[Text, Text]]:
    """The contributor's own statements that have a word, in the order of the table."""
    return [(label, _said(key, additions[key])) for key, label in STATED.items() if additions.get(key)]


def _said(key: str, value: str) -> Text:
    table = _STATED_WORDS.get(key)
    if table is None:
        return Text(value, value)
    parts = [table.get(part.strip(), Text(part, part)) for part in value.split(",")]
    return Text("、".join(part.ja for part in parts), ", ".join(part.en for part in parts))


@register.filter
def readable(raw: bytes) -> str:
    """Bytes as they came, for reading: what is not UTF-8 is shown as its codes."""
    return bytes(raw).decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


@register.inclusion_tag("contributions/log/verification.html", takes_context=True)
def last_verification(context) -> dict:
    """When the whole log was last verified in depth, and what came of it."""
    job = selectors.verification.latest()
    return {
        "job": job,
        "count": (job.result or {}).get("entries" if context["sees_live"] else "sealed") if job else None,
    }
