from editing.models.imports import Import, ImportedPage
from editing.models.invitations import Invitation
from editing.models.roles import OrganisationGroup, ReviewScope

__all__ = ["Import", "ImportedPage", "Invitation", "OrganisationGroup", "ReviewScope"]
