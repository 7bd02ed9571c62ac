"""Signing a paper: which key and which time, the fresh second factor, and the evidence of the act.

Everything that can fail is done here before the transaction that stores the outcome: where the time authority gives no
answer, or the code is wrong, nothing was written and the agreement stands as it stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import Viewer
from contributions.models import LogHead, User
from contributions.services.journal import Attachment
from licensing.adapters import authorities, factors, seal, tokens, validation
from licensing.adapters.authorities import Authority, Signer, Trust
from licensing.core import signatures as rules
from licensing.core.signatures import Act, Verdict
from licensing.models import Agreement, Amendment, Signature
from licensing.selectors.signatures import EVIDENCE
from licensing.services import papers

VERDICTS_KEPT = 24 * 3600  # seconds; the day is part of the name under which verdicts are kept


class SignOutside(Refused):
    code = "sign-outside"
    ja = (
        "この設置では、利用者の署名はこの画面ではできません。契約書をダウンロードし、貴社の電子署名サービスで署名して、"
        "「外部サービスで署名」からお戻しください。"
    )
    en = (
        "On this installation a licensee cannot sign here. Download the agreement, sign it with your own service, and "
        "send it back under “Sign with an outside service”."
    )


@dataclass(frozen=True, slots=True)
class Made:
    """One party's signature, made here or taken back from outside, with the evidence of its act."""

    party: str
    verdict: Verdict
    factor: str
    identity: str
    outside: bool
    evidence: bytes

    def attachment(self) -> Attachment:
        """The evidence as an erasable annex of the entry."""
        return Attachment(EVIDENCE, "application/json", self.evidence)

    def facts(self) -> dict:
        """What the entry itself says of the act."""
        route = {"route": "outside"} if self.outside else {}
        return {"party": self.party, "level": self.verdict.level, "factor": self.factor, **route}


def make(
    agreement: Agreement, party: str, *, act: Act | None, by: Viewer, at: datetime, paper: Amendment | None = None
) -> tuple[bytes, Made]:
    """Sign the present file of the agreement, or of an amendment of it, for a party: the bytes, and what is stored."""
    held = papers.stored(paper or agreement, (paper or agreement).state)
    before = hashlib.sha256(held).hexdigest()
    factor = _confirmed(act, before, by)
    signer = signer_for(agreement, party)
    pdf = seal.seal(held, papers.FIELD_OF[party], signer, at, authority=authority(at))
    verdict = by_field(verdicts(pdf, at))[papers.FIELD_OF[party]]
    if not verdict.valid or verdict.level != rules.LTA:
        raise seal.SealRefused(reason=verdict.text)
    identity = "test" if factor == "test" or signer.test else settings.SIGNING_IDENTITY
    return pdf, made(
        paper or agreement, party, verdict, factor=factor, identity=identity, held=held, pdf=pdf, act=act, by=by, at=at
    )


def made(
    signed: Agreement | Amendment, party: str, verdict: Verdict, *, factor: str, identity: str, held: bytes,
    pdf: bytes, act: Act | None, by: Viewer, at: datetime,
) -> Made:  # fmt: skip
    """What is stored of one signature, its evidence included."""
    said = rules.evidence(
        agreement=signed.number,
        party=party,
        user=str(by.user or ""),
        name=by.name,
        before=hashlib.sha256(held).hexdigest(),
        after=hashlib.sha256(pdf).hexdigest(),
        act=act or Act(""),
        factor=factor,
        identity=identity,
        verdict=verdict,
        at=at,
        keep_address=settings.SIGNING_ADDRESS,
    )
    return Made(party, verdict, factor, identity, factor == "outside", canonical.dumps(said))


def store(agreement: Agreement, one: Made, *, seq: int, by: Viewer, at: datetime) -> Signature:
    """The row of a signature, beside its entry."""
    verdict = one.verdict
    return Signature.objects.create(
        seq=seq,
        agreement=agreement,
        party=one.party,
        signer_id=by.user,
        certificate_name=verdict.signer[:200],
        certificate_sha256=verdict.certificate_sha256,
        signed_at=verdict.signed_at or at,
        trial=verdict.test,
        level=verdict.level,
        stamped_at=verdict.stamped_at,
        stamped_by=verdict.stamped_by[:200],
        factor=one.factor,
        identity=one.identity,
        outside=one.outside,
    )


