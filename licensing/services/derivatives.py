"""Derivative models: registered by the licensee before use, checked against its lineage, decided by legal.

The royalties that stack up are computed at registration and again at approval, and kept with their lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import jst_date
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.core.words import Text
from contributions.models import LogHead, Organization
from contributions.services import journal, numbers
from licensing.core import derivatives as rules
from licensing.core import editions, lives
from licensing.core.agreements import check_reason
from licensing.core.assembly import Article
from licensing.core.letterhead import ILLUSTRATIVE
from licensing.core.memoranda import whole
from licensing.models import Agreement, Derivative, Release
from licensing.selectors import amendments as wording
from licensing.selectors import derivatives
from licensing.selectors import lives as standing
from licensing.services import agreements
from licensing.services.editions import text_of


class NotYourDerivative(Refused):
    code = "not-your-derivative"
    ja = "ご自身の契約に基づく派生モデルだけを届け出られます。"
    en = "You can only register derivatives under your own agreement."


class DecidedAlready(Refused):
    code = "derivative-decided"
    ja = "派生モデル {number} はすでに決定されています。"
    en = "Derivative {number} was decided already."


class OwnRegistration(Refused):
    code = "derivative-own-registration"
    ja = "届け出た人は、その登録を承認できません。"
    en = "Whoever registered it cannot approve it."


@transaction.atomic
def register(
    agreement: Agreement,
    *,
    name: str,
    kind: str,
    purpose: str,
    data_category: str,
    parents: Sequence[Mapping[str, str]],
    use_from: date,
    passed_on: Mapping[str, bool],
    by: Viewer,
    at: datetime,
    rate: str = "0",
) -> Derivative:
    """Register a model made from what was licensed; it may be used once legal has approved it."""
    check_may(by, "derivative.register")
    agreement = standing.gathered([agreements.locked(agreement)])[0]
    if by.workplace == LICENSEE and by.acting != agreement.licensee.organization.code:
        raise NotYourDerivative
    assert kind in rules.KINDS
    on = jst_date(at)
    _check_permitted(agreement, at)
    _, _, days = derivatives.terms_of(agreement, on)
    rules.check_use(on, use_from, days=days)
    rules.check_passed_on(passed_on, obligations_of(agreement, on))
    number = numbers.take(Derivative, f"V-{agreement.licensee.organization.code}", width=3)
    row = Derivative(
        number=number,
        agreement=agreement,
        name=name.strip(),
        kind=kind,
        purpose=purpose.strip(),
        data_category=data_category.strip(),
        parents=_edges(parents),
        rate=fraction_text(fraction(rate)),
        use_from=use_from,
        passed_on=dict(passed_on),
        registered_at=at,
        registered_by_id=by.user,
    )
    row.stack = _stacked(row, at)
    return _record(row, "derivative.registered", _made_of(row), "", by=by, at=at)


@transaction.atomic
def revise(
    derivative: Derivative, *, parents: Sequence[Mapping[str, str]], by: Viewer, at: datetime, rate: str | None = None
) -> Derivative:
    """Correct what it was made from, while it is not decided; the lineage is checked anew."""
    check_may(by, "derivative.register")
    row = _open(derivative)
    if by.workplace == LICENSEE and by.acting != row.agreement.licensee.organization.code:
        raise NotYourDerivative
    row.parents = _edges(parents)
    row.rate = fraction_text(fraction(rate)) if rate is not None else row.rate
    row.stack = _stacked(row, at)
    return _record(row, "derivative.revised", _made_of(row), "", by=by, at=at)


@transaction.atomic
def approve(derivative: Derivative, *, by: Viewer, at: datetime) -> Derivative:
    """Legal approves, after its parents: its own look at lineage, stack and checklist; never by who registered it."""
    check_may(by, "derivative.decide")
    row = _open(derivative)
    if row.registered_by_id == by.user:
        raise OwnRegistration
    _check_permitted(standing.gathered([row.agreement])[0], at)
    row.stack = _stacked(row, at)
    _check_parents_approved(row)
    row.state = Derivative.State.APPROVED
    row.decided_at, row.decided_by_id = at, by.user
    return _record(row, "derivative.approved", {"stack": row.stack["total"]}, "", by=by, at=at)


@transaction.atomic
def refuse(derivative: Derivative, *, reason: str, by: Viewer, at: datetime) -> Derivative:
    """Legal turns the registration down, saying why."""
    check_may(by, "derivative.decide")
    row = _open(derivative)
    row.reason = check_reason(reason)
    row.state = Derivative.State.REFUSED
    row.decided_at, row.decided_by_id = at, by.user
    return _record(row, "derivative.refused", {}, row.reason, by=by, at=at)


@transaction.atomic
def withdraw(derivative: Derivative, *, by: Viewer, at: datetime) -> Derivative:
    """The licensee takes a registration back before it is decided."""
    check_may(by, "derivative.register")
    row = _open(derivative)
    if by.workplace == LICENSEE and by.acting != row.agreement.licensee.organization.code:
        raise NotYourDerivative
    row.state = Derivative.State.WITHDRAWN
    return _record(row, "derivative.withdrawn", {}, "", by=by, at=at)


def obligations_of(agreement: Agreement, on: date) -> dict[str, Text]:
    """The checklist: what the agreement asks to be passed on, by family, as article and heading."""
    return {family: _headed(article) for family, article in _passed_on(agreement, on).items()}


def stack_of(row: Derivative, on: date) -> rules.Stack:
    """What the derivative owes upstream as its agreement stands on a day."""
    policy, _, _ = derivatives.terms_of(standing.gathered([row.agreement])[0], on)
    return rules.stack(row.number, _models(row, on), policy)


def notice_of(row: Derivative, on: date) -> str:
    """The NOTICE file that travels with the derivative, in both languages."""
    agreement = standing.gathered([row.agreement])[0]
    licensor, licensee = Organization.objects.get(code=settings.CONSORTIUM), agreement.licensee.organization
    names = {one.number: one.name for one in derivatives.family_of(licensee.code)}
    articles = _passed_on(agreement, on).values()
    return rules.notice(
        number=row.number,
        name=row.name,
        parents=[_parent_words(parent, names) for parent in derivatives.parents_of(row.parents)],
        licensor=Text(licensor.name_ja, licensor.name_en),
        licensee=Text(licensee.name_ja, licensee.name_en),
        agreement=agreement.number,
        until=standing.until(agreement, on),
        obligations=[_headed(article) for article in articles],
        wording=[_worded(article) for article in articles],
        marked=f"{ILLUSTRATIVE.ja} / {ILLUSTRATIVE.en}" if LogHead.objects.get().demo else "",
    )


def _passed_on(agreement: Agreement, on: date) -> dict[str, Article]:
    """The articles that bind whoever receives a derivative, by family."""
    edition = editions.as_of(standing.editions_of(agreement, on), on)
    families = {version.id: family for family, version in wording.families(agreement, edition).items()}
    articles = text_of(agreement, edition).tree.articles
    return {families[one.clause]: one for one in articles if families.get(one.clause) in rules.PASSED_ON}


def _headed(article: Article) -> Text:
    return Text(f"{article.label.ja}（{article.heading.ja}）", f"{article.label.en} ({article.heading.en})")


def _worded(article: Article) -> Text:
    head, body = _headed(article), whole(article)
    return Text(f"{head.ja}\n{body.ja}", f"{head.en}\n{body.en}")


def _check_permitted(agreement: Agreement, at: datetime) -> None:
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number)
    if not standing.variables_on(agreement, jst_date(at)).get("further_training"):
        raise rules.NotPermitted(agreement=agreement.number)


def _check_parents_approved(row: Derivative) -> None:
    """What it was made from is decided first: a model may not be used that stands on one that may not."""
    parents = {edge["model"] for edge in row.parents}
    for one in derivatives.family_of(row.agreement.licensee.organization.code):
        if one.number in parents and one.state != Derivative.State.APPROVED:
            raise rules.ParentOpen(parent=one.number)


def _stacked(row: Derivative, at: datetime) -> dict:
    """Check the lineage, whichever agreements it runs through, and compute the stack, as it is stored."""
    on = jst_date(at)
    policy, _, _ = derivatives.terms_of(row.agreement, on)
    models = _models(row, on)
    rules.check_kind(row.kind, row.parents)
    rules.check_parents(row.number, models)
    above = rules.ancestors(row.number, models)
    for one in _family(row):
        if one.number in above and one.agreement_id != row.agreement_id:
            _check_permitted(standing.gathered([one.agreement])[0], at)
    found = rules.stack(row.number, models, policy)
    return {
        "policy": policy,
        "total": fraction_text(found.total),
        "lines": [
            {
                "model": line.model,
                "depth": line.depth,
                "reach": fraction_text(line.reach),
                "rate": fraction_text(line.rate),
                "owed": fraction_text(line.owed),
            }
            for line in found.lines
        ],
    }


def _models(row: Derivative, on: date) -> dict[str, rules.Model]:
    """The licensee's own models, this one as it is now stated, and the releases that were licensed to it for them."""
    rows = [row, *_family(row)]
    rates = derivatives.rates_of(rows, on)
    models = derivatives.models_of(rows, rates=rates)
    return {number: model for number, model in models.items() if model.parents or number in rates}


