"""What a verifier checks in a bundle, in order, and what it can say when something does not fit.

First the envelope and the manifest: exactly the files that the log's key signed. Then what the files say: the
checkpoint, the entries, and in a full bundle the whole allocation over again. Where a file is not what the manifest
lists, the later checks still run, so that the refusal can name what was changed rather than only that something was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from contributions.core import canonical, cosignatures, merkle, notes, rotations
from contributions.core.cosignatures import BadCosignature, WitnessKey
from contributions.core.errors import Refused
from contributions.core.kinds import UnknownKind
from contributions.core.notes import Checkpoint, KeyRing, Verifier
from contributions.core.periods import instant_text
from contributions.core.proofs import Altered, Malformed, Reordered, Truncated
from contributions.core.words import Text
from licensing.core import archives, bundles, handovers
from licensing.core.bundles import CHECKPOINT, FULL, LICENSEE, MANIFEST, Manifest, MissingName
from licensing.core.full_bundles import FullBundle, leaf_hashes
from licensing.core.licensee_bundles import LicenseeBundle
from licensing.core.member_bundles import MemberBundle
from licensing.core.verdicts import (
    CosignatureForged,
    Cosigned,
    Forked,
    InputsChanged,
    NotWitnessed,
    Older,
    PolicyChanged,
    ShareChanged,
    ValuationChanged,
    Verdict,
    WrongKey,
    said,
)

SEARCH_BYTES_MAX = 8 * 1024
_TELLING = (
    Truncated,
    Reordered,
    ShareChanged,
    PolicyChanged,
    InputsChanged,
    ValuationChanged,
    WrongKey,
    UnknownKind,
)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a bundle has to show beyond being whole: its age, and who must have cosigned its checkpoint.

    `at_least` is a number of entries, or a checkpoint note; `threshold` how many of the witnesses must stand on it.
    """

    at_least: int | str | None = None
    witnesses: tuple[WitnessKey, ...] = ()
    threshold: int = 0


def check_bundle(data: bytes, verifier: Verifier | None, demands: Demands = Demands()) -> Verdict:
    """Check a bundle whole; refuses with one of the classes in `EXITS`.

    Without a key, everything but the signatures is checked. An older key of the log is followed to the present one.
    """
    files = archives.unpack(data)
    verifier = _present(files, verifier)
    manifest, signed_by = _manifest(files, verifier)
    bundles.check_names(files, manifest)
    altered = bundles.differing(files, manifest)
    try:
        verdict = _check_contents(files, manifest, verifier, signed_by, demands)
    except Refused as wrong:
        if altered and not (isinstance(wrong, _TELLING) and _is_edit(wrong, altered, files, manifest)):
            raise Altered(what=", ".join(altered[:5])) from None
        raise
    if altered:
        raise Altered(what=", ".join(altered[:5]))
    return verdict


def _check_contents(
    files: Mapping[str, bytes],
    manifest: Manifest,
    verifier: Verifier | None,
    signed_by: notes.Signature,
    demands: Demands,
) -> Verdict:
    checkpoint = _checkpoint(files[CHECKPOINT], verifier, signed_by, Text("時点証明", "checkpoint"))
    if checkpoint.origin != manifest.origin:
        raise WrongKey(what=Text("時点証明", "checkpoint"), names=checkpoint.origin)
    verdict = Verdict(manifest.kind, checkpoint)
    _say_signed(verdict, len(manifest.files), verifier)
    if manifest.kind == FULL:
        FullBundle(files, verdict).check()
        hashes: list[bytes] | None = leaf_hashes(files)
        keys = _check_keys(files, verdict, verifier, signed_by)
    else:
        (LicenseeBundle if manifest.kind == LICENSEE else MemberBundle)(files, verdict).check()
        hashes, keys = None, verifier
    _check_age(verdict, demands.at_least, keys, signed_by, hashes)
    _check_witnesses(verdict, files[CHECKPOINT].decode(), demands)
    return verdict


