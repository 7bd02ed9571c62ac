"""Entries that a bundle shows one by one: each with its leaf, its statement and its proof under the checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contributions.core import proofs
from contributions.core.notes import Checkpoint
from contributions.core.proofs import Altered, Malformed, Reordered
from contributions.core.words import Text
from licensing.core import bundles
from licensing.core.kinds import ALL


def statements(files: Mapping[str, bytes], checkpoint: Checkpoint) -> dict[int, dict[str, Any]]:
    """What the entries of a bundle say, by their place in the log; refuses the first that is not proven."""
    seqs = bundles.entry_numbers(files)
    found = {seq: _proof(files, seq) for seq in seqs}
    leaves = {seq: files[f"leaves/{seq}.json"] for seq in seqs}
    for seq in seqs:
        if found[seq].index != seq:
            raise Reordered(seq=seq)
        if not found[seq].proves(leaves[seq], checkpoint):
            moved = any(other.proves(leaves[seq], checkpoint) for other in found.values())
            raise Reordered(seq=seq) if moved else Altered(what=proofs.entry_name(seq))
    read = {seq: proofs.read_leaf(leaves[seq], origin=checkpoint.origin, seq=seq) for seq in seqs}
    raw = {seq: files[f"statements/{seq}.json"] for seq in seqs}
    proofs.check_statements(read, raw)
    return {seq: proofs.read_statement(raw[seq], seq=seq, kinds=ALL) for seq in seqs}


def said_shown(shown: int, size: int) -> tuple[Text, Text]:
    """What a verdict says of the entries shown, and of those that are not."""
    return (
        Text(f"開示された台帳記録 {shown} 件が台帳に含まれること", f"that {shown} disclosed entries are in the log"),
        Text(f"台帳のその他の記録 {size - shown} 件", f"the other {size - shown} entries of the log"),
    )


def _proof(files: Mapping[str, bytes], seq: int) -> proofs.Proof:
    name = f"proofs/{seq}.tlog-proof"
    try:
        found = proofs.Proof.parse(files[name].decode())
    except UnicodeDecodeError:
        raise Malformed(what=name, reason=Text("UTF-8ではありません", "not UTF-8")) from None
    if found.note.encode() != files[bundles.CHECKPOINT]:
        raise Altered(what=name)
    return found
