"""The letter of a termination and the form of a deletion certificate: drawn from what is on record, and not stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from contributions.core.periods import JST, jst_date
from contributions.core.words import Text
from licensing.adapters import pdf
from licensing.core import assembly, terminations, variables
from licensing.core.letterhead import Fact
from licensing.core.notices import DeletionDocument, Ended, NoticeDocument
from licensing.models import Agreement, Obligation, Termination
from licensing.selectors import amendments as wording
from licensing.services import editions, papers
from licensing.services.agreements import Assembled

OTHER = {"licensor": "licensee", "licensee": "licensor"}


def termination(row: Termination) -> bytes:
    """The letter by which a party ends its agreement, or by which both confirm that it ends."""
    agreement = row.agreement
    return pdf.write(
        NoticeDocument(
            number=row.number,
            ended=_ended(row),
            sender=papers.agreed_party(agreement, row.party),
            recipient=papers.agreed_party(agreement, OTHER[row.party]),
            given_on=jst_date(row.given_at),
            made_at=row.given_at,
            demo=papers.is_demo(),
        )
    )


def deletion(row: Obligation) -> bytes:
    """The form of the certificate that answers a duty to delete, with the files that were delivered."""
    agreement = row.agreement
    assert agreement is not None
    files = {one.sha256: one for each in agreement.deliveries.prefetch_related("files") for one in each.files.all()}
    return pdf.write(
        DeletionDocument(
            number=row.number,
            agreement=agreement.number,
            title_of=assembly.template(agreement.template.document).title,
            licensee=papers.agreed_party(agreement, "licensee"),
            licensor=papers.agreed_party(agreement, "licensor"),
            delete_by=row.due_on,
            files=tuple(
                Fact(Text(one.name, ""), Text(digest, digest), code=True)
                for digest, one in sorted(files.items(), key=lambda pair: (pair[1].name, pair[0]))
            ),
            made_at=papers.noon(row.opens_on),
            demo=papers.is_demo(),
        )
    )


def provision_of(row: Termination) -> Text:
    """The place in the agreement's own text that a termination stands on."""
    ground, (_text, known) = terminations.GROUNDS[row.ground], _articles(row)
    return _provision(known.get(ground.clause), ground.paragraph, ground.clause)


def _articles(row: Termination) -> tuple[Assembled, dict[str, assembly.Article | None]]:
    """The text as the agreement ended, with its articles by clause and by family."""
    day = jst_date(row.effective_at)
    edition, text = editions.consolidated(row.agreement, day, on=day)
    labels = {article.clause: article for article in text.tree.articles}
    families = {family: labels.get(one.id) for family, one in wording.families(row.agreement, edition).items()}
    return text, {**families, **labels}


def _ended(row: Termination) -> Ended:
    agreement, ground = row.agreement, terminations.GROUNDS[row.ground]
    text, known = _articles(row)
    assert agreement.executed_at is not None
    return Ended(
        agreement=agreement.number,
        title=text.tree.title,
        concluded_on=jst_date(agreement.executed_at),
        ground=row.ground,
        ground_label=ground.label,
        provision=_provision(known.get(ground.clause), ground.paragraph, ground.clause),
        effective_at=_instant(row),
        reason=row.reason,
        demanded_on=row.demanded_on,
        wind_down_until=row.wind_down_until,
        delete_by=_delete_by(agreement),
        survivors=tuple(dict.fromkeys(_surviving(one["reference"], known) for one in row.survivors)),
    )


def _surviving(reference: str, known: Mapping[str, assembly.Article | None]) -> Text:
    clause, dot, paragraph = reference.partition(".")
    article = known.get(clause)
    if article is not None and not dot:
        return article.label
    return _provision(article, int(paragraph.split(".")[0] or 1) if dot else 1, clause)


def _provision(article: assembly.Article | None, paragraph: int, clause: str) -> Text:
    if article is None:
        return Text(clause, clause)
    if len(article.paragraphs) == 1:
        return article.label
    return Text(f"{article.label.ja}第{paragraph}項", f"{article.label.en}, paragraph {paragraph}")


def _instant(row: Termination) -> Text:
    at, day = row.effective_at.astimezone(JST), variables.day(jst_date(row.effective_at))
    return Text(f"{day.ja}{at.hour}時{at.minute:02d}分（日本時間）", f"{day.en}, {at:%H:%M} (Japan time)")


def _delete_by(agreement: Agreement) -> date | None:
    row = agreement.obligations.filter(rule="delete").exclude(state=Obligation.State.SUPERSEDED).first()
    return row.due_on if row else None
