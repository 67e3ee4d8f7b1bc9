"""Who wrote the newest text: saving it once more, or commenting on it, is not writing."""

from wagtail.models import Page

from practices.richtext import comparable

# What Wagtail keeps with a page beside what people write into it.
_WRITTEN = {"title", "slug", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at"}
_KEPT_BESIDE = {field.name for field in Page._meta.concrete_fields} - _WRITTEN | {"pk", "wagtail_admin_comments"}


def changed_last(obj, user) -> bool:
    """Return whether `user` wrote the newest text of `obj`, whoever saved it again since.

    Costs one query where `user` saved none of its versions, and two otherwise.
    """
    revisions = obj.revisions.order_by("-created_at", "-pk")
    if not revisions.filter(user=user).exists():
        return False
    versions = revisions.values_list("user_id", "content").iterator(chunk_size=2)
    author, newest = next(versions)
    text = text_of(newest)
    for earlier_author, earlier in versions:
        if text_of(earlier) != text:
            break
        author = earlier_author
    return author == user.pk


def text_of(value):
    """Return the content of a revision without comments, and without what changes each time it is saved."""
    if isinstance(value, dict):
        return {name: text_of(part) for name, part in value.items() if name not in _KEPT_BESIDE}
    if isinstance(value, list):
        return [text_of(part) for part in value]
    return comparable(value) if isinstance(value, str) else value


def changes_text(form) -> bool:
    """Return whether what was sent with the editor's `form` changes more than comments."""
    rows = [row for name, rows in form.formsets.items() if name != "comments" for row in rows.forms]
    return bool(form.changed_data) or any(row.has_changed() for row in rows)
