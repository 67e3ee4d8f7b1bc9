from editing.models.imports import Import, ImportedPage
from editing.models.roles import OrganisationGroup, ReviewScope

__all__ = ["Import", "ImportedPage", "OrganisationGroup", "ReviewScope"]
