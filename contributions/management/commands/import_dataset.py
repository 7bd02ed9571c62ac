"""Register a dataset from a Croissant description; what mlcroissant refuses is refused here, in its words."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localdate, now

from contributions import selectors, services
from contributions.adapters import croissant
from contributions.core import datasets as rules
from contributions.core.descriptions import DatasetDescription
from contributions.core.words import Text
from contributions.forms.datasets import registration
from contributions.management import shell
from contributions.services.datasets import AlreadyRegistered


class Command(shell.Answering):
    help = "Register a dataset of a member from its Croissant (JSON-LD) description."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the description, as JSON-LD")
        parser.add_argument("--member", required=True, help="code of the member whose contribution it is")
        parser.add_argument("--revise", metavar="NUMBER", help="register it as a further version of this dataset")
        parser.add_argument(
            "--kind", choices=tuple(rules.KINDS), help="decides the reviews; default: as stated, else language"
        )
        parser.add_argument(
            "--country", help="where a copy lies (ISO 3166-1, such as JP); default: as stated, else not stated"
        )
        parser.add_argument("--region", default="", help="the region within that country")
        parser.add_argument("--agreement", help="number of the inbound agreement it comes in under")
        parser.add_argument("--funding", help="code of the funding source; own money if left out")

    def work(self, **options: Any) -> dict:
        by = shell.viewer("import_dataset")
        source = shell.file_at(options["file"]).read_bytes()
        named: dict[str, Any] = {
            "member": shell.member(by, options["member"]),
            "agreement": self._agreement(by, options["agreement"]),
            "funding": shell.funding(by, options["funding"]),
        }
        description = croissant.describe(source, limit=None)
        stated = registration(
            description, kind=options["kind"] or "", country=options["country"] or "", region=options["region"]
        )
        given = {"source": source, "submitted_on": localdate(), "by": by, "at": now()}
        try:
            if options["revise"]:
                version = self._revised(by, options["revise"], description, named, stated["copies"], given)
            else:
                demo = selectors.log.head().demo
                version = services.datasets.register(description, illustrative=demo, **given, **named, **stated)
        except AlreadyRegistered as held:
            return self._answer(str(held.facts["number"]), description, already=True)
        return self._answer(str(version), description)

    def _revised(self, by, number: str, description, named: dict, copies: list[dict], given: dict):
        rows = selectors.datasets.visible_to(by).filter(member=named["member"])
        dataset = shell.one_of(rows, number, noun=Text("データセット", "dataset"), field="number")
        terms = {"agreement": named["agreement"], "funding": named["funding"]}
        return services.datasets.revise(dataset, description, copies=copies, **terms, **given)

    def _agreement(self, by, number: str | None):
        if number is None:
            return None
        rows = selectors.terms.visible_to(by)
        return shell.one_of(rows, number, noun=Text("受入契約", "inbound agreement"), field="number")

    def _answer(self, name: str, description: DatasetDescription, *, already: bool = False) -> dict:
        number, _, version = name.partition("@")
        return {
            "dataset": number,
            "version": int(version),
            "name": description.name.of(self.language),
            "licence": "; ".join(description.licences) or None,
            "conforms_to": description.conforms_to,
            "files": [{"name": file.name, "sha256": file.sha256, "bytes": file.bytes} for file in description.files],
            "gaps": [gap.of(self.language) for gap in description.gaps],
            "already": name if already else None,
        }

    def sentences(self, answer: dict) -> Iterable[str]:
        name = f"{answer['dataset']}@{answer['version']}"
        if answer["already"]:
            yield self.say(
                f"同じ記述ファイルは {name} として登録済みです。何も追加していません。",
                f"The same description is registered already as {name}. Nothing was added.",
            )
            return
        yield f"{name} {answer['name']}"
        unstated = self.say("記載なし", "not stated")
        yield self.say("利用許諾：", "Licence: ") + (answer["licence"] or unstated)
        for file in answer["files"]:
            size = unstated if file["bytes"] is None else f"{file['bytes']:,} B"
            yield f"  {file['name']}  {size}  {file['sha256'] or unstated}"
        for gap in answer["gaps"]:
            yield self.say("審査前に必要な記載：", "Needed before review: ") + gap
