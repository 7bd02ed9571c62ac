"""Who is in the story, and the tables and terms that they share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

NAMESPACE = UUID("5e1ab6a0-50a1-4c7e-8f0b-0c6f0b7a9d11")
INSTALLATION = UUID("11111111-2222-4333-8444-555555555555")
PASSWORD = "correct horse"
JOINED = date(2026, 4, 1)
WINDOW = (date(2026, 4, 1), date(2026, 10, 1))
TERM = (date(2026, 6, 24), date(2028, 6, 24))
# What a screening records of an applicant that passes.
SCREENED = {
    "japanese-firm": {"seat": "JP", "foreign_control": "0"},
    "export": {"residency": "none", "category": "none", "end_use": "civil", "inference": ["JP"]},
}
REVIEWS = ("title", "privacy", "export", "competition", "security", "safety")
LIBRARY = Path(__file__).resolve().parents[2] / "demo" / "clauses.json"

# code: (Japanese name, English name, kind)
ORGANIZATIONS = {
    "consortium": ("もやい事務局", "Moyai Secretariat", "office"),
    "tetsu": ("鉄山製鋼", "Tetsuyama Steel", "company"),
    "tetsuken": ("鉄山研究所", "Tetsuyama Laboratory", "company"),
    "hagane": ("鋼野製鉄", "Hagano Iron", "company"),
    "kuruma": ("車田自動車", "Kurumada Motors", "company"),
    "ginko": ("銀河銀行", "Ginga Bank", "company"),
    "shinsa": ("審査機構", "Review Body", "review"),
    "kansa": ("監査法人", "Audit Firm", "audit"),
    "robo": ("ロボ工業", "Robo Industries", "company"),
    "arm": ("腕木製作所", "Udegi Works", "company"),
    "yoso": ("余所商会", "Yoso Trading", "company"),
}
MEMBERS = ("ginko", "hagane", "kuruma", "tetsu")
LICENSEES = ("arm", "robo")
# username: (employer, workplace, organization it acts for)
PEOPLE = {
    "legal": ("consortium", "legal", "consortium"),
    "second": ("consortium", "legal", "consortium"),
    "finance": ("consortium", "finance", "consortium"),
    "desk": ("consortium", "desk", "consortium"),
    "auditor": ("kansa", "auditor", "kansa"),
    "reviewer": ("shinsa", "reviewer", "shinsa"),
    "seconded": ("tetsuken", "reviewer", "shinsa"),
    "operator": ("consortium", "operator", "consortium"),
    **{code: (code, "member", code) for code in MEMBERS},
    **{code: (code, "licensee", code) for code in LICENSEES},
}
# Employed by a member and lent to an office of the consortium: they enter only where a test asks for them.
SECONDEES = {
    "lent": ("hagane", "legal", "consortium"),
    "lent-finance": ("hagane", "finance", "consortium"),
    "lent-desk": ("hagane", "desk", "consortium"),
    "lent-reviewer": ("hagane", "reviewer", "shinsa"),
}
FUNDING = {"F-01": ("own", "0"), "F-02": ("subsidy", "1/2"), "F-03": ("commission", "1")}
FACILITIES = {"osaka": ("kuruma", "JP", "大阪"), "austin": ("kuruma", "US", "Texas")}
BY_MEMBERS = {"basis": "members", "quorum": "1/2", "threshold": "2/3", "strict": False, "of": "decided"}
POLICY = {
    "v": 1,
    "number": "P-0001",
    "version": 1,
    "right": "revenue",
    "form": "claim",
    "method": "category-weighted/1",
    "categories": [
        {"code": "data", "weight": "45/100", "units": {"record": "1/1000000"}, "factors": ["quality", "uniqueness"]},
        {"code": "compute", "weight": "25/100", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
        {"code": "cash", "weight": "20/100", "units": {"JPY": "1/1000000"}, "factors": []},
        {"code": "people", "weight": "10/100", "units": {"minute": "1/9600"}, "factors": ["grade"]},
    ],
    "equity_counts": False,
    "residency": ["JP"],
    "empty_category": "renormalise",
    "floor": "1/100",
    "cap": "60/100",
    "rounding": {"method": "largest-remainder/1", "grid": 1000000, "tie": "member-code"},
    "disclosure": "safe-totals/1",
}
TERMS = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [
        {"from": "0", "until": "500", "price": "12000"},
        {"from": "500", "until": None, "price": "9000"},
    ],
    "minimum": "6000000",
}
JUDGED = {"item": "9項(7)", "judge": "審査機構 輸出管理担当", "judged_on": "2026-04-28"}
RECORD = {
    "site": "第一工場",
    "rightsHolder": "当社",
    "collectedFrom": "2025-04-01",
    "collectedUntil": "2026-04-01",
    "tlp": "amber",
    "personalData": "none",
    "thirdPartyRights": "なし",
    "purposes": "training",
    "prohibited": "再提供",
    "marks": "trade-secret",
}
# kind of data: reviews and how many opinions each needs
REQUIREMENTS = {
    "plant": dict.fromkeys(REVIEWS, 1),
    "simulation": dict.fromkeys(("title", "export", "competition", "security"), 1),
}
SACCT = "JobID|Cluster|Submit|Start|End|Elapsed|State|NNodes|NCPUS|AllocTRES|JobName"


def identity(username: str) -> UUID:
    """The id of a person's account, the same in every telling."""
    return uuid5(NAMESPACE, f"person {username}")
