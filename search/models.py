"""What the search keeps in the database: its words, its synonyms, what was asked, and how its index stands."""

from django.core.exceptions import ValidationError
from django.db import models, transaction

MAX_FORM = 60


class IndexedWord(models.Model):
    """A word that occurs in some text, with its morphology: reading it costs milliseconds, looking it up nothing.

    Also the dictionary for corrections; whether a word may be offered to a reader is asked of the index.
    """

    form = models.CharField(max_length=MAX_FORM, primary_key=True)
    parts = models.CharField(max_length=255, blank=True)
    base = models.CharField(max_length=MAX_FORM)
    edition = models.CharField(max_length=12)

    class Meta:
        verbose_name = "Wort"
        verbose_name_plural = "Wörter"

    def __str__(self) -> str:
        return self.form


class SynonymGroup(models.Model):
    """Words that mean the same to people who search: whoever types one finds texts with the others."""

    words = models.TextField(
        "Gleichbedeutende Wörter",
        help_text=(
            "Ein Wort oder eine Wortgruppe je Zeile, mindestens zwei. Nur, was wirklich dasselbe meint: „Kita“ und "
            "„Kindertagesstätte“, aber nicht „Kita“ und „Schule“. Die Änderung gilt sofort."
        ),
    )

    class Meta:
        verbose_name = "Synonymgruppe"
        verbose_name_plural = "Synonyme"
        ordering = ["words"]

    def __str__(self) -> str:
        return " = ".join(self.members)

    @property
    def members(self) -> list[str]:
        """The words of the group, without empty lines and repetitions."""
        return list(dict.fromkeys(line.strip() for line in self.words.splitlines() if line.strip()))

    def clean(self) -> None:
        super().clean()
        if len(self.members) < 2:
            raise ValidationError({"words": "Bitte nennen Sie mindestens zwei Wörter, jedes in einer eigenen Zeile."})
        if any(len(member) > MAX_FORM for member in self.members):
            raise ValidationError({"words": f"Bitte höchstens {MAX_FORM} Zeichen in einer Zeile schreiben."})


class SearchCount(models.Model):
    """How often a query was asked on a day, and how often nothing was found. Nothing says who asked."""

    day = models.DateField("Tag")
    query = models.CharField("Suchanfrage", max_length=100)
    times = models.PositiveIntegerField("Suchen", default=0)
    without_hits = models.PositiveIntegerField("davon ohne Treffer", default=0)

    class Meta:
        verbose_name = "Suchanfrage"
        verbose_name_plural = "Suchanfragen"
        constraints = [models.UniqueConstraint(fields=["day", "query"], name="one_count_a_day")]

    def __str__(self) -> str:
        return self.query


class IndexState(models.Model):
    """One row: how index and database stand to each other."""

    sequence = models.PositiveBigIntegerField(default=0)
    edition = models.CharField(max_length=12, blank=True)  # of the rules by which the index was built
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    drift = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Stand des Suchindex"
        verbose_name_plural = "Stand des Suchindex"

    def __str__(self) -> str:
        return f"{self.sequence}"

    @classmethod
    def next_sequence(cls) -> int:
        """Return a number higher than any before. Whoever writes to the index takes it before reading the database."""
        cls.objects.get_or_create(pk=1)
        with transaction.atomic():
            cls.objects.filter(pk=1).update(sequence=models.F("sequence") + 1)
            return cls.objects.values_list("sequence", flat=True).get(pk=1)

    @classmethod
    def note(cls, **values) -> None:
        """Store `values` on the one row."""
        cls.objects.update_or_create(pk=1, defaults=values)
