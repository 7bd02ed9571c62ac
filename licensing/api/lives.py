"""How an agreement stands and what decides it, and the acts on its life: suspend, reinstate, terminate, renewals."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api import refusals
from contributions.api.as_of import DayAsked
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant
from contributions.api.queries import Query, Strict, word
from contributions.core.periods import day_after
from contributions.forms.fields import read_date
from licensing import selectors, services
from licensing.core.renewals import NEGOTIABLE
from licensing.core.terminations import GROUNDS


class AgreementEditionSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    source = serializers.CharField(help_text="the agreement’s own number, or the amendment’s")
    effective_from = Day()
    schedule = serializers.CharField()


class LifeSerializer(serializers.Serializer):
    agreement = serializers.CharField()
    standing = serializers.CharField(help_text="awaiting, in_force, suspended, winding_down, terminated or expired")
    term_until = Day(help_text="not including; renewals that have come about are counted")
    ends = Day(help_text="the first day on which it no longer runs: that of term_until, or a termination before it")
    notice_day = Day(allow_null=True, help_text="the last day for a notice on renewal")
    notice_safe_day = Day(allow_null=True, help_text="the last business day up to it")
    editions = AgreementEditionSerializer(many=True)


class TextSerializer(serializers.Serializer):
    as_of = Day()
    version = serializers.IntegerField()
    document = serializers.DictField(help_text="agreement.json as it stands on the day")


class SuspensionSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    effective_at = Instant()
    reason = serializers.CharField()
    lifted_at = Instant(allow_null=True)
    entry = serializers.IntegerField(source="seq")


class TerminationSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    party = serializers.CharField(help_text="licensor or licensee")
    ground = serializers.CharField(help_text="one of: " + ", ".join(GROUNDS))
    reason = serializers.CharField()
    given_at = Instant()
    effective_at = Instant()
    wind_down_until = Day(allow_null=True, help_text="not including")
    survivors = serializers.JSONField()
    entry = serializers.IntegerField(source="seq")


class RenewalSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    mode = serializers.CharField(help_text="automatic or agreed")
    term_from = Day()
    term_until = Day(help_text="not including")
    entry = serializers.IntegerField(source="seq")


class NoticeSerializer(serializers.Serializer):
    agreement = serializers.CharField(source="agreement.number")
    party = serializers.CharField()
    term_until = Day(help_text="the term it lets end, not including")
    given_at = Instant()
    entry = serializers.IntegerField(source="seq")


class RenewalProposalSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    party = serializers.CharField(help_text="who proposed it: licensor or licensee")
    term_until = Day(help_text="the end of the present term, not including")
    until = Day(help_text="the end proposed, not including")
    schedule = serializers.CharField(allow_null=True, help_text="the price list proposed; null where prices stay")
    changes = serializers.DictField(help_text="other variables, as they are to stand from the new term on")
    reason = serializers.CharField()
    counters = serializers.CharField(
        source="counters.number", allow_null=True, default=None, help_text="the proposal that it answers"
    )
    state = serializers.CharField(help_text="proposed, accepted, declined, countered or withdrawn")
    answer = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class SaidIn(Strict):
    reason = serializers.CharField(max_length=4000, help_text="both sides read it")


class OptionallySaidIn(Strict):
    reason = serializers.CharField(max_length=4000, default="", allow_blank=True)


class RenewalProposalIn(SaidIn):
    until = Day(help_text="the end proposed, not including")
    schedule = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="number@version")
    changes = serializers.DictField(default=dict, help_text="any of: " + ", ".join(NEGOTIABLE))


class TerminationIn(SaidIn):
    ground = serializers.ChoiceField(
        tuple(GROUNDS), help_text="“agreed” is recorded on the page, with the paper that both parties signed"
    )
    ends_on = Day(default=None, allow_null=True, help_text="the first day after it; null: at once")
    demanded_on = Day(default=None, allow_null=True)


class DayQuery(Query):
    agreement = word()
    where = {"agreement": "agreement__number"}


class AgreementLife(Door):
    @shows(LifeSerializer, tag="agreements", query=DayAsked)
    def get(self, request, asked, number):
        """How an agreement stands now, its editions and its notice day; as of a day, by what had then been done."""
        agreement, today, at = _found(request, number), asked.day, now()
        if asked.is_chosen:
            at = day_after(today) - timedelta(seconds=1)
            agreement = selectors.lives.then(agreement, today)
            if agreement.executed_at > at:
                raise refusals.not_found()
        notice = selectors.lives.notice_day(agreement, today)
        return {
            "agreement": agreement.number,
            "standing": selectors.lives.standing(agreement, at),
            "term_until": selectors.lives.until(agreement, today),
            "ends": selectors.lives.ends(agreement, today),
            "notice_day": notice.day if notice else None,
            "notice_safe_day": notice.safe_day if notice else None,
            "editions": selectors.lives.editions_of(agreement, today),
        }


class AgreementConsolidation(Door):
    @shows(TextSerializer, tag="agreements", also=(422,))
    def get(self, request, number, day):
        """The terms of an agreement as they stand on a day, every amendment worked in."""
        agreement, on = _found(request, number), read_date(day)
        if on is None:
            raise refusals.not_found()
        edition, text = services.editions.consolidated(agreement, on, on=localdate())
        return {"as_of": on, "version": edition.version, "document": text.embedded}


class AgreementSuspension(Door):
    @acts(SuspensionSerializer, body=SaidIn, does="suspend_agreement", tag="agreements", status=201)
    def post(self, request, sent, number):
        """Suspend the use of the model, for both sides from now on."""
        return services.terminations.suspend(_found(request, number), **sent, by=request.viewer, at=now())


class AgreementReinstatement(Door):
    @acts(SuspensionSerializer, body=SaidIn, does="reinstate_agreement", tag="agreements")
    def post(self, request, sent, number):
        """Lift the suspension."""
        return services.terminations.reinstate(_found(request, number), **sent, by=request.viewer, at=now())


class AgreementTermination(Door):
    @acts(TerminationSerializer, body=TerminationIn, does="terminate_agreement", tag="agreements", status=201)
    def post(self, request, sent, number):
        """End the agreement on a ground, for both sides at the same instant."""
        return services.terminations.terminate(_found(request, number), **sent, by=request.viewer, at=now())


class AgreementRenewalRefusal(Door):
    @acts(NoticeSerializer, body=OptionallySaidIn, does="refuse_renewal", tag="agreements", status=201)
    def post(self, request, sent, number):
        """Give notice against the renewal of an agreement."""
        return services.renewals.refuse(_found(request, number), **sent, by=request.viewer, at=now())


class AgreementRenewalProposals(Door):
    @acts(RenewalProposalSerializer, body=RenewalProposalIn, does="propose_renewal", tag="agreements", status=201)
    def post(self, request, sent, number):
        """Propose a longer term where none comes by itself."""
        return services.renewal_proposals.propose(_found(request, number), **_terms(request, sent))


class RenewalProposals(Door):
    @lists(RenewalProposalSerializer, query=DayQuery, tag="agreements")
    def get(self, request, asked):
        """Longer terms that were proposed, with their answers."""
        return asked.narrow(selectors.renewals.proposals_visible_to(request.viewer).order_by("-seq"))


class RenewalAcceptance(Door):
    @acts(RenewalProposalSerializer, does="accept_renewal", tag="agreements")
    def post(self, request, number):
        """Accept a proposed renewal; its amendment is drafted for both to sign."""
        services.renewal_proposals.accept(_proposed(request, number), by=request.viewer, at=now())
        return _proposed(request, number)


class RenewalCounter(Door):
    @acts(RenewalProposalSerializer, body=RenewalProposalIn, does="counter_renewal", tag="agreements", status=201)
    def post(self, request, sent, number):
        """Answer a proposed renewal with a proposal of one's own, which takes its place."""
        new = services.renewal_proposals.counter(_proposed(request, number), **_terms(request, sent))
        return _proposed(request, new.number)


