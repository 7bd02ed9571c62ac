"""Walking through everything a role can reach, and what is wrong with a page.

From the inbox along every link; each kind of page (its name in urls.py) is looked at once for a role. What is a file is
fetched, not shown. Every fault is a sentence; a page without fault gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

# One look at a page: what of it a test can judge without eyes.
LOOK = r"""
() => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true});
  const words = (one) => { const copy = one.cloneNode(true);
    for (const out of copy.querySelectorAll('.id, .hidden, [lang], code, data, .seal')) out.remove();
    return copy.textContent.replace(/\s+/g, ' ').trim(); };
  const named = (one) => one.closest('[aria-hidden=true]') || one.getAttribute('aria-label') ||
    one.getAttribute('aria-labelledby') || one.getAttribute('alt') !== null || one.querySelector('title');
  const labelled = (one) => one.labels?.length || one.getAttribute('aria-label') ||
    one.getAttribute('aria-labelledby') || one.getAttribute('title');
  const own = 'h1,h2,h3,th,dt,nav a,label,legend,button,summary,.btn,.lead,.empty p,caption,figcaption,.help';
  return {
    lang: document.documentElement.lang,
    title: document.title,
    h1: [...document.querySelectorAll('h1')].filter(shown).map(words),
    nameless: [...document.querySelectorAll('img, svg')].filter((one) => shown(one) && !named(one))
      .map((one) => one.outerHTML.slice(0, 80)),
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((one) => shown(one) && !labelled(one)).map((one) => one.name || one.outerHTML.slice(0, 80)),
    twice: [...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at),
    own: [...document.querySelectorAll(own)].filter((one) => !one.closest('[lang]:not(html), .id')).map(words),
    demo: document.querySelector('.demo') ? document.querySelector('.demo').textContent.trim() : '',
    links: [...document.querySelectorAll('a[href]')].map((one) => one.href),
  };
}
"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
LATIN = re.compile(r"[A-Za-z]{3,}")
# Written in Latin letters in Japanese too.
INTERNATIONAL = re.compile(
    r"Moyai|もやい|English|CSV|XLSX|PDF(/A-3)?|JSON|ZIP|SHA-256|Croissant|Slurm|Parquet|Ed25519|RFC 9162|URL|GPU|CPU"
    r"|MFA|TOTP"
)
RAW = re.compile(r"(?m)(?:^|\t)(None|True|False|NaN|nan)(?=\t|$)|Traceback|Fraction\(|\{\{|\{%|&(amp|lt|gt|quot);")
FILES = {".pdf", ".docx", ".zip", ".json", ".csv", ".xlsx", ".txt", ".ics", ".vkey", ".parquet"}


@dataclass
class Faults:
    """What was found wrong, each with the page it stands on."""

    found: list[str] = field(default_factory=list)

    def add(self, page: str, *sentences: str) -> None:
        self.found += [f"{page}: {sentence}" for sentence in sentences]

    def __str__(self) -> str:
        return "\n".join(self.found)


def name_of(url: str) -> str | None:
    """The name of a page in urls.py; nothing for what is not ours to look at."""
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return "missing"
    return None if match.view_name.startswith("admin:") else match.view_name


def is_file(url: str) -> bool:
    parts = urlsplit(url)
    last = parts.path.rsplit("/", 1)[-1]
    folders = ("/consistency/", "/evidence/", "/export/", "/file/", "/licence/", "/places/")
    named = last in {"note", "rejected", "proof", "findings", "file"} or any(one in parts.path for one in folders)
    return named or any(last.endswith(end) for end in FILES) or "format=" in parts.query


def new_links(links: Iterable[str], base: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Links to kinds of page not seen yet, each kind once."""
    for link in links:
        url = link.partition("#")[0]
        if not url.startswith(base):
            continue
        name = name_of(url)
        kind = f"{name}?{urlsplit(url).query}" if is_file(url) else name
        if name and kind not in seen:
            seen.add(kind)
            yield name, url.removeprefix(base)


def faults_of(look: dict, language: str) -> Iterator[str]:
    """What is wrong with a page that was looked at."""
    if not look["lang"].startswith(language):
        yield f"lang is {look['lang']!r}, not {language!r}"
    if len(look["h1"]) != 1 or not look["h1"][0]:
        yield f"headings of the first level: {look['h1']}"
    if "見本・架空" not in look["demo"] and "invented" not in look["demo"]:
        yield "not marked as a sample"
    for what in ("nameless", "unlabelled", "twice"):
        if look[what]:
            yield f"{what}: {look[what][:3]}"
    foreign = not_japanese(look["own"]) if language == "ja" else not_english(look["own"])
    if foreign:
        yield f"in another language: {foreign[:8]}"


def not_japanese(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if LATIN.search(INTERNATIONAL.sub("", text)) and not JAPANESE.search(text)})


def not_english(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if JAPANESE.search(text)})
