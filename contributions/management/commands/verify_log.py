"""Recompute the whole log from the database and say what was checked, or name the first place that is wrong."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contributions import services
from contributions.core import notes
from contributions.management import shell
from contributions.selectors import verification


class Command(shell.Answering):
    help = "Verify the log in the database: leaves, statements, movements, tree nodes and signed checkpoints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--key", help="the log's public key, as text or as a file (log.vkey); default: this installation's"
        )
        parser.add_argument(
            "--deep",
            action="store_true",
            help="also: canonical form, balances made again from statements, allocations repeated",
        )

        parser.add_argument(
            "--evidence",
            action="store_true",
            help="also: the content of every annex against its salted digest and size",
        )

    def work(self, **options: Any) -> dict:
        depth = {name: options[name] for name in ("deep", "evidence")}
        checked = verification.check_log(self._verifier(options["key"]), **depth, progress=self._progress)
        answer = services.verification.told(checked)
        if checked.fault is not None:
            self.beside_refusal = answer
            raise checked.fault
        return answer

    def _verifier(self, key: str | None) -> notes.KeyRing:
        if key is None:
            return services.log.ring()
        path = Path(key)
        return services.log.ring(notes.Verifier.parse(path.read_text().strip() if path.is_file() else key))

    def _progress(self, done: int, total: int) -> None:
        """On a terminal, one line that is written over; elsewhere nothing."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} / {total:,}", ending="" if done < total else "\n")

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(
            f"台帳 {answer['origin']} のすべてを計算し直し、一致しました。",
            f"The whole log {answer['origin']} was recomputed and agrees.",
        )
        for name, ja, en in (
            ("entries", "台帳記録（原本とハッシュ）", "entries (leaf and hash)"),
            ("statements", "記録内容", "statements"),
            ("erased", "消去済みの記録内容", "statements erased"),
            ("movements", "数量の移動", "movements"),
            ("corrections", "訂正の記録", "corrections"),
            ("annexes", "添付の登録（消去済みを含む）", "annexes on record, erased ones among them"),
            ("nodes", "ハッシュ木の節", "nodes of the tree"),
            ("checkpoints", "署名された時点証明", "signed checkpoints"),
            ("cosignatures", "立会署名", "cosignatures"),
            ("signatures", "会員による記録内容への署名", "statements signed by their members"),
            ("sealed", "うち時点証明の対象となった台帳記録", "entries that a checkpoint covers"),
        ):
            yield f"{answer[name]:>9,}  {self.say(ja, en)}"
        if answer["blocks"] is not None:
            yield self.say(
                f"{answer['blocks']:>9,}  残高の集計単位（記録内容から再集計）。正準形と配分計算の再現も確認しました。",
                f"{answer['blocks']:>9,}  blocks of balances, made again from statements; canonical form and "
                "allocations were checked too.",
            )
        if answer["evidence"] is None:
            yield self.say(
                "添付の内容は確認していません（--evidence で確認します）。",
                "What was not checked: the content of annexes (--evidence reads it).",
            )
        else:
            yield self.say(
                f"{answer['evidence']:>9,}  内容・ソルト・大きさを確認した添付",
                f"{answer['evidence']:>9,}  annexes whose content, salt and size were checked",
            )
