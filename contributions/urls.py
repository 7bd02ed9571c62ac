"""Addresses of this wing: a noun and its number, which can be sent to a colleague."""

from django.urls import path

from contributions.views import batches, compute, datasets, entries, funding, jobs, log, members, resources, reviews
from contributions.views import search, terms

app_name = "contributions"
urlpatterns = [
    path("members/", members.index, name="members"),
    path("members/<slug:code>/", members.detail, name="member"),
    path("terms/", terms.index, name="terms"),
    path("terms/<str:number>/", terms.detail, name="term"),
    path("funding/", funding.index, name="funding"),
    path("ratecards/", funding.ratecards, name="ratecards"),
    path("datasets/", datasets.index, name="datasets"),
    path("datasets/new/", datasets.new, name="dataset_new"),
    path("datasets/<str:number>/", datasets.detail, name="dataset"),
    path("datasets/<str:number>/reviews/", datasets.open_reviews, name="dataset_open_reviews"),
    path("datasets/<str:number>/copies/", datasets.copies, name="dataset_copies"),
    path("datasets/<str:number>/<int:version>/croissant.json", datasets.description, name="dataset_description"),
    path("reviews/", reviews.index, name="reviews"),
    path("reviews/<int:pk>/", reviews.detail, name="review"),
    path("compute/", compute.index, name="compute"),
    path("facilities/<slug:code>/", compute.facility, name="facility"),
    path("batches/", batches.index, name="batches"),
    path("batches/new/", batches.new, name="batch_new"),
    path("batches/<str:number>/", batches.detail, name="batch"),
    path("batches/<str:number>/attest/", batches.attest, name="batch_attest"),
    path("batches/<str:number>/rejected", batches.rejected, name="batch_rejected"),
    path("resources/", resources.index, name="resources"),
    path("resources/new/", resources.new, name="resource_new"),
    path("resources/<str:number>/", resources.detail, name="resource"),
    path("resources/<str:number>/accept/", resources.accept, name="resource_accept"),
    path("log/", log.index, name="log"),
    path("log/verify/", log.verify, name="log_verify"),
    path("log/log.vkey", log.vkey, name="vkey"),
    path("log/checkpoints/<int:number>/", log.checkpoint, name="checkpoint"),
    path("log/checkpoints/<int:number>/note", log.note, name="checkpoint_note"),
    path("log/entries/", entries.index, name="entries"),
    path("log/entries/<int:seq>/", entries.detail, name="entry"),
    path("log/entries/<int:seq>/proof", entries.proof, name="proof"),
    path("jobs/<uuid:job_id>/", jobs.detail, name="job"),
    path("search/", search.search, name="search"),
]
