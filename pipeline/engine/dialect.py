"""SQL as Spark must be told it to mean what DuckDB means by it.

The models are written in what both engines have, and what they spell differently is a dispatched
macro (``sql/macros/dialect.sql``). Four things are spelled alike and meant otherwise; they are the
same for every statement, so they are said here once:

* rows without a value come last, in rising and falling order;
* a number with a point is a double: Spark's decimals would be rounded when divided;
* a text has no longest length;
* a list may be taken apart inside an expression: that is made of its elements first.
"""

from __future__ import annotations

from sqlglot import exp, parse_one

from pipeline.errors import ModelError

_WRITES = ("create", "insert", "select", "with")


def for_spark(statement: str) -> str:
    """A statement that reads or makes rows, as Spark is to be told; any other as it is.

    Raises:
        ModelError: it is no SQL that Spark could read.
    """
    if not _bare(statement).startswith(_WRITES):
        return statement
    return spoken(statement).sql(dialect="spark")


def spoken(statement: str) -> exp.Expr:
    """The tree of a statement with what is meant otherwise said in full.

    Raises:
        ModelError: it is no SQL that Spark could read.
    """
    from sqlglot.errors import SqlglotError

    try:
        tree = parse_one(statement, dialect="spark")
    except SqlglotError as error:
        raise ModelError(f"Spark cannot read this SQL: {error}") from error
    for ordered in tree.find_all(exp.Ordered):
        ordered.set("nulls_first", value=False)
    for number in list(tree.find_all(exp.Literal)):
        if not number.is_string and "." in number.name:
            number.replace(exp.cast(exp.Literal.string(number.name), "double"))
    for kind in tree.find_all(exp.DataType):
        if kind.is_type("varchar") and not kind.expressions:
            kind.replace(exp.DataType.build("string", dialect="spark"))
    for explode in list(tree.find_all(exp.Explode)):
        _take_apart_last(explode)
    return tree


def _take_apart_last(explode: exp.Explode) -> None:
    """Turn f(explode(list)) into explode(transform(list, element -> f(element)))."""
    outermost: exp.Expr = explode
    while not isinstance(outermost.parent, exp.Select | exp.Alias | None):
        outermost = outermost.parent
    if outermost is explode:
        return
    elements = explode.this.copy()
    explode.replace(exp.column("element"))
    of_each = exp.Lambda(this=outermost.copy(), expressions=[exp.to_identifier("element")])
    transformed = exp.Transform(this=elements, expression=of_each)
    outermost.replace(exp.Explode(this=transformed))


def _bare(statement: str) -> str:
    """A statement in lower case without the comment that dbt puts before it."""
    rest = statement.strip()
    while rest.startswith("/*"):
        rest = rest.partition("*/")[2].lstrip()
    while rest.startswith("--"):
        rest = rest.partition("\n")[2].lstrip()
    return rest.lower()
