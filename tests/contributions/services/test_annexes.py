"""Erasing a file: content, salt and the words that pages repeat go; entry and proofs stay."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.adapters.evidence import EvidenceMissing
from contributions.core.roles import NotAllowed
from contributions.models import Annex, Entry, Opinion, ResourceStep
from contributions.services.journal import Attachment


@pytest.fixture
def paid(world):
    return services.resources.record(
        member=world.of("tetsu"), kind="cash", title_ja="資金", title_en="Cash", quantity=1, nature="levy",
        period_from=date(2026, 5, 1), evidence=[Attachment("振込明細.pdf", "application/pdf", b"paid")],
        **world.by("tetsu"),
    )  # fmt: skip


def erase(world, annex: Annex, username: str = "legal") -> Annex:
    return services.annexes.erase(annex, reason="本人の請求による", **world.by(username))


def test_an_erased_file_is_gone_and_its_entry_and_the_log_stand(world, paid, django_capture_on_commit_callbacks):
    (file,) = selectors.resources.evidence_of(paid)
    leaf = bytes(file.entry.leaf)
    with django_capture_on_commit_callbacks(execute=True):
        erased = erase(world, file)
    assert erased.salt is None and erased.erased_at == world.clock
    with pytest.raises(EvidenceMissing):
        services.journal.store().get(file.sha256)
    assert selectors.resources.evidence(world.member("tetsu"), paid.number, file.sha256) is None
    assert bytes(Entry.objects.get(seq=file.entry_id).leaf) == leaf
    entry = Entry.objects.get(kind="annex.erased")
    assert (entry.subject, entry.member) == (f"resource:{paid.number}", "tetsu")
    reason = entry.annexes.get()
    assert services.journal.store().get(reason.sha256).decode() == "本人の請求による"
    world.seal()
    assert services.verification.verify(**world.by("legal"))["sound"]
    with pytest.raises(services.annexes.AlreadyErased):
        erase(world, file)


def test_words_that_a_row_repeats_go_with_their_file(world, paid):
    services.resources.refuse(paid, reason="山田さんの証憑がない", **world.by("finance"))
    erase(world, Annex.objects.get(name="reason.txt"))
    assert not ResourceStep.objects.filter(reason__contains="山田").exists()
    review = world.decide(world.dataset("tetsu", "高炉").reviews.get(kind="title"), opinion="山田さんに確認した")
    erase(world, Annex.objects.get(sha256=review.opinion_sha256))
    review.refresh_from_db()
    assert review.opinion == "" == Opinion.objects.get(review=review).text


def test_only_legal_erases_and_says_why(world, paid):
    (file,) = selectors.resources.evidence_of(paid)
    for username in ("tetsu", "finance", "auditor"):
        with pytest.raises(NotAllowed):
            erase(world, file, username)
    with pytest.raises(services.annexes.NoReason):
        services.annexes.erase(file, reason=" ", **world.by("legal"))
    assert not selectors.annexes.visible_to(world.viewer("hagane")).filter(pk=file.pk).exists()


def test_the_page_asks_for_the_digits_and_a_reason(world, paid, client):
    (file,) = selectors.resources.evidence_of(paid)
    client.force_login(world.user("legal"), backend="django.contrib.auth.backends.ModelBackend")
    path = f"/log/files/{file.sha256}/"
    assert file.sha256 in client.get(path).content.decode()
    assert client.post(f"{path}erase/", {"reason": "請求", "confirm": "0"}).status_code == 422
    assert client.post(f"{path}erase/", {"reason": "", "confirm": file.sha256[:8]}).status_code == 422
    assert client.post(f"{path}erase/", {"reason": "請求", "confirm": file.sha256[:8]}).status_code == 302
    assert "Content and salt are gone" in client.get(path, headers={"accept-language": "en"}).content.decode()
    client.force_login(world.user("hagane"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path).status_code == 404