def asked_of(user) -> str:
    """Which confirmation a person is asked for: a code of a device, nothing (and why not), or to register one."""
    if factors.has_device(user):
        return "code"
    if is_required():
        return "register"
    return "test" if is_demo() else "none"


def is_required() -> bool:
    """Whether a second factor is asked at every signature."""
    return not is_demo() if settings.SIGNING_MFA is None else settings.SIGNING_MFA


def is_demo() -> bool:
    """Whether this installation tells the demo, where a test confirmation stands for a device."""
    return LogHead.objects.get().demo


def signer_for(agreement: Agreement, party: str) -> Signer:
    """The key of a party: the configured one, or the test authority's while none is configured."""
    name = papers.signatory(agreement, party)
    licensor = any(settings.SEAL_LICENSOR.values())
    if party == "licensor":
        code = settings.CONSORTIUM
        return _configured(settings.SEAL_LICENSOR, name) if licensor else authorities.test_signer(_keys(), code, name)
    if settings.SEAL_SERVICE["p12"]:
        return _configured(settings.SEAL_SERVICE, name)
    if licensor:  # no test signature beside a real one
        raise SignOutside
    return authorities.test_signer(_keys(), agreement.licensee.organization.code, name)


def is_test() -> bool:
    """Whether the licensor signs with the test authority, so that the paper must say so."""
    return not any(settings.SEAL_LICENSOR.values())


def authority(at: datetime) -> Authority:
    """Trust and time for a signature made now. With an address configured, only that authority tells the time."""
    test = authorities.test_authority(_keys(), at) if is_test() or not settings.TSA_URLS else None
    if not settings.TSA_URLS:
        assert test is not None
        stamper = test.stamper
    else:
        stamper = authorities.http_time(settings.TSA_URLS, settings.TSA_SECONDS)
    return Authority(trust(at, fetching=settings.SEAL_FETCH), stamper, test is not None)


def trust(at: datetime, *, fetching: bool = False) -> Trust:
    """Whom a check trusts: the configured roots, and the test authority while this installation uses it."""
    given = authorities.trust_from(Path(settings.SEAL_TRUST) if settings.SEAL_TRUST else None, fetching=fetching)
    if not is_test() and settings.TSA_URLS:
        return given
    test = authorities.test_trust(_keys(), at)
    return Trust((*given.roots, *test.roots), given.others, (*given.crls, *test.crls), fetching)


def verdicts(pdf: bytes, at: datetime) -> list[Verdict]:
    """What a check of a file says as of a day; kept for that day, since a page asks at every look."""
    name = f"verdicts:{settings.MOYAI_HOME}:{hashlib.sha256(pdf).hexdigest()}:{at.date()}"
    found = cache.get(name)
    if found is None:
        found = validation.validate(pdf, trust(at), at)
        cache.set(name, found, VERDICTS_KEPT)
    return found


def by_field(found: Sequence[Verdict]) -> dict[str, Verdict]:
    """Verdicts by the field that was signed."""
    return {one.field: one for one in found}


def _confirmed(act: Act | None, digest: str, by: Viewer) -> str:
    """The factor by which the person confirmed this act on this very file."""
    user = User.objects.filter(pk=by.user).first() if by.user else None
    if act is not None:
        rules.check_shown(act.digest, digest)
    asked = asked_of(user)
    if asked == "code":
        return factors.confirm(user, act.code if act else "")
    if asked == "register":
        raise rules.FactorNeeded
    return asked


def _configured(given: dict, name: str) -> Signer:
    secret = Path(given["secret_file"]).read_text().strip() if given["secret_file"] else ""
    if given["p12"]:
        return authorities.file_signer(Path(given["p12"]), secret.encode() or None, name)
    if given.get("module"):
        return tokens.token_signer(Path(given["module"]), given["token"], given["label"], secret, name)
    key, certificate = Path(given["key"]), Path(given["certificate"])
    return authorities.pem_signer(key, certificate, secret.encode() or None, name)


def _keys() -> Path:
    return Path(settings.MOYAI_HOME) / "keys"
