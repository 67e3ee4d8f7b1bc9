"""Handing over, in the admin: who leaves, who takes over, what is left to do."""

from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem

from editing.accounts import accounts_above
from editing.hand_over import hand_over
from editing.roles import ADMINISTRATORS, has_role
from practices.admin_pages import AdminPageMixin


class _Account(forms.ModelChoiceField):
    def label_from_instance(self, obj) -> str:
        return (
            f"{obj.get_full_name()} ({obj.email or obj.get_username()})" if obj.get_full_name() else obj.get_username()
        )


class HandOverForm(forms.Form):
    """Who leaves, and who takes over. Accounts above that of who asks are left alone."""

    leaver = _Account(
        queryset=None,
        label="Wer hört auf?",
        empty_label="Bitte wählen",
        error_messages={"required": "Bitte wählen Sie, wer aufhört."},
    )
    successor = _Account(
        queryset=None,
        label="Wer übernimmt?",
        required=False,
        empty_label="Niemand",
        help_text="Bekommt die Seiten, die Medien und die Organisationen. Ohne Auswahl bleiben die Seiten bei der Organisation.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        accounts = get_user_model().objects.filter(is_active=True).exclude(pk__in=accounts_above(user).values("pk"))
        accounts = accounts.order_by("last_name", "first_name", "username")
        self.fields["leaver"].queryset = accounts.exclude(pk=user.pk)  # type: ignore[attr-defined]
        self.fields["successor"].queryset = accounts  # type: ignore[attr-defined]

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("leaver") and data.get("leaver") == data.get("successor"):
            self.add_error("successor", "Bitte wählen Sie eine andere Person als die, die aufhört.")
        return data


class HandOverView(AdminPageMixin, TemplateView):
    """Asks who leaves, and shows afterwards what is left to do."""

    template_name = "editing/hand_over.html"
    page_title = "Übergabe"
    header_icon = "user"

    def dispatch(self, request, *args, **kwargs):
        if not has_role(request.user, ADMINISTRATORS):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        form = kwargs.pop("form", None) or HandOverForm(user=self.request.user)
        return super().get_context_data(**kwargs) | {"form": form}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = HandOverForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        done = hand_over(form.cleaned_data["leaver"], form.cleaned_data["successor"])
        context = self.get_context_data() | form.cleaned_data | {"done": done}
        return self.render_to_response(context)


class HandOverItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, ADMINISTRATORS)


hand_over_urls = [path("uebergabe/", HandOverView.as_view(), name="hand_over")]
