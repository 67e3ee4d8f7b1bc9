from editing.models.freshness import ConfirmationRequest
from editing.models.imports import Import, ImportedPage
from editing.models.invitations import Invitation
from editing.models.links import BrokenLink, LinkCheck
from editing.models.partners import PartnerLink, PartnerRemark
from editing.models.review import ApprovalTask, ExpertReviewTask, ReviewState
from editing.models.roles import OrganisationGroup, ReviewScope

__all__ = [
    "ApprovalTask",
    "BrokenLink",
    "ConfirmationRequest",
    "ExpertReviewTask",
    "Import",
    "ImportedPage",
    "Invitation",
    "LinkCheck",
    "OrganisationGroup",
    "PartnerLink",
    "PartnerRemark",
    "ReviewScope",
    "ReviewState",
]
