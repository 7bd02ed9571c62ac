"""What a proposal would put into an agreement: read from what was typed, held against what stands, and tried out."""

from __future__ import annotations

from datetime import datetime

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from licensing.core import assembly, clauses, deviations, redlines, rewordings, variables
from licensing.core.redlines import Section
from licensing.models import Agreement, Proposal
from licensing.selectors import clauses as library
from licensing.selectors import deviations as found
from licensing.services import agreements

WORDING, ADDED, REMOVED, VARIABLE, PRICE = "wording", "added", "removed", "variable", "price"
VALUES = frozenset({VARIABLE, PRICE})


class NotNegotiable(Refused):
    code = "not-negotiable"
    ja = "「{subject}」は交渉で変更できる項目ではありません。"
    en = "“{subject}” cannot be changed in a negotiation."


class NothingProposed(Refused):
    code = "nothing-proposed"
    ja = "現在の内容と同じです。変更する箇所を入力してください。"
    en = "This is what stands already. Enter what is to change."


def content_of(agreement: Agreement, proposal: Proposal) -> object:
    """What a proposal would put into the agreement: an entry of its wordings, or a value."""
    kind, subject = proposal.kind, proposal.subject
    if kind in {VARIABLE, PRICE}:
        return _value(agreement, kind, subject, proposal.value)
    if kind == REMOVED:
        return {"removed": True}
    text = agreements.assembled(agreement)
    article = next((one for one in text.tree.articles if one.clause == subject), None)
    if kind == ADDED:
        base = rewordings.special(subject, rewordings.heading(proposal.heading))
        version = rewordings.with_text(base, rewordings.read(proposal.ja), rewordings.read(proposal.en))
        return {"document": clauses.document(version), "after": proposal.after}
    base = base_of(agreement, subject)
    if article is None or base is None:
        raise NotNegotiable(subject=subject)
    version = rewordings.reworded(base, article, proposal.ja, proposal.en)
    if rewordings.sha256(version) == rewordings.sha256(base):
        raise NothingProposed
    held = agreement.wordings.get(subject, {})
    return {"document": clauses.document(version)} | ({"after": held["after"]} if "after" in held else {})


def base_of(agreement: Agreement, subject: str) -> clauses.ClauseVersion | None:
    """A clause as this agreement has it now, with its placeholders."""
    changed = agreement.wordings.get(subject)
    if changed is not None:
        return None if changed.get("removed") else clauses.clause(changed["document"])
    return next((one for one in library.for_agreement(agreement) if one.id == subject), None)


def before_of(agreement: Agreement, proposal: Proposal) -> Section | None:
    """What stands under a proposal's subject now, as a redline shows it; nothing for a clause that is new."""
    if proposal.kind in VALUES:
        name = proposal.subject
        return _value_section(agreement, proposal.kind, name, agreement.variables[name])
    parts = redlines.sections(agreements.assembled(agreement).tree)
    return next((part for part in parts if part.key == proposal.subject), None)


def before_document(agreement: Agreement, proposal: Proposal) -> dict | None:
    """The same as a proposal keeps it."""
    part = before_of(agreement, proposal)
    return None if part is None else redlines.document([part])[0]


def after_of(agreement: Agreement, proposal: Proposal) -> Section | None:
    """The same as proposed, worded as it was typed; nothing for a clause that is to go."""
    if proposal.kind in VALUES:
        return _value_section(agreement, proposal.kind, proposal.subject, proposal.content)
    if proposal.kind == REMOVED:
        return None
    rows = redlines.typed_rows(rewordings.read(proposal.ja), rewordings.read(proposal.en))
    before = redlines.read([proposal.before])[0] if proposal.before else None
    if before is not None:
        return Section(before.key, before.label, before.heading, rows)
    return Section(proposal.subject, rewordings.SPECIAL_LABEL, rewordings.heading(proposal.heading), rows)


def change_of(agreement: Agreement, proposal: Proposal) -> redlines.SectionChange:
    """A proposal as a redline of what stood when it was drafted."""
    before = redlines.read([proposal.before]) if proposal.before else ()
    after = after_of(agreement, proposal)
    (change,) = redlines.compare(before, (after,) if after is not None else ())
    return change


def _value_section(agreement: Agreement, kind: str, name: str, value: object) -> Section:
    variable = assembly.template(agreement.template.document).schema[name]
    if kind == PRICE:
        return redlines.price_section(value)
    parsed = variables.values({name: variable}, {name: value})[name]
    return redlines.figure_section(name, variable.label, variables.printed(variable, parsed))


def tentative(agreement: Agreement, proposal: Proposal) -> Agreement:
    """The agreement as it would be with the proposal; a wording with faults is refused with all of them."""
    if proposal.kind == PRICE:
        agreement.agreed_terms = proposal.content
        minimum = proposal.content.get("minimum") or "0"
        agreement.variables = agreement.variables | {"terms": proposal.content, "minimum": minimum}
    elif proposal.kind == VARIABLE:
        agreement.variables = agreement.variables | {proposal.subject: proposal.content}
    else:
        if "document" in proposal.content:
            schema = assembly.template(agreement.template.document).schema
            rewordings.check(clauses.clause(proposal.content["document"]), list(schema))
        agreement.wordings = agreement.wordings | {proposal.subject: proposal.content}
    return agreement


def digest(proposal: Proposal) -> str:
    """The digest of what a proposal puts into the agreement."""
    return canonical.sha256_hex(canonical.dumps(proposal.content))


def based_on(agreement: Agreement, subject: str) -> str:
    """The digest of what stands under a subject now; a proposal drafted against another one is stale."""
    value = agreement.wordings.get(subject) or agreement.variables.get(subject) or ""
    if not value:
        base = base_of(agreement, subject)
        value = clauses.document(base) if base is not None else ""
    return deviations.digest(value)


def _value(agreement: Agreement, kind: str, subject: str, value: object) -> object:
    schema = assembly.template(agreement.template.document).schema
    name = "terms" if kind == PRICE else subject
    if name not in schema:
        raise NotNegotiable(subject=subject)
    variables.values({name: schema[name]}, {name: value})
    if value == agreement.variables.get(name):
        raise NothingProposed
    return value


def negotiable(agreement: Agreement, at: datetime) -> list[str]:
    """The figures that may be negotiated: those that the rules of the day bound."""
    standards = found.standards_of(agreement, jst_date(at))
    return [name for name in standards if name != "terms" and name in agreement.variables]


def faults(proposal: Proposal) -> list:
    """What keeps a wording from being accepted yet."""
    schema = assembly.template(proposal.negotiation.agreement.template.document).schema
    return rewordings.faults(clauses.clause(proposal.content["document"]), list(schema))
