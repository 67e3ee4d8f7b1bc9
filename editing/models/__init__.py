from editing.models.roles import OrganisationGroup, ReviewScope

__all__ = ["OrganisationGroup", "ReviewScope"]