class RenewalRefusal(Door):
    @acts(RenewalProposalSerializer, body=SaidIn, does="decline_renewal", tag="agreements")
    def post(self, request, sent, number):
        """Decline a proposed renewal."""
        services.renewal_proposals.decline(_proposed(request, number), **sent, by=request.viewer, at=now())
        return _proposed(request, number)


class RenewalWithdrawal(Door):
    @acts(RenewalProposalSerializer, body=SaidIn, does="withdraw_renewal", tag="agreements")
    def post(self, request, sent, number):
        """Take back one's own proposal of a renewal."""
        services.renewal_proposals.withdraw(_proposed(request, number), **sent, by=request.viewer, at=now())
        return _proposed(request, number)


class Renewals(Door):
    @lists(RenewalSerializer, query=DayQuery, tag="agreements")
    def get(self, request, asked):
        """Terms that were renewed."""
        return asked.narrow(selectors.renewals.visible_to(request.viewer).order_by("-seq"))


class Terminations(Door):
    @lists(TerminationSerializer, query=DayQuery, tag="agreements")
    def get(self, request, asked):
        """Terminations that were given."""
        return asked.narrow(selectors.terminations.visible_to(request.viewer))


def _found(request, number: str):
    agreement = one(selectors.agreements.concluded(request.viewer), number=number)
    return selectors.lives.gathered([agreement])[0]


def _terms(request, sent) -> dict:
    """What a proposal says, with its price list as a row that the caller may see."""
    code, _, version = sent.pop("schedule").partition("@")
    rows = selectors.schedules.visible_to(request.viewer)
    schedule = one(rows, number=code, version=int(version) if version.isdecimal() else 0) if code else None
    return {**sent, "schedule": schedule, "by": request.viewer, "at": now()}


def _proposed(request, number: str):
    return one(selectors.renewals.proposals_visible_to(request.viewer), number=number)
