"""Write a dataset version back as Croissant, with our additions: record, copies, outcome of the reviews, marks."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate

from contributions import selectors
from contributions.core import records
from contributions.core.words import Text
from contributions.management import shell


class Command(shell.Answering):
    help = "Write a dataset version, such as D-honda-0001@1, as a Croissant (JSON-LD) file with our additions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("version", help="number and version, such as D-honda-0001@1")
        parser.add_argument("--out", type=Path, help="the file to write; default: in this folder, named by its number")

    def work(self, **options: Any) -> dict:
        number, _, version = options["version"].partition("@")
        rows = selectors.datasets.versions_visible_to(shell.viewer("export_dataset"))
        noun = Text("データセット", "dataset")
        row = shell.one_of(rows.filter(version=version if version.isdecimal() else 1), number, noun=noun,
                           field="dataset__number")  # fmt: skip
        marks = records.marks_of(row.record)
        name = "".join([str(row), *(f".{mark}" for mark in marks), ".moyai.croissant.json"])
        path = options["out"] or Path(name)
        content = selectors.descriptions.exported(row, localdate())
        path.write_bytes(content)
        return {"version": str(row), "path": str(path), "bytes": len(content), "marks": list(marks)}

    def sentences(self, answer: dict) -> Iterable[str]:
        yield self.say(
            f"{answer['version']} を {answer['path']} に書き出しました（{answer['bytes']:,} バイト）。",
            f"Wrote {answer['version']} to {answer['path']} ({answer['bytes']:,} bytes).",
        )
        if answer["marks"]:
            yield self.say("秘密・限定提供の表示：", "Marks: ") + ", ".join(answer["marks"])
