"""Change the log's key: the entry, the checkpoint that both keys sign, and the end of the old private half."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import now

from contributions import services
from contributions.core.errors import Refused
from contributions.management import shell


class NotConfirmed(Refused):
    code = "not-confirmed"
    ja = "鍵の交替は取り消せません。今の鍵のハッシュを指定して実行してください：--confirm {hash}"
    en = "A change of keys cannot be taken back. Confirm it with the hash of the present key: --confirm {hash}"


class Command(shell.Answering):
    help = "Change the log's key. The old key signs the handover and is then deleted; publish the new log.vkey."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--confirm", default="", help="the hash of the present key, eight hexadecimal digits")

    def work(self, **options: Any) -> dict:
        old = services.log.signer().verifier
        if options["confirm"] != old.key_hash.hex():
            raise NotConfirmed(hash=old.key_hash.hex())
        checkpoint = services.log.rotate(by=shell.viewer("rotate_key"), at=now())
        return {
            "old": old.vkey,
            "new": services.log.signer().verifier.vkey,
            "entry": checkpoint.size - 1,
            "checkpoint": checkpoint.number,
            "size": checkpoint.size,
        }

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say("台帳の鍵を交替しました。", "The log’s key has been changed.")
        yield self.say(f"前の鍵：{answer['old']}", f"key before: {answer['old']}")
        yield self.say(f"新しい鍵：{answer['new']}", f"key since: {answer['new']}")
        yield self.say(
            f"台帳記録 第 {answer['entry']} 号、時点証明 第 {answer['checkpoint']} 号（両方の鍵で署名）。"
            "新しい log.vkey を公開し、keys フォルダーの控えを取り直してください。",
            f"Entry {answer['entry']}, checkpoint {answer['checkpoint']}, signed by both. Publish the new log.vkey and"
            " back the folder of keys up again.",
        )
