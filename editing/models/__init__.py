from editing.models.freshness import ConfirmationRequest
from editing.models.imports import Import, ImportedPage
from editing.models.invitations import Invitation
from editing.models.review import ApprovalTask, ExpertReviewTask, ReviewState
from editing.models.roles import OrganisationGroup, ReviewScope

__all__ = [
    "ApprovalTask",
    "ConfirmationRequest",
    "ExpertReviewTask",
    "Import",
    "ImportedPage",
    "Invitation",
    "OrganisationGroup",
    "ReviewScope",
    "ReviewState",
]