def _present(files: Mapping[str, bytes], verifier: Verifier | None) -> Verifier | None:
    """The key given, or, where its holder kept it from before a change of keys, the one it has come to."""
    if verifier is None or MANIFEST not in files:
        return verifier
    try:
        _, signatures = notes.parse_note(files[MANIFEST].decode())
    except (UnicodeDecodeError, notes.BadNote):
        return verifier  # the manifest's own check says what is wrong with it
    if any(line.is_by(verifier) for line in signatures):
        return verifier
    found = handovers.follow(files, verifier, verifier.name)
    if found == verifier:
        handovers.check_not_retired(handovers.told(files, verifier.name), signatures)
    return found


def _check_keys(
    files: Mapping[str, bytes], verdict: Verdict, verifier: Verifier | None, signed_by: notes.Signature
) -> KeyRing | Verifier | None:
    """Every change of keys that the log tells is handed over, and the last key is the one that signed."""
    changes = handovers.told(files, verdict.checkpoint.origin)
    handovers.unlisted(files, changes)
    if not changes:
        return verifier
    handovers.check(files, changes, leaf_hashes(files))
    handovers.check_not_retired(changes, [signed_by])
    verdict.checked.append(handovers.said(changes))
    return None if verifier is None else rotations.ring(verifier, changes)


def _check_witnesses(verdict: Verdict, note: str, demands: Demands) -> None:
    """The cosignatures by the witnesses given: each fits, and there are enough. Others’ are ignored."""
    try:
        found = cosignatures.found_on(note, demands.witnesses)
    except BadCosignature as wrong:
        raise CosignatureForged(name=wrong.facts["name"]) from None
    if len(found) < demands.threshold:
        raise NotWitnessed(found=len(found), wanted=demands.threshold)
    verdict.cosigned += [Cosigned(one.name, _instant(one.time)) for one in found]
    if found:
        listed = ", ".join(f"{one.name} {_instant(one.time)}" for one in found)
        verdict.checked.append(Text(f"立会署名：{listed}", f"cosigned by {listed}"))
    else:
        verdict.unchecked.append(
            Text(
                "立会人の立会署名（--witness で鍵を指定すると確認します）", "cosignatures of witnesses (--witness KEY)"
            )
        )


