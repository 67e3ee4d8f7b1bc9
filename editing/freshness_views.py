"""The page behind the link in the mail: is this still true?

A visit changes nothing, because mail programs open links on their own; the click on a button does.
"""

from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from editing.freshness import Answer, NotOpen, answer, find

_WHAT = "Bitte schreiben Sie in einem Satz, was sich geändert hat oder warum die Seite ins Archiv soll."


class AnswerForm(forms.Form):
    """What was chosen, and for all but a confirmation, a word about it."""

    answer = forms.ChoiceField(
        choices=Answer.choices,
        error_messages={
            "required": "Bitte wählen Sie eine der Möglichkeiten.",
            "invalid_choice": "Bitte wählen Sie eine der Möglichkeiten.",
        },
    )
    message = forms.CharField(
        label="Was hat sich geändert, oder warum soll die Seite ins Archiv?",
        required=False,
        max_length=2000,
        error_messages={"max_length": "Bitte kürzen Sie den Text auf 2.000 Zeichen."},
        widget=forms.Textarea(attrs={"rows": 5, "class": "kern-form-input__input"}),
    )

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("answer") in (Answer.CHANGE, Answer.ARCHIVE) and not data.get("message") and not self.errors:
            self.add_error("message", _WHAT)
        return data


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def freshness(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page in question and what can be said of it, and take the answer."""
    question = find(token)
    if question is None or not question.is_open:
        status = 404 if question is None else 200 if question.answer else 410
        return render(request, "editing/freshness_over.html", {"question": question}, status=status)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # Where somebody was quicker, the page behind the link says what became of it.
        with suppress(NotOpen):
            answer(question, Answer(form.cleaned_data["answer"]), form.cleaned_data["message"])
        return redirect(request.path)
    context = {"question": question, "form": form}
    return render(request, "editing/freshness.html", context, status=400 if form.errors else 200)
