"""How the commands of this wing speak: to people or to machines, in either language, and what is not there is named.

A refusal ends a command with exit code 1 and its reason on standard error; with `--json` standard output says the same
as {"refused": {"code", "reason"}}. Nothing has been written then.
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.core.roles import Viewer
from contributions.core.words import Text

SHOWN_MAX = 40


class NotOnRecord(Refused):
    code = "not-on-record"
    ja = "{noun}「{given}」は登録されていません。登録済み：{known}"
    en = "There is no {noun} “{given}”. On record: {known}"


class NoSuchFile(Refused):
    code = "no-such-file"
    ja = "ファイル「{path}」を読み取れません。"
    en = "The file “{path}” cannot be read."


class NotFounded(Refused):
    code = "not-founded"
    ja = "台帳がまだ開設されていません。先に manage.py demo を実行するか、台帳を開設してください。"
    en = "The ledger has not been founded yet. Run manage.py demo first, or found a ledger."


class Answering(BaseCommand):
    """A command that works in one call and says what came of it."""

    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON on standard output")
        parser.add_argument("--lang", choices=("ja", "en"), default=language_of_shell(), help="language of the answer")

    def handle(self, **options) -> None:
        self.language: str = options["lang"]
        self.beside_refusal: dict = {}
        try:
            if selectors.log.head() is None:
                raise NotFounded
            with services.journal.tidied():
                answer = self.work(**options)
        except Refused as refusal:
            reason = refusal.text(self.language)
            if options["json"]:
                self._print_json({"refused": {"code": refusal.code, "reason": reason}, **self.beside_refusal})
            raise CommandError(reason) from refusal
        if options["json"]:
            self._print_json(answer)
        else:
            for line in self.sentences(answer):
                self.stdout.write(line)

    def work(self, **options) -> dict:
        """Do it, and return the answer that `--json` prints."""
        raise NotImplementedError

    def sentences(self, answer: dict) -> Iterable[str]:
        """The same answer for a person."""
        raise NotImplementedError

    def say(self, ja: str, en: str) -> str:
        """One of the two, in the language of the answer."""
        return Text(ja, en).of(self.language)

    def finding(self, found: dict) -> str:
        """What is wrong with a row of a file, with its place."""
        line, reason = found["line"] or "–", found["reason"]
        return self.say(f"{line} 行目 {found['field']}：{reason}", f"line {line}, {found['field']}: {reason}")

    def _print_json(self, answer: dict) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def viewer(command: str) -> Viewer:
    """The machine, under the name of the command that it runs."""
    return Viewer.system(command, request=uuid4())


def file_at(path: str) -> Path:
    """The path, if a file can be read there."""
    found = Path(path)
    if not found.is_file() or not os.access(found, os.R_OK):
        raise NoSuchFile(path=path)
    return found


def one_of(rows, given: str, *, noun: Text, field: str = "code"):
    """The row that the code names; else a refusal that lists the codes there are."""
    row = rows.filter(**{field: given}).first()
    if row is None:
        codes = list(rows.order_by(field).values_list(field, flat=True)[: SHOWN_MAX + 1])
        more = ["…"] if len(codes) > SHOWN_MAX else []
        listed = [*codes[:SHOWN_MAX], *more]
        known = Text("、".join(listed) or "なし", ", ".join(listed) or "none")
        raise NotOnRecord(noun=noun, given=given, known=known)
    return row


def member(by: Viewer, code: str):
    """The member of that code."""
    rows = selectors.members.visible_to(by)
    return one_of(rows, code, noun=Text("会員", "member"), field="organization__code")


def funding(by: Viewer, code: str | None):
    """The funding source of that code, or none where none was named."""
    if code is None:
        return None
    return one_of(selectors.funding.visible_to(by), code, noun=Text("資金源", "funding source"))


def language_of_shell() -> str:
    """Japanese where the shell speaks it; else English."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if spoken.startswith("ja") else "en"
