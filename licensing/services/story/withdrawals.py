"""The invented associate's data goes into a release, one more descends from it, and then the data is withdrawn.

Told after the allocation of the half year, of a dataset that came in after it: no share changes by it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

from contributions import services as contributed
from contributions.adapters import croissant
from contributions.models import DatasetVersion, Facility, FundingSource, InboundAgreement
from licensing.services import releases
from licensing.services.story.cast import FOLDER, act, act_of, member_of
from licensing.services.story.datasets import JUDGED, OUTCOMES, REVIEW_VALID_UNTIL

MODEL = FOLDER / "datasets" / "minato-spindle-vibration.json"
NAME = {"ja": "搬送装置の電流系列（見本・架空）", "en": "Conveyor current series (illustrative)"}
SAID = {
    "ja": "見本・架空。公表されたリリースの学習に使われた後に取り下げられた例です。",
    "en": "Illustrative, invented. The example of a dataset withdrawn after a release was trained on it.",
}
REASON = "設備の更新により、提供元との取決めが終わるため。（見本・架空）"
DESCENT = (
    ("R-T.1", "搬送モデル", "Conveyor model", 15, {}),
    ("R-T.2", "搬送モデル改", "Conveyor model, revised", 22, {"R-T.1": "3/5"}),
)


def tell() -> None:
    """Registered, reviewed, trained on, published; withdrawn from 1 December on."""
    version = _cleared(_registered())
    for number, name, name_en, day, parents in DESCENT:
        run = releases.record_run(
            facility=Facility.objects.get(code="osaka"),
            versions=[] if parents else [version],
            purpose="training",
            accelerator="b200",
            gpu_s=180_000,
            started_on=date(2026, 10, day),
            ended_on=date(2026, 10, day + 3),
            **act("homu", "2026-10-30 16:20", f"run {number}"),
        )
        releases.publish(
            number=number,
            name_ja=f"{name}（見本・架空）",
            name_en=f"{name_en} (specimen, fictional)",
            weights_sha256=hashlib.sha256(f"moyai demo {number}".encode()).hexdigest(),
            runs=[run],
            parents=parents,
            published_on=date(2026, 10, day + 5),
            **act("homu", "2026-10-30 16:30", f"publish {number}"),
        )
    contributed.datasets.withdraw(
        version.dataset,
        on=date(2026, 12, 1),
        reason=REASON,
        **act_of("minato", "2026-10-30 16:40", "withdraw"),
    )


def _registered() -> DatasetVersion:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    files = [
        file | {"sha256": hashlib.sha256(f"moyai demo conveyor {file['@id']}".encode()).hexdigest()}
        for file in model["distribution"]
    ]
    document = model | {"name": NAME, "description": SAID, "distribution": files}
    source = json.dumps(document, ensure_ascii=False, indent=1).encode()
    stated = dict(croissant.describe(source).additions)
    return contributed.datasets.register(
        croissant.describe(source),
        member=member_of("minato"),
        source=source,
        copies=[{"country": stated["country"], "region": stated["region"]}],
        submitted_on=date(2026, 10, 12),
        modality=stated["kind"],
        category_ja="製造設備",
        category_en="Manufacturing",
        agreement=InboundAgreement.objects.filter(organization__code="minato").earliest("pk"),
        funding=FundingSource.objects.get(code="F-01"),
        illustrative=True,
        **act_of("minato", "2026-10-30 16:00", "conveyor"),
    )


def _cleared(version: DatasetVersion) -> DatasetVersion:
    contributed.reviews.open_all(version, **act("homu", "2026-10-30 16:05", "conveyor"))
    for row in version.reviews.order_by("pk"):
        contributed.reviews.decide(
            row,
            decision="passed",
            opinion="提出資料を確認し、適合と判断しました。（見本）",
            ground=OUTCOMES.get(row.kind, ""),
            details=JUDGED if row.kind == "export" else {},
            valid_from=date(2026, 10, 14),
            valid_until=REVIEW_VALID_UNTIL,
            **act("shinsa", "2026-10-30 16:10", f"{version}/{row.kind}"),
        )
    return version