def _instant(seconds: int) -> str:
    try:
        return instant_text(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def _manifest(files: Mapping[str, bytes], verifier: Verifier | None) -> tuple[Manifest, notes.Signature]:
    """The manifest under the key; its signature line tells which key the checkpoint must have."""
    if MANIFEST not in files:
        raise MissingName(names=MANIFEST)
    try:
        note = files[MANIFEST].decode()
        text, signatures = notes.parse_note(note)
        if verifier is not None:
            notes.open_note(note, [verifier], strict=True)
    except notes.UnknownKey as unknown:
        assert verifier is not None
        if any(verifier.verifies(text, signature.signature) for signature in signatures):
            raise Altered(what=MANIFEST) from None
        raise WrongKey(what=Text("検証資料の目録", "manifest"), names=unknown.facts["names"]) from None
    except (UnicodeDecodeError, notes.BadNote, notes.BadSignature):
        raise Altered(what=MANIFEST) from None
    manifest = Manifest.parse(text)
    if len(signatures) != 1 or signatures[0].name != manifest.origin:
        raise WrongKey(
            what=Text("検証資料の目録", "manifest"), names=", ".join(signature.name for signature in signatures)
        )
    return manifest, signatures[0]


def _checkpoint(
    content: bytes, verifier: Verifier | KeyRing | None, signed_by: notes.Signature, what: Text
) -> Checkpoint:
    """The checkpoint under the log's key; without a key, one that bears the manifest's key and name."""
    try:
        note = content.decode()
        if verifier is not None:
            return notes.open_checkpoint(note, verifier)
        text, signatures = notes.parse_note(note)
        checkpoint = Checkpoint.parse(text)
    except notes.UnknownKey as unknown:
        raise WrongKey(what=what, names=unknown.facts["names"]) from None
    except notes.BadSignature:
        raise Altered(what=what) from None
    except (UnicodeDecodeError, notes.BadNote, notes.BadCheckpoint) as wrong:
        raise Malformed(what=what, reason=said(wrong)) from None
    if not any((line.name, line.key_hash) == (signed_by.name, signed_by.key_hash) for line in signatures):
        raise WrongKey(what=what, names=", ".join(line.name for line in signatures))
    return checkpoint


def _check_age(
    verdict: Verdict,
    at_least: int | str | None,
    verifier: Verifier | KeyRing | None,
    signed_by: notes.Signature,
    hashes: list[bytes] | None,
) -> None:
    """The bundle is no older than demanded and, as far as its entries show, grew out of what was demanded."""
    if at_least is None:
        return
    held = verdict.checkpoint
    if isinstance(at_least, int):
        wanted = Checkpoint(held.origin, at_least, held.root)
    else:
        wanted = _checkpoint(at_least.encode(), verifier, signed_by, Text("求められた時点証明", "demanded checkpoint"))
    if wanted.origin != held.origin:
        raise WrongKey(what=Text("求められた時点証明", "demanded checkpoint"), names=wanted.origin)
    if held.size < wanted.size:
        raise Older(held=held.size, wanted=wanted.size)
    verdict.checked.append(
        Text(
            f"求められた {wanted.size} 件より前の時点証明ではないこと",
            f"that it is no older than {wanted.size} entries",
        )
    )
    if isinstance(at_least, int):
        return
    if held.size != wanted.size and hashes is None:
        verdict.unchecked.append(
            Text("求められた時点証明から延びた歴史であること", "that its history extends the demanded checkpoint")
        )
        return
    root = held.root if hashes is None else merkle.root(hashes[: wanted.size])
    if root != wanted.root:
        raise Forked(wanted=wanted.size)
    verdict.checked.append(
        Text("求められた時点証明と同じ歴史であること", "that its history is that of the demanded checkpoint")
    )


def _is_edit(wrong: Refused, altered: list[str], files: Mapping[str, bytes], manifest: Manifest) -> bool:
    """Whether altered files read as another statement, not as one with a single bit damaged."""
    name = wrong.facts.get("name")
    expected = wrong.facts.get("expected")
    for each in altered:
        guess = expected if each == name and isinstance(expected, bytes) else None
        if _one_bit_off(files[each], manifest.files[each], guess):
            return False
    return True


def _one_bit_off(held: bytes, listed: tuple[str, int], guess: bytes | None) -> bool:
    """Whether turning one bit back gives the listed content; searched only in small files, or against a guess."""
    digest, size = listed
    if len(held) != size:
        return False
    if guess is not None and canonical.sha256_hex(guess) == digest:
        return (int.from_bytes(held, "big") ^ int.from_bytes(guess, "big")).bit_count() == 1
    if size > SEARCH_BYTES_MAX:
        return False
    trial = bytearray(held)
    for position in range(size * 8):
        trial[position >> 3] ^= 1 << (position & 7)
        if canonical.sha256_hex(bytes(trial)) == digest:
            return True
        trial[position >> 3] ^= 1 << (position & 7)
    return False


def _say_signed(verdict: Verdict, files: int, verifier: Verifier | None) -> None:
    listed = Text(
        f"目録にある {files} ファイルの名前・大きさ・SHA-256", f"name, size and SHA-256 of the {files} files listed"
    )
    signed = Text("目録と時点証明の署名（Ed25519）", "the signatures of manifest and checkpoint (Ed25519)")
    verdict.checked.append(listed)
    (verdict.unchecked if verifier is None else verdict.checked).append(signed)
