"""What a process remembers of the data while they stay. dashboards/stamp.py tells when they have changed."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast
from uuid import uuid4

from django.utils.translation import get_language

P = ParamSpec("P")
T = TypeVar("T")


class Subject(StrEnum):
    """What a figure hangs on."""

    NATIONS = "nations"  # nations, their people, what is spoken there, and what month it is
    FIGURES = "figures"  # cells, give and take, the baseline and yearly tables, by nation
    HOLDINGS = "holdings"  # what the commons holds for each language
    GRANTS = "grants"  # calls, awards, what is used of them: what people do here; what day it is
    COMMONS = "commons"  # all of that; artefacts, accounts: what comes in
    ALL = "all"

    def changes_with(self, fact: "Subject") -> bool:
        """Whether what hangs on this one may change with a fact of that."""
        wider = {Subject.GRANTS: Subject.COMMONS}.get(fact)
        return self is Subject.ALL or fact is Subject.NATIONS or self in {fact, wider}


REMEMBERED = 32  # answers of one function; a figure with its drawings is up to half a megabyte


class States(NamedTuple):
    """`of`: what state each subject is in; `age`: when what a process remembers of them was last let go."""

    of: Mapping[Subject, str]
    age: str


_states: "OrderedDict[str, States]" = OrderedDict()  # of the parts, by that of the whole
_supposed: dict[Subject, str] = {}  # changes that bench and tests suppose
_current: ContextVar[str] = ContextVar("stamp", default="")


@contextmanager
def standing_at(stamp: str) -> Iterator[None]:
    """While a page is drawn from data of this state."""
    token = _current.set(stamp)
    try:
        yield
    finally:
        _current.reset(token)


_remembered: list[tuple[tuple[Subject, ...], "OrderedDict[Any, Any]"]] = []
_NOTHING = object()


def remembered_while(*subjects: Subject) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """For what many pages read and nobody changes: read once while the data of its subjects stay as they are,
    and never written to by who gets it. Outside a page that knows its state it is read anew."""

    def told(function: Callable[P, T]) -> Callable[P, T]:
        answers: OrderedDict[Any, Any] = OrderedDict()
        _remembered.append((subjects, answers))

        @wraps(function)
        def read(*args: P.args, **kwargs: P.kwargs) -> T:
            stamp = _current.get()
            if not stamp:
                return function(*args, **kwargs)
            known = _states.get(stamp)
            state = (known.age, *(known.of[subject] for subject in subjects)) if known else stamp
            key = state, get_language(), args, tuple(kwargs.items())
            if (kept := answers.get(key, _NOTHING)) is not _NOTHING:
                with suppress(KeyError):  # another thread may drop it meanwhile
                    answers.move_to_end(key)  # who is asked for often stays
                return cast(T, kept)
            answers[key] = answer = function(*args, **kwargs)
            while len(answers) > REMEMBERED:
                answers.popitem(last=False)
            return answer

        return read

    return told


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The same for what hangs on most subjects: while all data stay."""
    return remembered_while(Subject.ALL)(function)


def state_of(*subjects: Subject) -> str:
    """What the page that is drawn now has been told of these; empty outside of one, or where that is long
    ago."""
    known = _states.get(_current.get())
    return " ".join(known.of[one] + _supposed.get(one, "") for one in subjects) if known else ""


def tell(stamp: str, states: Mapping[Subject, str], age: str) -> None:
    """What state each subject is in where all data are in this one."""
    _states[stamp] = States(states, age)
    while len(_states) > REMEMBERED:
        _states.popitem(last=False)


def drop(changed: Subject) -> None:
    """As after a change of this subject: what hangs on it, if on others too, is read anew, and what other
    processes know of it is no longer good here. On nations hangs everything."""
    _supposed.update({one: uuid4().hex for one in Subject if one.changes_with(changed)})
    _let_go(changed)


def begin_anew() -> None:
    """As a process that has just begun: it knows nothing itself, but may learn what others know."""
    _let_go(Subject.NATIONS)


def _let_go(changed: Subject) -> None:
    for subjects, answers in _remembered:
        if any(one.changes_with(changed) for one in subjects):
            answers.clear()
