"""Query nodes as queries of tantivy."""

from tantivy import FieldType, Occur, Query, Schema

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


def unscored(schema: Schema, node: Node) -> Query:
    """Return the query that matches as `node` does and adds nothing to the score."""
    return Query.const_score_query(to_query(schema, node), 0.0)


def everything() -> Query:
    """Return every document at a score of 1, which tantivy's own query loses beside others."""
    return Query.const_score_query(Query.all_query(), 1.0)


def to_query(schema: Schema, node: Node) -> Query:
    """Return the query that matches and scores as `node` does."""
    match node:
        case Term(field, token):
            return Query.term_query(schema, field, token, "freq")
        case Phrase(field, tokens):
            return Query.phrase_query(schema, field, list(tokens))
        case Beginning(field, text):
            return Query.fuzzy_term_query(schema, field, text, distance=0, prefix=True)
        case Among(field, values):
            return Query.const_score_query(Query.term_set_query(schema, field, list(values)), 1.0)
        case Between(field, low, high):
            return Query.const_score_query(Query.range_query(schema, field, FieldType.Integer, low, high), 1.0)
        case Everything():
            return everything()
        case AllOf(nodes, without):
            clauses = [(Occur.Must, to_query(schema, part)) for part in nodes] or [(Occur.Must, everything())]
            return Query.boolean_query([*clauses, *((Occur.MustNot, to_query(schema, part)) for part in without)])
        case AnyOf(nodes, at_least):
            return Query.boolean_query(
                [(Occur.Should, to_query(schema, part)) for part in nodes], minimum_number_should_match=at_least
            )
        case Best(nodes):
            return Query.disjunction_max_query([to_query(schema, part) for part in nodes])
        case Flat(part, score):
            return Query.const_score_query(to_query(schema, part), score)
        case Boosted(part, factor):
            return Query.boost_query(to_query(schema, part), factor)
