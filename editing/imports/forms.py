"""What is asked for a new import, and for another text in a cell."""

from django import forms

from practices.exchange.spreadsheet.columns import SHEETS
from practices.exchange.spreadsheet.tables import MAX_BYTES
from practices.exchange.spreadsheet.writer import MAX_CHARACTERS


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Tabelle",
        max_length=255,
        help_text=f"Excel-Arbeitsmappe (.xlsx) oder CSV, höchstens {MAX_BYTES // 1024**2} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Bitte wählen Sie eine Datei.",
            "missing": "Bitte wählen Sie eine Datei.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
            "max_length": "Der Name der Datei ist zu lang. Bitte kürzen Sie ihn auf 255 Zeichen.",
        },
    )
    csv_title = forms.ChoiceField(
        label="Was steht in der CSV-Datei?",
        required=False,
        choices=[("", "Es ist eine Excel-Arbeitsmappe"), *((sheet.title, sheet.title) for sheet in SHEETS)],
        help_text="Eine CSV-Datei hat nur ein Blatt. Bei Excel-Arbeitsmappen sagen es die Namen der Blätter.",
    )
    publish = forms.TypedChoiceField(
        label="Was soll mit den Seiten geschehen?",
        coerce=lambda value: value == "ja",
        choices=[("nein", "Als Entwürfe ablegen"), ("ja", "Gleich veröffentlichen")],
        initial="nein",
        widget=forms.RadioSelect,
        help_text="Entwürfe sieht niemand, bis sie veröffentlicht werden. Bei Seiten, die schon öffentlich sind, bleibt "
        "dann sichtbar, was jetzt dort steht.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"Die Datei ist zu groß: Erlaubt sind höchstens {MAX_BYTES // 1024**2} MB. Bitte entfernen Sie Bilder oder "
                "teilen Sie die Tabelle auf."
            )
        if file.name.lower().endswith((".xlsm", ".xltm")):
            raise forms.ValidationError(
                "Arbeitsmappen mit Makros werden nicht angenommen. Bitte speichern Sie die Tabelle als „Excel-Arbeitsmappe "
                "(.xlsx)“."
            )
        return file


class CellForm(forms.Form):
    text = forms.CharField(
        label="Neuer Inhalt der Zelle",
        required=False,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ihre hochgeladene Datei ändert sich dadurch nicht.",
        error_messages={"max_length": "Der Text ist zu lang: In eine Zelle passen höchstens 32767 Zeichen."},
    )
