"""What a text is checked for before it is published."""

YES, NO, NOT_APPLICABLE = "yes", "no", "not_applicable"
ANSWERS = [(YES, "ja"), (NO, "nein"), (NOT_APPLICABLE, "entfällt")]
CRITERIA = {
    "comprehensible": "Verständlich geschrieben",
    "transferable": "Auf andere übertragbar",
    "evidenced": "Aussagen belegt",
    "data_protection": "Datenschutz geklärt",
    "accessible_media": "Medien barrierefrei",
    "consent": "Einwilligung gezeigter Personen liegt vor",
}


def remark_field(key: str) -> str:
    """Return the name of the field with the remark on the criterion `key`."""
    return f"{key}_remark"


def describe_answers(answers: dict[str, str]) -> list[str]:
    """Return a line for each criterion that `answers`, the cleaned data of a form, says something about."""
    names = dict(ANSWERS)
    lines = []
    for key, label in CRITERIA.items():
        answer, remark = names.get(answers.get(key, ""), ""), answers.get(remark_field(key), "")
        if answer or remark:
            lines.append(f"{label}: {' – '.join(part for part in (answer, remark) if part)}")
    return lines
