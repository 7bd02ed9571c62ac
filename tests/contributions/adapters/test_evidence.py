"""Evidence files: named by salt and content, erasable, never half-written."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from contributions.adapters import evidence

SALT, OTHER = b"s" * 16, b"t" * 16


@pytest.fixture
def store(tmp_path: Path) -> evidence.EvidenceStore:
    return evidence.EvidenceStore(tmp_path / "evidence")


def test_a_file_is_named_by_the_digest_of_salt_and_content(store: evidence.EvidenceStore, tmp_path: Path) -> None:
    path = tmp_path / "log.bin"
    path.write_bytes(b"x" * (evidence.CHUNK + 3))
    sealed = store.put(path, SALT, media="text/plain")
    assert sealed == evidence.Sealed(
        hashlib.sha256(SALT + path.read_bytes()).hexdigest(), evidence.CHUNK + 3, "text/plain"
    )
    assert store.get(sealed.sha256) == path.read_bytes()
    store.check(sealed.sha256, SALT)


def test_two_members_with_the_same_file_get_two_names_and_one_gets_one(store: evidence.EvidenceStore) -> None:
    first, second, again = (store.put(b"same", salt, media="m") for salt in (SALT, OTHER, SALT))
    assert first.sha256 != second.sha256
    assert first == again
    store.erase(first.sha256)
    assert store.get(second.sha256) == b"same"


def test_an_erased_file_is_gone_and_says_so(store: evidence.EvidenceStore) -> None:
    sealed = store.put(b"secret", SALT, media="m")
    assert store.holds(sealed.sha256)
    assert store.erase(sealed.sha256) is True
    assert store.erase(sealed.sha256) is False
    assert not store.holds(sealed.sha256)
    with pytest.raises(evidence.EvidenceMissing):
        store.get(sealed.sha256)


def test_only_its_owner_may_read_it(store: evidence.EvidenceStore) -> None:
    sealed = store.put(b"secret", SALT, media="m")
    path = store.root / sealed.sha256[:2] / sealed.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_a_file_over_the_limit_or_interrupted_leaves_nothing_behind(
    store: evidence.EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(evidence.EvidenceTooLarge):
        store.put(b"12345", SALT, media="m", limit=4)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(evidence.os, "replace", broken)
    with pytest.raises(OSError, match="disk"):
        store.put(b"12345", SALT, media="m")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_altered_content_and_a_wrong_salt_are_found(store: evidence.EvidenceStore) -> None:
    sealed = store.put(b"true", SALT, media="m")
    with pytest.raises(evidence.EvidenceAltered):
        store.check(sealed.sha256, OTHER)
    path = store.root / sealed.sha256[:2] / sealed.sha256
    path.write_bytes(b"false")
    with pytest.raises(evidence.EvidenceAltered):
        store.check(sealed.sha256, SALT)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_what_is_not_a_digest_is_no_path(store: evidence.EvidenceStore, name: str) -> None:
    with pytest.raises(evidence.EvidenceMissing):
        store.get(name)


def test_a_short_salt_is_a_bug(store: evidence.EvidenceStore) -> None:
    with pytest.raises(AssertionError):
        store.put(b"x", b"short", media="m")
