"""From the route of a pattern to an address about something that is there."""

import re

from tests.editing.door_world import World

# What fills a place in a route, by the beginning of the route, a longer one after a shorter one: `place=name of a thing`, or
# `place==text`. Things are those of the world and, unless said otherwise, belong to the organisation of C.
_FILLS = """
verwaltung/: page_id=page parent_page_id=organisation page_to_move_id=page page_pk=page destination_id=foreign_organisation
verwaltung/: revision_id=revision workflow_state_id=workflow_state task_id=task task_state_id=task_state image_id=image
verwaltung/: document_id=document doc_id=document media_id=video redirect_id=redirect collection_id=collection
verwaltung/: session_id=editing_session workflow_pk=workflow object_id=page action_name==approve filter_spec==width-100
verwaltung/: media_type==video content_type_app_name==practices content_type_model_name==toolpage app_label==practices
verwaltung/: model_name==toolpage app_name==practices revision_id_a==earliest revision_id_b==latest
verwaltung/api/main/^pages: pk=draft action_name==publish
verwaltung/api/main/^images: pk=image
verwaltung/api/main/^documents: pk=document
verwaltung/pages/: pk=page
verwaltung/pages/<int:page_id>/convert_alias/: page_id=alias
verwaltung/pages/<int:page_id>/unlock/: page_id=locked_page
verwaltung/pages/workflow/: page_id=reviewed_page
verwaltung/pages/<int:page_id>/workflow_history: page_id=reviewed_page
verwaltung/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/: page_id=planned_page revision_id=planned_revision
verwaltung/tag-autocomplete/: app_name==taggit model_name==tag
verwaltung/collections/: pk=collection
verwaltung/workflows/: pk=workflow
verwaltung/workflows/enable/: pk=former_workflow
verwaltung/workflows/remove/: page_pk=page_with_workflow workflow_pk=placed_workflow
verwaltung/workflows/tasks/: pk=any_task app_label==wagtailcore model_name==groupapprovaltask
verwaltung/workflows/tasks/enable/: pk=former_task
verwaltung/workflows/task_chooser/: task_id=any_task
verwaltung/tabellen-import/: pk=import
verwaltung/tabellen-import/<int:pk>/vorschlaege/: pk=checked_import
verwaltung/tabellen-import/<int:pk>/zelle/: pk=checked_import
verwaltung/tabellen-import/<int:pk>/probelauf/: pk=checked_import
verwaltung/tabellen-import/<int:pk>/einlesen/: pk=checked_import
verwaltung/einladungen/: pk=invitation
verwaltung/mitlesen/<int:page_id>/: page_id=draft
verwaltung/mitlesen/link/: pk=partner_link
verwaltung/versand/: pk=run
verwaltung/settings/: app_name==home model_name==sitesettings pk=site
verwaltung/documents/multiple/: uploaded_file_id=uploaded_document
verwaltung/images/multiple/: uploaded_file_id=uploaded_image
verwaltung/images/chooser/: pk=image
verwaltung/documents/chooser/: pk=document
verwaltung/snippets/feeds/newsletterintroduction/: pk=news revision_id=news_revision
verwaltung/snippets/feeds/newsletterintroduction/unlock/: pk=locked_news
verwaltung/snippets/feeds/newsletterintroduction/unpublish/: pk=live_news
verwaltung/snippets/feeds/newsletterintroduction/history/<int:pk>/revisions/<int:revision_id>/unschedule/: pk=planned_news
verwaltung/snippets/feeds/newsletterintroduction/history/<int:pk>/revisions/<int:revision_id>/unschedule/: revision_id=news_plan
verwaltung/snippets/feeds/newsletterintroduction/workflow: pk=reviewed_news workflow_state_id=news_state
verwaltung/snippets/feeds/newsletterintroduction/workflow: task_state_id=news_task_state task_id=news_task
verwaltung/snippets/search/: pk=synonyms
verwaltung/snippets/practices/fundingprogramme/: pk=programme
verwaltung/snippets/choose/practices/fundingprogramme/: pk=programme
verwaltung/users/: pk=other
verwaltung/zweiter-faktor/: pk=other
verwaltung/groups/: pk=group
verwaltung/sites/: pk=site
documents/: 0=document 1==blatt.pdf restriction_id=collection_restriction
_util/: page_view_restriction_id=page_restriction page_id=closed_page
verwaltung/password_reset/: uidb64==MQ token==falsch
konto/: pk==1 token==falsch
^konto/passwort/neu/: uidb36==1 key==falsch
"""
_PLACE = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>|\([^()?][^()]*\)")
_TERM = re.compile(r"verwaltung/snippets/(practices)/(\w+)/")
_ANYTHING = "^.*/$"


def address(route: str, target: str, world: World, letter: str = "S") -> str:
    """Return the path for the visitor `letter`: `route` about what the words of `target` say, or else as above.

    Words of a target: a thing for the place called pk, `place=thing`, `place==text`, `?query` with `{thing}` in it, and
    `field:thing`, which is sent and stands in no address.
    """
    words = [word for word in target.split() if ":" not in word]
    queries = [word for word in words if word.startswith("?")]
    fills = _fills(route, [word for word in words if word not in queries], world, letter)
    number = iter("0123")
    route = route.replace(_ANYTHING, "gibt-es-nicht/")
    path = _PLACE.sub(lambda place: fills[place[1] or place[2] or next(number)], route)
    query = re.sub(r"\{(\w+)\}", lambda name: world.key(name[1], letter), "".join(queries))
    return "/" + re.sub(r"[$^\\]", "", path) + query


def _fills(route: str, words: list[str], world: World, letter: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    if term := _TERM.match(route):
        chosen["pk"] = f"={world.term(*term.groups()).pk}"
    for line in _FILLS.strip().splitlines():
        beginning, _, places = line.partition(": ")
        if route.startswith(beginning):
            chosen |= dict(place.split("=", 1) for place in places.split())
    chosen |= dict(word.split("=", 1) if "=" in word else ("pk", word) for word in words)
    return {place: text[1:] if text.startswith("=") else world.key(text, letter) for place, text in chosen.items()}
