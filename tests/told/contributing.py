"""What members put in: data, usage, cash, people."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from contributions import services as contributed
from contributions.models import Batch, DatasetVersion, Facility, FundingSource, InboundAgreement, Resource, Review
from told.cast import JOINED, JUDGED
from told.papers import description
from told.people import People


class Contributing(People):
    """Members put something in, and others look at it."""

    def dataset(
        self,
        member: str,
        title: str,
        *,
        quantity: int = 1_000_000,
        countries: Sequence[str] = ("JP",),
        on: date = date(2026, 4, 20),
        with_terms: bool = True,
        funding: str = "F-01",
        opened: bool = True,
    ) -> DatasetVersion:
        """Register a dataset version of that many records and open its reviews."""
        version = contributed.datasets.register(
            description(title),
            member=self.of(member),
            source=f'{{"name": "{title}"}}'.encode(),
            copies=[{"country": country, "region": country} for country in countries],
            submitted_on=on,
            quantity=quantity,
            unit_code="record",
            modality="plant",
            category_ja="設備",
            category_en="plant",
            agreement=InboundAgreement.objects.get(organization__code=member) if with_terms else None,
            funding=FundingSource.objects.get(code=funding),
            **self.by(member),
        )
        if opened:
            contributed.reviews.open_all(version, **self.by("legal"))
        return version

    def decide(self, review: Review, decision: str = "passed", *, by: str = "reviewer", **changes) -> Review:
        """Let the review body decide one review."""
        stated = {
            "decision": decision,
            "opinion": "確認しました。",
            "ground": {"privacy": "not-personal", "export": "not-listed"}.get(review.kind, ""),
            "details": JUDGED if review.kind == "export" else {},
            "valid_from": max(date(2026, 5, 1), review.version.submitted_on),
            "valid_until": date(2028, 4, 1) if decision == "passed" else None,
        }
        return contributed.reviews.decide(review, **(stated | changes), **self.by(by))

    def clear(self, version: DatasetVersion) -> DatasetVersion:
        """Pass every open review of a version."""
        for review in version.reviews.filter(state="open").order_by("kind"):
            self.decide(review)
        return version

    def rate_datasets(self) -> None:
        """The review body's factors, for every version there is."""
        names = [str(version) for version in DatasetVersion.objects.select_related("dataset")]
        lines = {f"{name}/{factor}": "1" for name in names for factor in ("quality", "uniqueness")}
        contributed.ratecards.adopt(
            card="dataset", lines=lines, valid_from=JOINED, source_ja="評価", source_en="rating", **self.by("legal")
        )

    def file(self, content: str | bytes, name: str = "jobs.log") -> Path:
        """A file as a member would hand it in."""
        path = Path(tempfile.mkdtemp(dir=settings.MOYAI_HOME)) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def batch(
        self, member: str, content: str, *, facility: str = "osaka", funding: str = "F-01", attested: bool = True
    ) -> Batch:
        """Hand in a metering file, and let legal attest it."""
        outcome = contributed.imports.receive(
            self.file(content),
            member=self.of(member),
            facility=Facility.objects.get(code=facility),
            funding=FundingSource.objects.get(code=funding),
            **self.by(member),
        )
        return contributed.compute.attest(outcome.batch, **self.by("legal")) if attested else outcome.batch

    def resource(
        self,
        member: str,
        kind: str,
        quantity: int,
        *,
        nature: str = "",
        grade: str = "",
        funding: str = "F-01",
        accepted: bool = True,
        on: date = date(2026, 5, 1),
    ) -> Resource:
        """Record cash, people or background IP, and let finance accept it."""
        resource = contributed.resources.record(
            member=self.of(member),
            kind=kind,
            title_ja=f"{kind}の拠出",
            title_en=f"{kind} put in",
            quantity=quantity,
            nature=nature,
            grade=grade,
            period_from=on,
            period_until=date(2026, 6, 1) if kind == "people" else None,
            funding=FundingSource.objects.get(code=funding),
            agreement=InboundAgreement.objects.get(organization__code=member),
            **self.by(member),
        )
        return contributed.resources.accept(resource, **self.by("finance")) if accepted else resource

    def cash(self, member: str, yen: int, **more) -> Resource:
        """A levy paid in."""
        return self.resource(member, "cash", yen, **({"nature": "levy"} | more))

    def people(self, member: str, minutes: int, **more) -> Resource:
        """Engineers seconded."""
        return self.resource(member, "people", minutes, **({"grade": "senior"} | more))

    def narrow(self, member: str, **changes) -> None:
        """The member's inbound agreement is amended from 1 June on: each right changed alike."""
        agreement = InboundAgreement.objects.get(organization__code=member)
        rights = [right | changes for right in agreement.editions.get().rights]
        contributed.terms.amend(agreement, rights=rights, valid_from=date(2026, 6, 1), **self.by("legal"))

    def seal(self):
        """A checkpoint of the log as it stands."""
        return contributed.log.seal(**self.by("legal"))
