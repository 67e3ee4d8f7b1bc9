"""What reviewers fill in: the criteria of a review, and why a text goes back."""

from django import forms

from editing.review_criteria import ANSWERS, CRITERIA, NO, remark_field


class ApprovalForm(forms.Form):
    """Approve, with a comment if there is something to say."""

    comment = forms.CharField(
        label="Kommentar", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnForm(forms.Form):
    """Send back, saying what is to be changed."""

    comment = forms.CharField(
        label="Was soll geändert werden?",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Bitte schreiben Sie, was geändert werden soll. Der Text geht mit dieser Begründung zurück."
        },
    )


class CriteriaForm(forms.Form):
    """An answer and a remark for each criterion; both may be left out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, label in CRITERIA.items():
            self.fields[key] = forms.ChoiceField(label=label, choices=ANSWERS, widget=forms.RadioSelect, required=False)
            self.fields[remark_field(key)] = forms.CharField(
                label=f"Anmerkung zu „{label}“", max_length=1000, required=False
            )
        self.order_fields([name for key in CRITERIA for name in (key, remark_field(key))])


class ExpertApprovalForm(CriteriaForm, ApprovalForm):
    """Approve as an expert: every criterion is met or does not apply."""

    def clean(self) -> dict:
        super().clean()
        cleaned = self.cleaned_data
        for key in CRITERIA:
            answer = cleaned.get(key)
            if answer == NO:
                self.add_error(key, "Nicht erfüllt: Bitte geben Sie den Text mit einer Begründung zurück.")
            elif not answer and key not in self.errors:
                self.add_error(key, "Bitte wählen Sie „ja“ oder „entfällt“, oder geben Sie den Text zurück.")
        return cleaned


class ExpertReturnForm(CriteriaForm, ReturnForm):
    """Send back as an expert: the criteria help to say what is missing."""
