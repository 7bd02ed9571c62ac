"""Pledges of data and compute: kept by a dataset version or a usage file, each of which has a course of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core import courses
from contributions.core import resources as rules
from contributions.core.roles import Viewer, check_may
from contributions.core.units import UNITS
from contributions.models import Batch, DatasetVersion, Resource
from contributions.services import resources
from contributions.services.datasets import check_own


@transaction.atomic
def fulfil(resource: Resource, *, made: str, by: Viewer, at: datetime) -> Resource:
    """A pledge of data or compute was kept: by a dataset version or a batch of its member, which has its own course."""
    check_may(by, "resource.fulfil")
    resource = resources.locked(resource)
    check_own(resource.member, by)
    if not _is_made(resource, made):
        raise rules.NotFulfilledBy(made=made[:60])
    return resources.stepped(resource, "fulfil", "resource.fulfilled", {"by": made}, reason=made, by=by, at=at)


def _is_made(resource: Resource, made: str) -> bool:
    """Whether that is a dataset version not withdrawn, or a batch not reversed, of the pledge's own member and kind."""
    number, _at, version = made.partition("@")
    if resource.kind == Resource.Kind.DATA and version.isdecimal():
        own = DatasetVersion.objects.filter(dataset__member=resource.member, withdrawn_on=None)
        found = own.filter(dataset__number=number, version=int(version[:9])).first()
        if found is not None and found.unit != resource.unit:
            raise courses.OtherUnit(made=made, stands=UNITS[found.unit].reads, pledged=UNITS[resource.unit].reads)
        return found is not None
    if resource.kind == Resource.Kind.COMPUTE:
        own = Batch.objects.filter(member=resource.member, number=made)
        return own.exclude(state=Batch.State.REVERSED).exists()
    return False
