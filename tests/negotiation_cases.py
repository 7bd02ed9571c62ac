"""A negotiation for tests: a draft laid before robo under adopted rules, prepared once and put back from memory."""

from __future__ import annotations

import json
from pathlib import Path

import world as cast
from licensing import services
from licensing.core import rewordings
from licensing.models import Agreement, Negotiation

RULES = json.loads((Path(cast.LIBRARY).parent / "negotiation_rules.json").read_text(encoding="utf-8"))
RULES = RULES | {
    "posts": {
        "legal-head": {"ja": "法務責任者", "en": "Head of legal", "holders": ["second"]},
        "finance-head": {"ja": "経理責任者", "en": "Head of finance", "holders": ["finance"]},
    }
}

_KEPT: list = []


def laid_open() -> cast.World:
    """The world in which robo's draft lies on the table; `world.talks` is the negotiation."""
    if _KEPT:
        clock, acts, rows = _KEPT
        cast.put_back(rows)
        world = cast.World(clock, acts)
    else:
        world = cast.tell("allocate")
        prepare(world)
        _KEPT.extend((world.clock, world.acts, cast.rows()))
    world.talks = Negotiation.objects.get()
    return world


def prepare(world) -> None:
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    stated = {"valid_from": world.clock.date(), "source_ja": "規程", "source_en": "rules", "reason": "交渉の開始"}
    services.mandates.adopt(services.mandates.propose(RULES, **stated, **world.by("legal")), **world.by("second"))
    services.negotiations.open(world.draft("robo"), **world.by("legal"))


def typed(world, clause: str, *swaps: tuple[str, str]) -> dict:
    """A clause as a person would edit it, with those words swapped."""
    tree = services.agreements.assembled(cast.fresh(Agreement.objects.get())).tree
    article = next(one for one in tree.articles if one.clause == clause)
    texts = {language: rewordings.typed(article, language) for language in ("ja", "en")}
    for old, new in swaps:
        assert old in texts["ja"] + texts["en"]
        texts = {language: text.replace(old, new) for language, text in texts.items()}
    return texts


LOSS = (("通常かつ直接の損害", "通常の損害"), ("ordinary and direct loss", "ordinary loss"))
