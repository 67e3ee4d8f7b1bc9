"""Which page carries which term: one through-model for each vocabulary and kind of page."""

from django import forms
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TaggedItemBase

from practices.models.vocabulary import Addressee, Cluster, CostBearer, FieldOfAction, TargetGroup, WorkArea


class TermChoiceField(forms.ModelMultipleChoiceField):
    """Check boxes for the current terms of one vocabulary, narrower terms indented below their broader term."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, term) -> str:
        return f"– {term.name}" if term.broader_id else term.name


class TermManager(ClusterTaggableManager):
    """A tag manager for a controlled vocabulary; editors tick its terms, they do not type them."""

    def formfield(self, **kwargs):
        """Return the check boxes. Wagtail's own form class and widget for tags, which let editors type, are left out."""
        return TermChoiceField(
            label=self.verbose_name,
            help_text=self.help_text,
            required=not self.blank,
            queryset=self.related_model.objects.current().in_tree_order(),
        )


def _term(model):
    """A term in use can not be deleted, only merged into another one."""
    return models.ForeignKey(model, on_delete=models.PROTECT, related_name="%(class)s_items")


class PracticeCluster(ItemBase):
    tag = _term(Cluster)
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="cluster_items")


class PracticeCostBearer(ItemBase):
    tag = _term(CostBearer)
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="cost_bearer_items")


class PracticeFieldOfAction(ItemBase):
    tag = _term(FieldOfAction)
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="field_of_action_items")


class PracticeTargetGroup(ItemBase):
    tag = _term(TargetGroup)
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="target_group_items")


class PracticeWorkArea(ItemBase):
    tag = _term(WorkArea)
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="work_area_items")


class PracticeTag(TaggedItemBase):
    content_object = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="tagged_items")


class OrganisationCluster(ItemBase):
    tag = _term(Cluster)
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="cluster_items")


class OrganisationCostBearer(ItemBase):
    tag = _term(CostBearer)
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="cost_bearer_items")


class OrganisationFieldOfAction(ItemBase):
    tag = _term(FieldOfAction)
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="field_of_action_items")


class OrganisationTargetGroup(ItemBase):
    tag = _term(TargetGroup)
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="target_group_items")


class OrganisationWorkArea(ItemBase):
    tag = _term(WorkArea)
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="work_area_items")


class OrganisationTag(TaggedItemBase):
    content_object = ParentalKey("OrganisationPage", on_delete=models.CASCADE, related_name="tagged_items")


class LessonAddressee(ItemBase):
    tag = _term(Addressee)
    content_object = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="addressee_items")
