"""Who may be a witness of the log, and what of a cosignature the log accepts.

A *neutral* witness belongs to nobody who contributes. A member's *site* signs on the member's own machine, by the
`contributions.adapters.witness` command or any other witness of C2SP tlog-witness. An *officer* confirms a checkpoint
in the browser, with a key that this installation holds: that shows that a person of the member looked and when, and
that this installation had kept to the history confirmed before; it proves nothing against the installation itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.words import Text

OFFICER, SITE, NEUTRAL = "officer", "site", "neutral"
KINDS = {
    SITE: Text("会員の自社環境", "member’s own site"),
    NEUTRAL: Text("中立の立会人", "neutral witness"),
    OFFICER: Text("会員の担当者（鍵は本システムで保管）", "member’s officer (key held here)"),
}
OF_MEMBERS = frozenset({OFFICER, SITE})
# How far a witness's clock may be from this server's; C2SP leaves the bound to whoever accepts cosignatures.
CLOCK_SECONDS_MAX = 300


class NotForYou(Refused):
    code = "witness-not-yours"
    ja = "会員の立会人はその会員が、中立の立会人は事務局が登録し、退任させます。"
    en = "A member’s witness is enrolled and retired by that member, a neutral one by the secretariat."


class NotNeutral(Refused):
    code = "witness-not-neutral"
    ja = "{name}は会員のため、中立の立会人にはなれません。"
    en = "{name} is a member and cannot be a neutral witness."


class AlreadyEnrolled(Refused):
    code = "witness-enrolled"
    ja = "この鍵の立会人はすでに登録されています。退任した鍵を再び登録することもできません。"
    en = "This key has been enrolled already; a retired key cannot come back either."


class AlreadyRetired(Refused):
    code = "witness-retired"
    ja = "立会人「{name}」はすでに退任しています。"
    en = "Witness “{name}” has been retired already."


class NoWitness(Refused):
    code = "no-witness"
    ja = "登録された立会人の立会署名がありません。鍵を登録してから送信してください。"
    en = "It bears no cosignature by an enrolled witness. Enrol the key first."


class NotOnRecord(Refused):
    code = "no-such-checkpoint"
    ja = "この台帳が発行した時点証明ではありません。"
    en = "This is no checkpoint that this log has issued."


class OutOfTime(Refused):
    code = "cosigned-out-of-time"
    ja = "立会人「{name}」の署名時刻が、登録の期間または現在時刻と合いません。時計を確認してください。"
    en = "The time in the cosignature of “{name}” lies outside its enrolment, or far from the present. Check its clock."


class NotWitnessed(Refused):
    code = "not-witnessed"
    ja = "{threshold} 組織の立会署名がある時点証明がまだないため、書類を作成できません。立会いを依頼してください。"
    en = "No checkpoint bears the cosignatures of {threshold} organizations yet, so no paper can be made. Ask for them."


class BadThreshold(Refused):
    code = "bad-threshold"
    ja = "必要数は 0 から {most} までの数とし、数える立会人の種類を一つ以上選んでください。"
    en = "The threshold must be a number from 0 to {most}, over at least one kind of witness."


@dataclass(frozen=True, slots=True)
class Rule:
    """How many organizations must have cosigned, and which kinds of witness count; 0 asks for none."""

    threshold: int
    kinds: frozenset[str]
    start: date

    def counts(self, cosigned: Collection[tuple[str, str]]) -> int:
        """How many organizations stand behind (organization, kind) cosignatures; each counts once.

        >>> Rule(2, frozenset({SITE}), date(2026, 4, 1)).counts([("a", SITE), ("a", SITE), ("b", OFFICER)])
        1
        """
        return len({organization for organization, kind in cosigned if kind in self.kinds})


THRESHOLD_MAX = 100


def check_rule(threshold: int, kinds: Collection[str]) -> None:
    """Refuse a threshold that nobody could mean."""
    if not 0 <= threshold <= THRESHOLD_MAX or not kinds or not set(kinds) <= set(KINDS):
        raise BadThreshold(most=THRESHOLD_MAX)


def check_time(name: str, time: int, *, start: int, until: int | None, present: int) -> None:
    """Refuse a cosignature timed before the checkpoint or the enrolment, after retirement, or past the present."""
    if time < start - CLOCK_SECONDS_MAX or time > present + CLOCK_SECONDS_MAX or (until is not None and time >= until):
        raise OutOfTime(name=name)
