"""Whose eyes may judge what a member put in: its data, its usage, its money and its people, by one rule.

Nobody judges what its own company, one of that company's group, or a rival put in, from whichever desk; the employer
(出向元) counts as much as the organization acted for, and must be known. And nobody judges what the same person
recorded, or decided last.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from contributions.core.errors import Refused


class InConflict(Refused):
    code = "judge-in-conflict"
    ja = "所属または担当の組織（{organization}）が提供者、その企業集団または競合先に当たるため、判断できません。"
    en = "You belong to or act for {organization}: the contributor, one of its group, or a rival. You may not decide."


class HomeUnknown(Refused):
    code = "judge-without-home"
    ja = "出向元が登録されていない方は判断できません。独立性を確かめられないためです。"
    en = "Whoever has no home organization on record may not decide: independence could not be checked."


class SamePerson(Refused):
    code = "same-person"
    ja = "登録した本人または直前の判断をした本人は、この操作ができません。別の担当者が行ってください。"
    en = "Whoever recorded it, or decided last, cannot do this. A second pair of eyes must."


class OwnDraft(Refused):
    code = "own-draft"
    ja = "「{name}」の起案者は、自ら承認できません。承認できる方：{others}。"
    en = "Whoever wrote “{name}” cannot approve it. Who may: {others}."


class OwnFinding(OwnDraft):
    """Of what is judged before it is approved, as an applicant is screened."""

    code = "own-finding"
    ja = "「{name}」の審査（区分の変更・停止を含む）を行った方は、自ら承認できません。承認できる方：{others}。"
    en = "Whoever screened “{name}”, changed its class or suspended it cannot approve it. Who may: {others}."


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whoever is about to judge: the person, the employer (出向元) and the organization acted for."""

    person: str | None
    home: str | None
    acting: str | None

    @property
    def are_the_systems(self) -> bool:
        """Nobody's: a task or a command, which belongs to no company."""
        return self.person is None and self.acting is None


def check(
    eyes: Eyes,
    *,
    owner: str,
    group: Collection[str],
    rivals: Collection[str] = (),
    before: Collection[str | None] = (),
) -> None:
    """Refuse a judge of the owner's side, of a rival's, of unknown employer, or who recorded or decided it before.

    `group` holds the owner's affiliates, `rivals` those that either named, `before` the people who acted before.
    """
    if eyes.are_the_systems:
        return
    if eyes.home is None:
        raise HomeUnknown
    check_apart(eyes.home, owner=owner, group=group, rivals=rivals)
    if eyes.acting is not None:
        check_apart(eyes.acting, owner=owner, group=group, rivals=rivals)
    if eyes.person is not None and eyes.person in before:
        raise SamePerson


def wrote(person: UUID | str | None, authors: Collection[UUID | str | None]) -> bool:
    """Whether the person is among the authors. Nobody's person (a task, somebody without an account) wrote nothing.

    >>> wrote(None, [None]), wrote("a", ["a", "b"]), wrote("c", ["a"])
    (False, True, False)
    """
    return person is not None and str(person) in {str(author) for author in authors if author is not None}


def check_apart(organization: str, *, owner: str, group: Collection[str], rivals: Collection[str] = ()) -> None:
    """Refuse an organization that is the owner, of its group, or its rival."""
    if organization in {owner, *group, *rivals}:
        raise InConflict(organization=organization)
