"""What every noun with a state has: a `status` and one table of the moves there are.

`grants.actions.states.move` is the only way from one to another.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models

Transitions = Mapping[str, frozenset[str]]


class Stateful(models.Model):
    """`TRANSITIONS[old]` is the set of states that may follow `old`; a state without an entry is final."""

    TRANSITIONS: ClassVar[Transitions]
    status: "models.CharField[Any, Any]"

    class Meta:
        abstract = True

    def status_label(self) -> str:
        """The state in words."""
        field: Any = self._meta.get_field("status")
        return str(dict(field.flatchoices).get(self.status, self.status))

    def may_become(self, status: str) -> bool:
        return status in self.TRANSITIONS.get(self.status, frozenset())


def one_of(statuses: Iterable[str], name: str) -> models.CheckConstraint:
    """The database accepts no state outside the table."""
    return models.CheckConstraint(condition=models.Q(status__in=list(statuses)), name=name)
