"""Doing what a client asks once, however often it asks: the client's own id is the key.

The act's row goes in with everything that the act writes, or not at all; so a refused or broken-off act may be tried
again under its id. Asked again, the same act gets the first answer; another under the same id is refused, naming the
field that differs. Fields are kept as salted digests: enough to tell which differs, and no copy of what was sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from contributions.adapters.randomness import random_bytes
from contributions.core.errors import Refused
from contributions.core.roles import Viewer
from contributions.core.statements import OtherBody
from contributions.models import Act

Answer = dict
"""What the client was told: a status and the data."""


class AnswerForgotten(Refused):
    code = "answer-forgotten"
    ja = "識別子 {id} の操作はすでに完了しています。その回答は保存されていません。結果は一覧で確認してください。"
    en = "The act {id} has been done already. Its answer is not kept; look for the result in the lists."


def once(
    key: UUID, *, sent: Mapping[str, str], work: Callable[[], Answer], by: Viewer, at: datetime, keep: bool = True
) -> Answer:
    """The answer of `work`, done now or before under this key; `sent` is what was asked for, field by field.

    An answer that lets in whoever reads it is not kept.
    """
    held = Act.objects.filter(pk=key).first()
    if held is None:
        try:
            return _do(key, sent, work, by, at, keep)
        except IntegrityError:
            # somebody else sent the same at the same moment and was first; or the work itself broke a constraint
            held = Act.objects.filter(pk=key).first()
            if held is None:
                raise
    _check_same(held, sent, by)
    if held.answer is None:
        raise AnswerForgotten(id=str(key))
    return held.answer


def is_done(key: UUID) -> bool:
    """Whether an act was done under this key."""
    return Act.objects.filter(pk=key).exists()


def forget(*, at: datetime, kept_for: timedelta) -> int:
    """Drop answers that nobody will ask for again; that the act was done stays known."""
    return Act.objects.filter(done_at__lt=at - kept_for, answer__isnull=False).update(answer=None)


@transaction.atomic
def _do(key: UUID, sent: Mapping[str, str], work: Callable[[], Answer], by: Viewer, at: datetime, keep: bool) -> Answer:
    salt = random_bytes(16)
    act = Act.objects.create(
        id=key,
        user_id=by.user,
        workplace=by.workplace,
        acting=by.acting or "",
        salt=salt,
        digests=_digests(sent, salt),
        done_at=at,
    )
    answer = work()
    if keep:
        act.answer = answer
        act.save(update_fields=["answer"])
    return answer


def _check_same(held: Act, sent: Mapping[str, str], by: Viewer) -> None:
    if (held.user_id, held.workplace, held.acting) != (by.user, by.workplace, by.acting or ""):
        raise OtherBody(id=str(held.pk), field="caller")
    found = _digests(sent, bytes(held.salt))
    differing = {name for name in {*found, *held.digests} if found.get(name) != held.digests.get(name)}
    if differing:
        raise OtherBody(id=str(held.pk), field=min(differing))


def _digests(sent: Mapping[str, str], salt: bytes) -> dict[str, str]:
    return {name: hashlib.sha256(salt + f"{name}\0{value}".encode()).hexdigest() for name, value in sent.items()}
