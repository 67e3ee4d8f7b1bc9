"""What is wrong with a line, said so that whoever wrote it can put it right."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A finding in an exchange file. A warning does not stop the import."""

    line: int | None
    field: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        parts = [f"Zeile {self.line}" if self.line else "", f"Feld „{self.field}“" if self.field else ""]
        place = ", ".join(part for part in parts if part)
        return f"{place}: {self.message}" if place else self.message
