"""The REST API under /api/v1/: this wing's endpoints, the other wing's, and the OpenAPI document of both."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import IsAuthenticated

from contributions.api.doors import Door, Nowhere, Session
from licensing.api import (
    agreements,
    allocations,
    ballots,
    books,
    checklists,
    clauses,
    distributions,
    entries,
    inbox,
    invoices,
    licences,
    licensees,
    outside,
    payouts,
    policies,
    releases,
    reports,
    schedules,
    signatures,
    templates,
    transactions,
    usage,
)


class Schema(SpectacularJSONAPIView):
    """The OpenAPI document; closed like everything else."""

    authentication_classes = [Session]
    permission_classes = [IsAuthenticated]
    renderer_classes = Door.renderer_classes
    content_negotiation_class = Door.content_negotiation_class
    http_method_names = ["get", "head"]
    get_exception_handler = Door.get_exception_handler


urlpatterns = [
    path("schema/", Schema.as_view()),
    path("inbox/", inbox.Inbox.as_view()),
    path("log/entries/", entries.Entries.as_view()),
    path("log/entries/<int:seq>/", entries.Entry.as_view()),
    path("log/entries/<int:seq>/proof/", entries.EntryProof.as_view()),
    path("releases/", releases.Releases.as_view()),
    path("releases/<str:number>/", releases.Release.as_view()),
    path("policies/", policies.Policies.as_view()),
    path("policies/<str:number>/<int:version>/", policies.Policy.as_view()),
    path("ballots/", ballots.Ballots.as_view()),
    path("ballots/<int:ballot>/", ballots.Ballot.as_view()),
    path("ballots/<int:ballot>/votes/", ballots.BallotVotes.as_view()),
    path("allocations/", allocations.Allocations.as_view()),
    path("allocations/<str:number>/", allocations.Allocation.as_view()),
    path("allocations/<str:number>/attest/", allocations.AllocationAttestation.as_view()),
    path("allocations/<str:number>/adopt/", allocations.AllocationAdoption.as_view()),
    path("licensees/", licensees.Licensees.as_view()),
    path("licensees/<str:code>/", licensees.Licensee.as_view()),
    path("licensees/<str:code>/screenings/", licensees.LicenseeScreenings.as_view()),
    path("licensees/<str:code>/approve/", licensees.LicenseeApproval.as_view()),
    path("licensees/<str:code>/refuse/", licensees.LicenseeRefusal.as_view()),
    path("licensees/<str:code>/suspend/", licensees.LicenseeSuspension.as_view()),
    path("licensees/<str:code>/people/", licensees.LicenseePeople.as_view()),
    path("inquiries/", licensees.Inquiries.as_view()),
    path("inquiries/<str:number>/", licensees.Inquiry.as_view()),
    path("fields/", schedules.Fields.as_view()),
    path("schedules/", schedules.Schedules.as_view()),
    path("schedules/<str:number>/<int:version>/", schedules.Schedule.as_view()),
    path("schedules/<str:number>/<int:version>/adopt/", schedules.ScheduleAdoption.as_view()),
    path("schedules/<str:number>/<int:version>/withdraw/", schedules.ScheduleWithdrawal.as_view()),
    path("clauses/", clauses.Clauses.as_view()),
    path("clauses/<str:code>/<int:version>/", clauses.Clause.as_view()),
    path("templates/", templates.Templates.as_view()),
    path("templates/<str:code>/<int:version>/", templates.Template.as_view()),
    path("checklists/", checklists.ChecklistEditions.as_view()),
    path("checklists/answers/", checklists.ChecklistAnswers.as_view()),
    path("agreements/", agreements.Agreements.as_view()),
    path("agreements/<str:number>/", agreements.Agreement.as_view()),
    path("agreements/<str:number>/terms/", agreements.AgreementTerms.as_view()),
    path("agreements/<str:number>/approve/", agreements.AgreementApproval.as_view()),
    path("agreements/<str:number>/offer/", agreements.AgreementOffer.as_view()),
    path("agreements/<str:number>/sign/", agreements.AgreementSignature.as_view()),
    path("agreements/<str:number>/countersign/", agreements.AgreementCountersignature.as_view()),
    path("agreements/<str:number>/returned/", agreements.AgreementReturned.as_view()),
    path("agreements/<str:number>/return/", agreements.AgreementReturn.as_view()),
    path("agreements/<str:number>/decline/", agreements.AgreementRefusal.as_view()),
    path("agreements/<str:number>/withdraw/", agreements.AgreementWithdrawal.as_view()),
    path("agreements/<str:number>/reports/", agreements.AgreementReports.as_view()),
    path("licences/", licences.Licences.as_view()),
    path("licences/<str:number>/<int:serial>/file/", licences.LicenceFile.as_view()),
    path("outside-agreements/", outside.OutsideAgreements.as_view()),
    path("outside-agreements/<str:number>/", outside.OutsideAgreement.as_view()),
    path("transactions/", transactions.Transactions.as_view()),
    path("signatures/check/", signatures.SignatureCheck.as_view()),
    path("usage/", usage.UsageReports.as_view()),
    path("usage/<str:number>/", usage.UsageReport.as_view()),
    path("usage/<str:number>/accept/", usage.UsageAcceptance.as_view()),
    path("invoices/", invoices.Invoices.as_view()),
    path("invoices/<str:number>/", invoices.Invoice.as_view()),
    path("invoices/<str:number>/receipts/", invoices.InvoiceReceipts.as_view()),
    path("distributions/", distributions.Distributions.as_view()),
    path("distributions/<str:number>/", distributions.Distribution.as_view()),
    path("distributions/<str:number>/approve/", distributions.DistributionApproval.as_view()),
    path("payouts/", payouts.Payouts.as_view()),
    path("payouts/<str:number>/", payouts.Payout.as_view()),
    path("payouts/<str:number>/confirm/", payouts.PayoutConfirmation.as_view()),
    path("payouts/<str:number>/dispute/", payouts.PayoutDispute.as_view()),
    path("payouts/<str:number>/pay/", payouts.PayoutPayment.as_view()),
    path("books/slips/", books.Slips.as_view()),
    path("books/slips/<str:number>/", books.Slip.as_view()),
    path("books/trial-balance/", books.TrialBalance.as_view()),
    path("reports/", reports.Reports.as_view()),
    path("reports/<str:number>/", reports.Report.as_view()),
    path("", include("contributions.api.urls")),
    re_path(r"^.*$", Nowhere.as_view()),
]
