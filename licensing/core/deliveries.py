"""Deliveries of a release's files: what is handed over, by when it is checked (検収), and what silence means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import deadlines
from licensing.core.deadlines import IsBusinessDay

KINDS = {
    "weights": Text("学習済みパラメータ", "Trained parameters"),
    "program": Text("推論プログラム", "Inference program"),
    "card": Text("モデル説明書", "Model document"),
    "classification": Text("該非判定書", "Export classification"),
    "notes": Text("リリースノート", "Release notes"),
}
# What the wording on delivery and export control asks to be handed over with a model.
EXPECTED = ("weights", "card", "classification")
CLASSIFIED = frozenset({"weights", "program"})
"""What is technology to be classified before it is provided to anybody."""
DELIVERED, RECEIVED, ACCEPTED, DEEMED, REJECTED = "delivered", "received", "accepted", "deemed", "rejected"
_STEPS = {
    (DELIVERED, "receive"): RECEIVED,
    (DELIVERED, "accept"): ACCEPTED,
    (RECEIVED, "accept"): ACCEPTED,
    (DELIVERED, "reject"): REJECTED,
    (RECEIVED, "reject"): REJECTED,
    (DELIVERED, "deem"): DEEMED,
    (RECEIVED, "deem"): DEEMED,
}


class DeliveryStepRefused(Refused):
    code = "delivery-step-refused"
    ja = "納品 {number} は検収の手続を終えているため、この操作はできません。"
    en = "Acceptance of delivery {number} is over, so this cannot be done."


class AcceptanceOver(Refused):
    code = "acceptance-over"
    ja = "検収の期限 {day} を過ぎたため、納品 {number} は検査に合格したものとみなされています。"
    en = "The time to check ended on {day}: delivery {number} is deemed accepted."


class NothingToDeliver(Refused):
    code = "nothing-to-deliver"
    ja = "納品するファイルがありません。モデルリリース {release} のファイルを登録してください。"
    en = "There is no file to deliver. File something for release {release} first."


class ClassificationMissing(Refused):
    code = "delivery-classification-missing"
    ja = (
        "モデルリリース {release} の該非判定書が登録されていません。"
        "学習済みパラメータ又は推論プログラムを納品する前に登録してください。"
    )
    en = (
        "No export classification of release {release} is registered. "
        "Register it before trained parameters or an inference program are delivered."
    )


class NoSuchFile(Refused):
    code = "delivery-file-unknown"
    ja = "ファイル「{name}」はこのモデルリリースにありません。"
    en = "There is no file “{name}” in this release."


def accept_by(delivered_on: date, variables: Mapping[str, Any], *, is_business_day: IsBusinessDay) -> date:
    """The last day to notify the result of the check: business days where the agreement says so.

    Worked example: delivered on 25 December 2026, five business days: the 28th, 29th and 30th, then 4 and 5 January
    2027. Fourteen calendar days: 8 January 2027.
    """
    return deadlines.due(
        delivered_on,
        days=int(variables.get("acceptance_days") or 0),
        business_days=int(variables.get("acceptance_business_days") or 0),
        is_business_day=is_business_day,
    )


def state_on(stored: str, *, accept_by: date, deems: bool, on: date) -> str:
    """How a delivery stands on a day: silence past the last day means accepted, where the agreement says so."""
    waits = stored in {DELIVERED, RECEIVED}
    return DEEMED if waits and deems and on > accept_by else stored


def deems(variables: Mapping[str, Any]) -> bool:
    """Whether silence counts as acceptance: where the agreement gives days to check, unless a variable denies it."""
    given = variables.get("acceptance_days") or variables.get("acceptance_business_days")
    return bool(given) and bool(variables.get("acceptance_deemed", True))


def step(state: str, verb: str, *, number: str, accept_by: date) -> str:
    """The state after a verb; refused once the check is over."""
    if state == DEEMED:
        raise AcceptanceOver(number=number, day=accept_by)
    after = _STEPS.get((state, verb))
    if after is None:
        raise DeliveryStepRefused(number=number)
    return after


def check_classified(chosen: Collection[str], filed: Collection[str], *, release: str) -> None:
    """Refuse to hand over a model, by kinds of file, whose export classification nobody has registered.

    >>> check_classified({"weights"}, {"weights", "classification"}, release="R-0.3")
    """
    if CLASSIFIED & set(chosen) and "classification" not in filed:
        raise ClassificationMissing(release=release)


def lacking(kinds: Collection[str]) -> tuple[str, ...]:
    """Which kinds of file a release still lacks that whoever receives it is to have.

    >>> lacking({"weights", "notes"})
    ('card', 'classification')
    """
    return tuple(kind for kind in EXPECTED if kind not in kinds)


def owed(filed: Collection[tuple[str, str]], delivered: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """The files, by name and digest, that a licensee has not had in their present form: the updates owed to it."""
    return sorted(set(filed) - set(delivered))