def _family(row: Derivative) -> list[Derivative]:
    """The licensee's other models that stand, under whichever of its agreements."""
    family = derivatives.family_of(row.agreement.licensee.organization.code)
    return [one for one in family if one.number != row.number]


def _edges(parents: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"model": row["model"], "weight": fraction_text(fraction(row["weight"]))} for row in parents]


def _made_of(row: Derivative) -> dict:
    return {
        "agreement": row.agreement.number,
        "parents": [[edge["model"], edge["weight"]] for edge in row.parents],
        "rate": row.rate,
        "use_from": row.use_from.isoformat(),
        "stack": row.stack["total"],
    }


def _parent_words(parent: rules.Parent, names: dict[str, str]) -> Text:
    release = Release.objects.filter(number=parent.model).first()
    share = "" if parent.weight == 1 else f"（重み {parent.weight}）"
    share_en = "" if parent.weight == 1 else f" (weight {parent.weight})"
    if release is None:
        name = f"{parent.model} {names.get(parent.model, '')}".strip()
        return Text(f"{name}{share}", f"{name}{share_en}")
    return Text(
        f"{release.number} {release.name_ja}{share}　SHA-256 {release.weights_sha256}",
        f"{release.number} {release.name_en}{share_en}, SHA-256 {release.weights_sha256}",
    )


def _open(derivative: Derivative) -> Derivative:
    row = _locked(derivative)
    if row.state != Derivative.State.SUBMITTED:
        raise DecidedAlready(number=row.number)
    return row


def _locked(derivative: Derivative) -> Derivative:
    rows = Derivative.objects.select_for_update(of=("self",)).select_related(
        "agreement__licensee__organization", "agreement__release", "agreement__schedule", "agreement__template"
    )
    return rows.get(pk=derivative.pk)


def _record(row: Derivative, kind: str, facts: dict, reason: str, *, by: Viewer, at: datetime) -> Derivative:
    text = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    entry = journal.append(
        kind,
        subject=f"derivative:{row.number}",
        facts={"derivative": row.number, **facts},
        annexes=[text] if reason else [],
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
    return row
