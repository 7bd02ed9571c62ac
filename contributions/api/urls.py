"""Addresses of this wing's endpoints, under /api/v1/."""

from django.urls import path

from contributions.api import batches, compute, datasets, funding, jobs, log, members, ratecards, resources, reviews
from contributions.api import terms

urlpatterns = [
    path("members/", members.Members.as_view()),
    path("members/<str:code>/", members.Member.as_view()),
    path("stakes/", members.Stakes.as_view()),
    path("terms/", terms.Terms.as_view()),
    path("terms/<str:number>/", terms.Term.as_view()),
    path("funding/", funding.FundingSources.as_view()),
    path("funding/<str:code>/", funding.FundingSource.as_view()),
    path("ratecards/", ratecards.RateCards.as_view()),
    path("ratecards/<str:card>/<int:version>/", ratecards.RateCard.as_view()),
    path("datasets/", datasets.Datasets.as_view()),
    path("datasets/<str:number>/", datasets.Dataset.as_view()),
    path("reviews/", reviews.Reviews.as_view()),
    path("reviews/<int:review>/", reviews.Review.as_view()),
    path("reviews/<int:review>/decide/", reviews.ReviewDecision.as_view()),
    path("facilities/", compute.Facilities.as_view()),
    path("facilities/<str:code>/", compute.Facility.as_view()),
    path("compute/days/", compute.MeterDays.as_view()),
    path("compute/months/", compute.MeterMonths.as_view()),
    path("batches/", batches.Batches.as_view()),
    path("batches/<str:number>/", batches.Batch.as_view()),
    path("batches/<str:number>/findings/", batches.BatchFindings.as_view()),
    path("batches/<str:number>/attest/", batches.BatchAttestation.as_view()),
    path("resources/", resources.Resources.as_view()),
    path("resources/<str:number>/", resources.Resource.as_view()),
    path("resources/<str:number>/accept/", resources.ResourceAcceptance.as_view()),
    path("log/head/", log.LogHead.as_view()),
    path("log/checkpoints/", log.Checkpoints.as_view()),
    path("log/checkpoints/<int:checkpoint>/", log.Checkpoint.as_view()),
    path("log/checkpoints/<int:checkpoint>/note/", log.CheckpointNote.as_view()),
    path("jobs/", jobs.Jobs.as_view()),
    path("jobs/<uuid:job>/", jobs.Job.as_view()),
]
