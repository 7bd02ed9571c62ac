"""The demo's chapter before a contract: more fields with prices, applicants at each stage, and a licensee's own people.

All companies here are invented, and every price is illustrative.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from django.conf import settings

from contributions.core.evidence import Evidence
from contributions.models import Organization
from contributions.services import organizations
from licensing.models import Licensee
from licensing.services import fields, inquiries, licensees, schedules, screenings, staff
from licensing.services.story.cast import identity

FROM, SCREENED, UNTIL = date(2026, 11, 1), date(2026, 10, 31), date(2027, 10, 31)
STATED = {
    "address_en": "7-7-7 Mihon, Kyoto, Japan (specimen)",
    "seat": "JP",
    "foreign_control": "1/10",
    "end_use": "civil",
    "inference": ["JP"],
    "rivals": "",
}


def tell(act: Callable[[str, str, str], dict]) -> None:
    """Price lists of further fields, one applicant in screening, one refused, one request waiting, one colleague."""
    rows = json.loads((settings.BASE_DIR / "demo" / "prospects.json").read_text(encoding="utf-8"))
    legal = act("homu", "2026-10-31 09:10", "prospects")
    for row in rows["fields"]:
        fields.list_field(**row, valid_from=FROM, **legal)
    for row in rows["schedules"]:
        schedule = schedules.propose(**row, valid_from=FROM, **act("homu", "2026-10-31 09:15", row["number"]))
        schedules.adopt(schedule, **act("bucho", "2026-10-31 09:20", f"adopt {row['number']}"))
    for row in rows["organizations"]:
        organizations.register(**row, invented=True, **act("homu", "2026-10-31 09:25", row["code"]))
    _wait(_apply("asanagi", "vehicles", act), act)
    _refuse(_apply("kitahama", "robotics", act, inference=["JP", "US"]), act)
    inquiries.receive(
        rows["inquiry"] | {"stated": STATED}, language="ja", at=act("homu", "2026-10-31 09:50", "q")["at"]
    )
    staff.invite(
        username="shinonome-hokoku",
        email="shinonome-hokoku@example.invalid",
        name_ja="東雲ロボティクスの報告担当（見本）",
        name_en="Usage reporter of Shinonome Robotics (specimen)",
        role="reporter",
        identity=identity("shinonome-hokoku"),
        **act("shinonome", "2026-10-31 09:55", "colleague"),
    )


def _apply(code: str, field: str, act: Callable, **stated: object) -> Licensee:
    return licensees.apply(
        Organization.objects.get(code=code),
        licensee_class="japanese",
        field_of_use=field,
        purpose="自社製品への組込み（見本・架空）",
        stated=STATED | stated,
        applied_on=SCREENED,
        **act("homu", "2026-10-31 09:30", f"apply {code}"),
    )


def _wait(licensee: Licensee, act: Callable) -> None:
    """Two checks are done; three wait, and a competitor that the applicant named keeps out."""
    screenings.declare_conflict(
        licensee,
        Organization.objects.get(code="kitahama"),
        on=SCREENED,
        **act("homu", "2026-10-31 09:32", "conflict"),
    )
    for kind, details in (("japanese-firm", {"seat": "JP", "foreign_control": "1/10"}), ("antisocial", {})):
        licensees.screen(
            licensee,
            kind=kind,
            passed=True,
            finding_ja="提出資料を確認しました。（見本・架空）",
            finding_en="The documents handed in were checked. (specimen, fictional)",
            screened_on=SCREENED,
            valid_until=UNTIL,
            details=details,
            evidence=Evidence("履歴事項全部証明書（見本）.txt", "見本・架空の文書です。".encode()),
            **act("homu", "2026-10-31 09:35", f"screen {kind}"),
        )


def _refuse(licensee: Licensee, act: Callable) -> None:
    """Export control is not passed: inference was to run abroad without a permit."""
    licensees.screen(
        licensee,
        kind="export",
        passed=False,
        finding_ja="国外での推論について、許可の要否の確認資料が提出されませんでした。（見本・架空）",
        finding_en="No document on the need of a permit for inference abroad was handed in. (specimen, fictional)",
        screened_on=SCREENED,
        valid_until=UNTIL,
        details={"residency": "none", "category": "none", "end_use": "civil", "inference": ["JP", "US"]},
        **act("homu", "2026-10-31 09:40", "screen export"),
    )
    licensees.refuse(
        licensee,
        reason="export",
        text="推論の場所を国内に改めるか、許可の要否の確認資料を添えて、再度お申し込みください。（見本・架空）",
        decided_on=SCREENED,
        **act("homu", "2026-10-31 09:45", "refuse"),
    )
