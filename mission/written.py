"""Queries whose SQL is written once.

Django takes longer to write an SQL statement than PostgreSQL to answer one that reads a few rows by an index,
and a page of twenty of them spends a third of its time so. Where only the values differ from one time to the
next, the statement is kept and they are filled in.
"""

import datetime
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

READABLE: tuple[type, ...] = (ValuesListIterable, FlatValuesListIterable)
P = ParamSpec("P")
R = TypeVar("R")

# What no query asks for by itself, of each type that a value may have.
STAND_INS: dict[type, Callable[[int], Any]] = {
    str: "\ue000{}\ue001".format,
    int: lambda place: 32_467 + place,  # the smallest kind of integer column holds it
    datetime.date: lambda place: datetime.date(1, 1, 1 + place),
    datetime.datetime: lambda place: datetime.datetime(1, 2, 1 + place, tzinfo=datetime.UTC),
}


def array(keys: Iterable[int | str]) -> str:
    """Keys as PostgreSQL reads an array of them."""
    return f"{{{','.join(map(_quoted, keys))}}}"


def _quoted(key: int | str) -> str:
    if isinstance(key, int):
        return str(key)
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def any_of(column: str, keys: str) -> Func:
    """For `filter`: `column = ANY(keys)`, one word however many keys there are, where `__in` looks at each
    three times over. `keys`: an `array`."""
    written = {"template": "%(expressions)s)", "arg_joiner": " = ANY("}
    return Func(F(column), Value(keys), output_field=BooleanField(), **written)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value is filled in, by the name of its parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`params`: slots, and what stays as it is."""

    sql: str
    params: tuple[Any, ...]
    converted: Callable[[list[tuple[Any, ...]]], list[Any]]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        params = [values[one.name] if isinstance(one, Slot) else one for one in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return self.converted(cursor.fetchall())


def written_once(ask: Callable[P, "QuerySet[Any, R]"]) -> Callable[P, list[R]]:
    """For a function that gives a `values_list` of some columns. What it is asked with is only compared to
    columns, so that the statement is the same for any values: `ask` is called once, with stand-ins of the
    types that it declares. What it takes by keyword only, such as a limit, is part of the statement, and each
    of its few values has one of its own. TypeError where one of the others does not arrive in the statement
    as it is: where text is looked for inside of a column, or a list is asked for (that is `any_of`); and
    where the clock is read, which would stand still."""
    names = inspect.getfullargspec(ask).args

    @cache
    def statement(**shape: Any) -> Statement:
        return _write(ask, names, shape)

    @wraps(ask)
    def answer(*values: P.args, **shape: P.kwargs) -> list[R]:
        return statement(**cast(dict[str, Any], shape)).rows(dict(zip(names, values, strict=True)))

    answer.statement = statement  # type: ignore[attr-defined]  # for tests: each of ours can be written
    return answer


def _write(
    ask: Callable[..., "QuerySet[Any, Any]"], names: Sequence[str], shape: Mapping[str, Any]
) -> Statement:
    hints = get_type_hints(ask)
    stand_ins = {name: STAND_INS[hints[name]](place) for place, name in enumerate(names)}
    asked = ask(*stand_ins.values(), **shape)
    compiler = asked.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    slots = tuple(_slot(param, stand_ins) for param in params)
    iterable = asked._iterable_class
    problems = {
        "not filled in": sorted(set(stand_ins) - {one.name for one in slots if isinstance(one, Slot)}),
        "a time that would stay": [one for one in slots if isinstance(one, datetime.date)],
        "no values_list": [] if iterable in READABLE else [iterable],
        "more columns than asked for": [] if not compiler.has_extra_select else [sql],
    }
    if told := [f"{what}: {some}" for what, some in problems.items() if some]:
        raise TypeError(f"{ask.__qualname__} cannot be written once. {told}")
    converters = compiler.get_converters([expression for expression, *_sql in compiler.select])

    def converted(rows: list[tuple[Any, ...]]) -> list[Any]:
        told = map(tuple, compiler.apply_converters(rows, converters)) if converters else rows
        return list(chain.from_iterable(told) if iterable is FlatValuesListIterable else told)

    return Statement(sql, slots, converted)


def _slot(param: Any, stand_ins: dict[str, Any]) -> Any:
    same = (name for name, one in stand_ins.items() if isinstance(param, type(one)) and param == one)
    name = next(same, None)
    return param if name is None else Slot(name)
