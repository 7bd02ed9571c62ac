"""Write an agreement to a file, as PDF, word-processor document or data, by the file's ending."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from contributions.core.words import Text
from contributions.management import shell
from licensing import selectors, services


class Command(shell.Answering):
    help = "Writes an agreement to a file: .pdf (the stored one once it is offered), .docx or .json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", help="the agreement's number")
        parser.add_argument("--out", type=Path, required=True, help="the file to write; its ending says in which form")

    def work(self, *, number: str, out: Path, **_) -> dict:
        rows = selectors.agreements.visible_to(shell.viewer("render_agreement"))
        agreement = shell.one_of(rows, number, noun=Text("契約", "agreement"), field="number")
        content = services.renderings.of_agreement(agreement, out.suffix.removeprefix("."))
        try:
            out.write_bytes(content)
        except OSError as error:
            raise NotWritten(path=str(out)) from error
        return {
            "agreement": number,
            "file": str(out),
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "state": agreement.state,
        }

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(
            f"契約 {answer['agreement']} を {answer['file']} に出力しました（{answer['size']:,} バイト）。",
            f"Agreement {answer['agreement']} was written to {answer['file']} ({answer['size']:,} bytes).",
        )
        yield f"sha-256 {answer['sha256']}"


class NotWritten(shell.NoSuchFile):
    code = "not-written"
    ja = "ファイル「{path}」に書き込めません。"
    en = "The file “{path}” cannot be written."
