"""What the cast hands in and signs: files of accounting, descriptions of data, the variables of a contract."""

from __future__ import annotations

from hashlib import sha256

from contributions.core.descriptions import DatasetDescription, DescribedFile
from contributions.core.words import Text
from contributions.models import Organization
from licensing.models import Agreement, Release, Schedule
from told.cast import RECORD, SACCT, TERM


def sacct(*jobs: tuple[int, str, int, int]) -> str:
    """Accounting lines in Slurm's format: (job number, its day, hours from 09:00, GPUs of type h100)."""
    lines = [SACCT]
    for number, day, hours, gpus in jobs:
        gres = f",gres/gpu:h100={gpus}" if gpus else ""
        lines.append(
            f"{number}|osaka|{day}T08:00:00|{day}T09:00:00|{day}T{9 + hours:02d}:00:00|{hours:02d}:00:00|COMPLETED|1|8|"
            f"cpu=8{gres},node=1|job {number}"
        )
    return "\n".join(lines) + "\n"


def description(title: str, **changes) -> DatasetDescription:
    """What a Croissant file of that title would describe: one file, licence and digest stated."""
    digest = sha256(title.encode()).hexdigest()
    stated = {
        "name": Text(title, title),
        "description": Text(title, title),
        "licences": ("as agreed",),
        "conforms_to": "1.0",
        "version": "1.0.0",
        "url": None,
        "creators": (),
        "date_published": None,
        "files": (DescribedFile("data.bin", "data.bin", "application/octet-stream", digest, 1000),),
        "additions": tuple(RECORD.items()),
    }
    return DatasetDescription(**(stated | changes))


def fresh(agreement: Agreement) -> Agreement:
    """The agreement as it now stands, with what its papers print."""
    return Agreement.objects.select_related("licensee__organization", "schedule", "release", "template").get(
        pk=agreement.pk
    )


def variables(code: str, schedule: Schedule) -> dict:
    """What the standard agreement asks for."""
    licensor, licensee = Organization.objects.get(code="consortium"), Organization.objects.get(code=code)
    return {
        "licensor": licensor.named,
        "licensor_address": {"ja": "東京都港区1-1-1", "en": "1-1-1 Minato, Tokyo"},
        "licensor_signatory": {"ja": "髙﨑　一郎", "en": "Ichiro Takasaki"},
        "licensee": licensee.named,
        "licensee_address": {"ja": "大阪府大阪市2-2-2", "en": "2-2-2 Osaka"},
        "licensee_signatory": {"ja": "𠮷田　花子", "en": "Hanako Yoshida"},
        "release": "R-0.1",
        "release_sha256": Release.objects.get(number="R-0.1").weights_sha256,
        "fields": ["robot"],
        "regions": ["JP", "TH"],
        "term": {"from": TERM[0].isoformat(), "until": TERM[1].isoformat()},
        "renewal": "automatic",
        "renewal_years": 1,
        "notice_months": 3,
        "schedule": {"ja": f"ロボット（第{schedule.version}版）", "en": f"Robots (version {schedule.version})"},
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
    }
