"""The chapters on contracts: wording and prices are adopted, licensees screened, agreements drafted and signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from contributions import services as contributed
from contributions.core.evidence import Evidence
from contributions.core.words import Text
from contributions.models import Organization
from licensing.core import clauses as rules
from licensing.core.checklists import Given, items
from licensing.models import Agreement, Licensee, Release, Schedule
from licensing.selectors import clauses as library
from licensing.services import agreements, checklists, clauses, licensees, schedules
from licensing.services.story.cast import act, act_of, fresh, read


def license() -> None:
    """Clauses and schedules are adopted, licensees screened, and their agreements drafted, offered and signed."""
    clauses.take_in(read("clauses.json"), valid_from=date(2026, 6, 1), **act("homu", "2026-06-21 09:00", "clauses"))
    checklists.adopt(**_checklist(), **act("homu", "2026-06-21 09:10", "checklist"))
    for row in read("schedules.json"):
        schedule = schedules.propose(
            **row, valid_from=date(2026, 6, 1), **act("homu", "2026-06-21 10:00", row["number"])
        )
        schedules.adopt(schedule, **act("bucho", "2026-06-21 11:00", row["number"]))
    for code, field in SCREENED_FIRST:
        _screen(code, field)
    for code, schedule, field, regions in (
        ("shinonome", "S-ROBOT", "robot", ["JP", "TH"]),
        ("aoba", "S-CELL", "manufacturing", ["JP"]),
    ):
        row = draft(code, schedule, field, regions, (date(2026, 6, 24), date(2028, 6, 24)), "2026-06-22 10:00")
        checklists.answer(row, answers(row), **act("homu", "2026-06-22 14:00", f"checklist {code}"))
        agreements.approve(row, **act("bucho", "2026-06-22 15:00", f"approve {code}"))
        row = agreements.offer(fresh(row), **act("homu", "2026-06-22 16:00", f"offer {code}"))
        row = agreements.sign(fresh(row), **act("homu", "2026-06-23 10:00", f"sign {code}"))
        agreements.countersign(fresh(row), **act(code, "2026-06-23 14:00", f"countersign {code}"))
    later = (date(2026, 10, 1), date(2028, 10, 1))
    row = draft("kazemachi", "S-CELL", "manufacturing", ["JP"], later, "2026-06-23 14:10")
    conclude(row, "2026-06-23 14", "kazemachi")
    contributed.exclusions.check_all(on=date(2026, 6, 23), **act("homu", "2026-06-23 17:00", "exclusion check"))


SCREENED_FIRST = (
    ("shinonome", "robotics"), ("aoba", "manufacturing"), ("hayama", "imaging"), ("tsukimi", "manufacturing"),
    ("kazemachi", "manufacturing"),
)  # fmt: skip


def conclude(row: Agreement, hour: str, code: str) -> None:
    """A draft is checked, approved, offered and signed by both, within an hour of the story."""
    step = f"{row.template.code} {code}"
    checklists.answer(row, answers(row), **act("homu", f"{hour}:15", f"checklist {step}"))
    agreements.approve(row, **act("bucho", f"{hour}:20", f"approve {step}"))
    row = agreements.offer(fresh(row), **act("homu", f"{hour}:30", f"offer {step}"))
    row = agreements.sign(fresh(row), **act("homu", f"{hour}:40", f"sign {step}"))
    agreements.countersign(fresh(row), **act_of(code, f"{hour}:50", f"countersign {step}", "licensee"))


def _checklist() -> dict:
    document = read("checklist.json")
    return {**document, "valid_from": date.fromisoformat(document["valid_from"])}


def answers(row: Agreement) -> list[Given]:
    """Each question is settled by the clause of the first family it names that the agreement holds, if it holds one."""
    families = {version.id: version.family for version in library.for_agreement(row)}
    found = []
    for item in items(read("checklist.json")["items"]):
        held = (one["id"] for family in item.families for one in row.clauses if families[one["id"]] == family)
        clause = next(held, "")
        note = "確認済み（見本）" if clause else "評価契約のため定めない（見本）"
        found.append(Given(item.code, "yes" if clause else "no", clause, note))
    return found


def propose_wording() -> None:
    """Somebody of the legal staff without a login proposes the next version of a clause; it waits for approval."""
    notice = next(version for version in library.library() if version.id == "notice")
    document = rules.document(notice)
    document["paragraphs"].append(
        {
            "ja": "前二項の通知は、通常到達すべき時に到達したものとみなす。",
            "en": "Notices under the preceding paragraphs are deemed received when they would ordinarily arrive.",
            "items": [],
        }
    )
    step = act("homu", "2026-10-30 15:00", "wording")
    clauses.propose(
        document,
        rationale=Text(
            "受領の拒否又は住所の変更により通知が届かない場合に備える。（見本）",
            "For notices that are refused or sent to an old address. (specimen)",
        ),
        by=replace(step["by"], user=None, name="法務担当（架空）"),
        at=step["at"],
    )


CHECKS = {
    "japanese-firm": ("本店は国内、支配株主も国内です。（見本・架空）", "Seated and controlled in Japan. (specimen)"),
    "antisocial": ("該当しません。（見本・架空）", "None found. (specimen)"),
    "export": ("取引審査済み。仕向地と用途に懸念はありません。（見本・架空）", "Screened; no concern. (specimen)"),
    "affiliates": (
        "無料枠を重ねて使う関係会社はありません。（見本・架空）",
        "No affiliate shares a free tier. (specimen)",
    ),
    "competition": ("利用除外に当たりません。（見本・架空）", "No exclusion applies. (specimen)"),
}


PAPERS = {
    "japanese-firm": "履歴事項全部証明書・株主名簿（見本）.txt",
    "antisocial": "照会結果（見本）.txt",
    "export": "取引審査票（見本）.txt",
}
SCREENED = {
    "japanese-firm": {"seat": "JP", "foreign_control": "0"},
    "export": {"residency": "none", "category": "none", "end_use": "civil", "inference": ["JP"]},
}


def _screen(code: str, field: str) -> None:
    licensee = licensees.apply(
        Organization.objects.get(code=code),
        licensee_class="japanese",
        field_of_use=field,
        purpose="自社製品への組込み（見本・架空）",
        applied_on=date(2026, 6, 21),
        **act("homu", "2026-06-21 12:00", f"apply {code}"),
    )
    for kind, (ja, en) in CHECKS.items():
        licensees.screen(
            licensee,
            kind=kind,
            passed=True,
            finding_ja=ja,
            finding_en=en,
            details=SCREENED.get(kind, {}),
            screened_on=date(2026, 6, 21),
            valid_until=date(2027, 6, 21),
            evidence=Evidence(PAPERS[kind], "見本・架空の文書です。".encode()) if kind in PAPERS else None,
            **act("homu", "2026-06-21 14:00", f"screen {code} {kind}"),
        )
    licensees.approve(
        licensee,
        decided_on=date(2026, 6, 21),
        rescreen_on=date(2027, 6, 21),
        **act("bucho", "2026-06-21 17:00", f"approve licensee {code}"),
    )


def draft(
    code: str, schedule: str, field: str, regions: list[str], term: tuple[date, date], when: str, *, by: str = "homu"
) -> Agreement:
    return agreements.draft(
        Licensee.objects.get(organization__code=code),
        schedule=Schedule.objects.get(number=schedule),
        release=Release.objects.get(number="R-0.3"),
        template="standard",
        variables=usual(code, Schedule.objects.get(number=schedule), field, regions, term),
        term=term,
        **act(by, when, f"draft {code}"),
    )


# What single licensees agreed on beside the standard.
AGREED = {
    "shinonome": {"renewal_rise_max": "20/100"},
    "aoba": {"derivative_rate": "3/100", "royalty_policy": "all_ancestors"},
    "tsukimi": {"renewal": "none", "termination_months": 3},
}


def usual(code: str, schedule: Schedule, field: str, regions: list[str], term: tuple[date, date]) -> dict:
    licensor, licensee = Organization.objects.get(code="consortium"), Organization.objects.get(code=code)
    weights = Release.objects.get(number="R-0.3").weights_sha256
    return {
        "licensor": licensor.named,
        "licensor_address": {"ja": licensor.address_ja, "en": licensor.address_en},
        "licensor_signatory": {
            "ja": "代表取締役　髙﨑　一郎（架空）",
            "en": "Ichiro Takasaki, Representative Director (fictional)",
        },
        "licensee": licensee.named,
        "licensee_address": {"ja": licensee.address_ja, "en": licensee.address_en},
        "licensee_signatory": {
            "ja": "代表取締役　𠮷田　花子（架空）",
            "en": "Hanako Yoshida, Representative Director (fictional)",
        },
        "release": "R-0.3",
        "release_sha256": weights,
        "fields": [field],
        "regions": regions,
        "term": {"from": term[0].isoformat(), "until": term[1].isoformat()},
        "renewal": "automatic",
        "renewal_years": 1,
        "notice_months": 3,
        "schedule": {
            "ja": f"{schedule.name_ja}（第{schedule.version}版）",
            "en": f"{schedule.name_en} (version {schedule.version})",
        },
        "terms": schedule.terms,
        "minimum": schedule.terms["minimum"],
        "report_period": "quarter",
        "report_days": 60,
        "acceptance_days": 14,
        "incident_hours": 72,
        "late_rate": "146/1000",
        "record_years": 7,
        "audit_notice_days": 15,
        "audit_threshold": "10/100",
        "further_training": True,
        "registration_days": 14,
        "confidentiality_years": 5,
        "liability_months": 12,
        "cure_days": 30,
        "deletion_days": 30,
        "winddown_months": 6,
        "court": {"ja": "東京地方裁判所", "en": "Tokyo District Court"},
        **AGREED.get(code, {}),
    }
