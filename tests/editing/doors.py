"""Every address that the installation answers, as the resolver knows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import get_resolver


@dataclass(frozen=True)
class Door:
    """A single pattern: its route from the start of the path, its name with namespaces, and the view behind it."""

    route: str
    name: str
    view: Callable

    @property
    def view_class(self) -> type | None:
        return getattr(self.view, "view_class", None)


def doors(*prefixes: str) -> list[Door]:
    """Return the patterns whose routes start with one of `prefixes`, in the order in which they are asked."""
    return [door for door in _doors(get_resolver()) if door.route.lstrip("^").startswith(prefixes or ("",))]


def _doors(resolver, route: str = "", namespace: str = "") -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _doors(pattern, here, inner)
        else:
            yield Door(here, f"{namespace}{pattern.name or ''}", pattern.callback)
