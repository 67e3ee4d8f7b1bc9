"""Query nodes as queries of Elasticsearch."""

from elasticsearch.dsl import query

from search.engines.protocol import (
    AllOf,
    Among,
    AnyOf,
    Beginning,
    Best,
    Between,
    Boosted,
    Everything,
    Flat,
    Node,
    Phrase,
    Term,
)


def to_query(node: Node, boost: float = 1.0) -> query.Query:
    """Return the query that matches and scores as `node` does, its score multiplied by `boost`.

    Alternatives without a single one match nothing; Elasticsearch would match everything or complain.
    """
    match node:
        case Term(field, token):
            return query.Term(field, {"value": token, "boost": boost})
        case Phrase(field, tokens):
            return query.MatchPhrase(field, {"query": " ".join(tokens), "boost": boost})
        case Beginning(field, text):
            return query.Prefix(field, {"value": text, "boost": boost})
        case Among(field, values):
            return query.ConstantScore(filter=query.Terms(field, values), boost=boost)
        case Between(field, low, high):
            bounds = {"gte": low, "lte": high}
            return query.Range(field, {name: v for name, v in bounds.items() if v is not None} | {"boost": boost})
        case Everything():
            return query.MatchAll(boost=boost)
        case AllOf(nodes, without):
            must = [to_query(each) for each in nodes or (Everything(),)]
            return query.Bool(must=must, must_not=[to_query(each) for each in without], boost=boost)
        case AnyOf(nodes, at_least) if nodes:
            should = [to_query(each) for each in nodes]
            return query.Bool(should=should, minimum_should_match=at_least, boost=boost)
        case Best(nodes) if nodes:
            return query.DisMax(queries=[to_query(each) for each in nodes], boost=boost)
        case Flat(inner, score):
            return query.ConstantScore(filter=to_query(inner), boost=score * boost)
        case Boosted(inner, factor):
            return to_query(inner, boost * factor)
        case _:
            return query.MatchNone()
