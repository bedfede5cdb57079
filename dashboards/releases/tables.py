"""All tables of a release, in the order they are listed: first what others refer to."""

from dashboards.releases import added, given, reference
from dashboards.releases.table import Table

TABLES: tuple[Table, ...] = (*reference.TABLES, *added.TABLES, *given.TABLES)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
