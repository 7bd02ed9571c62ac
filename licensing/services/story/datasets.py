"""The chapters on data: registered, reviewed, answered for, trained on; and the rule of allocation that follows."""

from __future__ import annotations

from datetime import date

from contributions import services as contributed
from contributions.adapters import croissant
from contributions.core.evidence import Evidence
from contributions.models import (
    Condition,
    DatasetVersion,
    Facility,
    FundingSource,
    InboundAgreement,
    Organization,
    Review,
)
from licensing.services import releases
from licensing.services.story.cast import FIRST_YEAR, FOLDER, act, act_of, member_of, read

TRAINED_ON = ("honda", "sony", "nec", "nipponsteel", "kobesteel", "softbank", "pfn")
REVIEW_VALID_UNTIL = date(2028, 4, 1)


def register_datasets() -> None:
    """Each member registers its datasets from Croissant files; legal opens their reviews."""
    for row in read("consortium.json")["datasets"]:
        source = (FOLDER / "datasets" / row["file"]).read_bytes()
        description = croissant.describe(source)
        stated = dict(description.additions)
        copies = [{"country": stated["country"], "region": stated["region"]}]
        if "secondCopyCountry" in stated:
            copies.append({"country": stated["secondCopyCountry"], "region": stated["secondCopyRegion"]})
        late = row["member"] == "minato"
        on = "2026-06-02" if late else "2026-04-20"
        version = contributed.datasets.register(
            description,
            member=member_of(row["member"]),
            source=source,
            copies=copies,
            submitted_on=date.fromisoformat(on),
            modality=stated["kind"],
            category_ja=row["category_ja"],
            category_en=row["category_en"],
            agreement=InboundAgreement.objects.get(organization__code=row["member"]),
            funding=FundingSource.objects.get(code="F-01"),
            illustrative=True,
            **act_of(row["member"], f"{on} 11:00", row["file"]),
        )
        contributed.reviews.open_all(version, **act("homu", f"{on} 15:00", row["file"]))
    factors = {}
    for version, row in zip(DatasetVersion.objects.order_by("pk"), read("consortium.json")["datasets"], strict=True):
        factors |= {f"{version}/quality": row["quality"], f"{version}/uniqueness": row["uniqueness"]}
    contributed.ratecards.adopt(
        card="dataset",
        lines=factors,
        valid_from=FIRST_YEAR[0],
        source_ja="審査機構の評価（見本）",
        source_en="The review body's assessment (specimen)",
        **act("homu", "2026-06-02 16:00", "factors"),
    )


CONDITION = ("保管設備の入退室記録を四半期ごとに提出すること。（見本・架空）", date(2026, 12, 31))
OUTCOMES = {"privacy": "not-personal", "export": "not-listed"}
JUDGED = {"item": "9項(7)（見本）", "judge": "見本データ審査機構（架空）", "judged_on": "2026-05-25"}


def review() -> None:
    """The review body decides: what passes, what is refused, what passes on a condition, and one that is still open."""
    for version in DatasetVersion.objects.order_by("pk").select_related("dataset__member__organization"):
        for row in version.reviews.order_by("pk"):
            if _is_tool_wear(version) and row.kind == "safety":
                continue
            refused = "line camera" in version.name_en and row.kind == "privacy"
            contributed.reviews.decide(
                row,
                decision="refused" if refused else "passed",
                opinion="作業者の顔が識別できる映像が含まれます。匿名加工のうえ再審査を受けてください。（見本・架空）"
                if refused
                else "提出資料を確認し、適合と判断しました。（見本）",
                ground="" if refused else OUTCOMES.get(row.kind, ""),
                details=JUDGED if row.kind == "export" else {},
                conditions=[CONDITION] if _is_tool_wear(version) and row.kind == "security" else [],
                valid_from=date(2026, 6, 3),
                valid_until=None if refused else REVIEW_VALID_UNTIL,
                **act("shinsa", "2026-06-03 13:00", f"{version}/{row.kind}"),
            )


def _is_tool_wear(version: DatasetVersion) -> bool:
    return version.dataset.member.code == "minato" and version.name_en.startswith("Tool wear")


def answer() -> None:
    """The invented associate answers its reviewers, and has a company excluded from its data."""
    replies = {"privacy": "撮像範囲を工具のみに改め、匿名加工を進めています。（見本・架空）",
               "security": "保管設備の入退室記録を提出します。（見本・架空）"}  # fmt: skip
    for row in Review.objects.filter(version__dataset__member__organization__code="minato", kind__in=replies):
        condition = Condition.objects.filter(opinion__review=row).first()
        if row.state == "refused" or condition is not None:
            contributed.reviews.reply(
                row,
                text=replies[row.kind],
                condition=condition,
                evidence=Evidence("入退室記録（見本）.txt", "見本・架空".encode()) if condition else None,
                **act_of("minato", "2026-06-10 10:00", f"reply {row.version} {row.kind}"),
            )
    contributed.exclusions.declare(
        member_of("minato"),
        rival=Organization.objects.get(code="aoba"),
        valid_from=date(2026, 6, 11),
        **act("homu", "2026-06-11 10:00", "exclusion"),
    )


def release() -> None:
    """A training run on what was cleared, at Osaka, and the release made of it."""
    versions = list(DatasetVersion.objects.filter(dataset__member__organization__code__in=TRAINED_ON))
    run = releases.record_run(
        facility=Facility.objects.get(code="osaka"),
        versions=versions,
        purpose="training",
        accelerator="b200",
        gpu_s=1_843_200,
        started_on=date(2026, 6, 4),
        ended_on=date(2026, 6, 12),
        **act("homu", "2026-06-12 18:00", "run"),
    )
    releases.publish(
        number="R-0.3",
        name_ja="基盤モデル リリース0.3（見本）",
        name_en="Foundation model release 0.3 (specimen)",
        weights_sha256="9c1e03f75ab2d84e6f7081c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6",
        runs=[run],
        published_on=date(2026, 6, 13),
        **act("homu", "2026-06-13 10:00", "publish"),
    )
