"""The search on an Elasticsearch server for tests: one's own, or the one that TEST_ELASTICSEARCH_URL names."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

from elastic_transport import Urllib3HttpNode

from search.engines.elasticsearch import ElasticsearchEngine


class OldServerNode(Urllib3HttpNode):
    """Lets the client of version 8 talk to a server of version 7, as far as the tests need it.

    The server knows neither the client's media type nor `require_alias` (ours never makes an index by itself), and does
    not say which product it is.
    """

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: Any = None, **options: Any
    ) -> Any:
        headers = {name: value.replace("vnd.elasticsearch+", "") for name, value in (headers or {}).items()}
        headers = {name: value.replace("; compatible-with=8", "") for name, value in headers.items()}
        target = target.replace("&require_alias=true", "").replace("?require_alias=true&", "?")
        response = super().perform_request(method, target, body, headers, **options)
        response.meta.headers["X-Elastic-Product"] = "Elasticsearch"
        return response


@contextlib.contextmanager
def engine_for_tests(url: str) -> Iterator[ElasticsearchEngine]:
    """Give an engine without an index; whatever it makes on the server is removed afterwards."""
    engine = ElasticsearchEngine(url, f"test-{uuid4().hex}", **client_options(url))
    try:
        yield engine
    finally:
        for index in engine.client.indices.get_alias(index=f"{engine.prefix}-*"):
            engine.client.indices.delete(index=index)
        engine.client.close()


def client_options(url: str) -> dict[str, Any]:
    """Return what the client needs to talk to the server at `url`: an adapter where it is older than the client."""
    return {"node_class": OldServerNode} if _major_version(url) < 8 else {}


@cache
def _major_version(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        return int(json.load(answer)["version"]["number"].split(".")[0])
