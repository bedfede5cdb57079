"""Reading a yearly table: a CSV file as its description says (yearly_schema.py). Pure: it writes nothing.

An empty cell is unknown and gives no row; it is never zero. A code that is no nation is refused, unless the
description lists it as an aggregate, which would count its members twice.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from contributions.yearly_schema import BadSchema, Field, Schema, read_schema
from mission.errors import Refused

STEP, LARGEST = Decimal("0.000001"), Decimal(10) ** 18  # what YearlyValue.value holds; finer is rounded


class Row(NamedTuple):
    nation: str  # ISO 3166-1 alpha-2
    year: int
    dimension: str
    value: Decimal


def _refuse(file: Path, where: str, what: str) -> Refused:
    sentence = _("%(file)s, %(where)s: %(what)s Nothing was imported.")
    return Refused(sentence % {"file": file.name, "where": where, "what": what}, code="bad_file", status=422)


def _line(number: int) -> str:
    return _("line %(number)s") % {"number": number}


def described(file: Path) -> tuple[Schema, dict[str, object]]:
    """The description in `file`, and its JSON. Raises Refused."""
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        return read_schema(document), document
    except OSError as error:
        raise Refused(_("%(file)s cannot be read.") % {"file": file}, status=422) from error
    except BadSchema as error:
        raise _refuse(file, _("description"), str(error)) from error
    except json.JSONDecodeError as error:
        raise _refuse(file, _line(error.lineno), _("this is not valid JSON.")) from error
    except UnicodeDecodeError as error:
        raise _refuse(file, _("description"), _("it is not UTF-8.")) from error


def _number(text: str, field: Field) -> Decimal:
    plain = text.replace(field.group_char, "") if field.group_char else text
    plain = plain.replace(field.decimal_char, ".") if field.decimal_char != "." else plain
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("nan")
    whole = field.type in ("integer", "year")
    if not number.is_finite() or not plain.isascii() or "_" in plain:
        raise ValueError(_("“%(text)s” in “%(name)s” is not a number.") % {"text": text, "name": field.name})
    if whole and number != number.to_integral_value():
        raise ValueError(
            _("“%(text)s” in “%(name)s” is not a whole number.") % {"text": text, "name": field.name}
        )
    if abs(number) >= LARGEST:
        raise ValueError(_("“%(text)s” in “%(name)s” is too large.") % {"text": text, "name": field.name})
    return number


def _check(text: str, field: Field) -> None:
    """The constraints of the description. Raises ValueError."""
    facts = {"text": text, "name": field.name}
    if field.enum and text not in field.enum:
        raise ValueError(_("“%(text)s” is not among the values of “%(name)s”.") % facts)
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise ValueError(_("“%(text)s” does not fit the pattern of “%(name)s”.") % facts)
    if field.minimum and _number(text, field) < Decimal(field.minimum):
        raise ValueError(_("“%(text)s” is below the least value of “%(name)s”.") % facts)
    if field.maximum and _number(text, field) > Decimal(field.maximum):
        raise ValueError(_("“%(text)s” is above the greatest value of “%(name)s”.") % facts)


def _cell(record: Mapping[str, str], schema: Schema, role: str) -> str:
    """The text of a cell, checked; empty where the publisher left it out."""
    field = schema.fields.get(role)
    if field is None:
        return ""
    text = record[field.name].strip()
    if text in schema.missing:
        if field.required or role in ("nation", "year"):
            raise ValueError(_("“%(name)s” is empty.") % {"name": field.name})
        return ""
    _check(text, field)
    return text


def _parse(record: Mapping[str, str], schema: Schema, nations: Mapping[str, str]) -> Row | None:
    """One row; None where it is about an aggregate, or its value is unknown. Raises ValueError."""
    code = record[schema.fields["nation"].name].strip()
    if code in schema.aggregates:
        return None
    code, year_text = _cell(record, schema, "nation"), _cell(record, schema, "year")
    if code not in nations:
        raise ValueError(
            _("“%(code)s” is no nation of ISO 3166-1. If it is a group, list it under “aggregates”.")
            % {"code": code}
        )
    year = int(_number(year_text, schema.fields["year"]))
    if not 1800 <= year <= 2100:
        raise ValueError(_("%(year)s is not a year.") % {"year": year})
    dimension, text = _cell(record, schema, "dimension"), _cell(record, schema, "value")
    if len(dimension) > 100:
        raise ValueError(_("the dimension is longer than 100 characters."))
    if not text:
        return None
    return Row(nations[code], year, dimension, _number(text, schema.fields["value"]).quantize(STEP))


def read_table(file: Path, schema: Schema, nations: Mapping[str, str]) -> Iterator[Row]:
    """Every known value. `nations`: alpha-2 by alpha-2 and by alpha-3. Refuses at the first bad row."""
    try:
        stream = file.open(encoding="utf-8-sig", errors="strict", newline="")
    except OSError as error:
        raise Refused(_("%(file)s cannot be read.") % {"file": file}, status=422) from error
    seen: set[tuple[str, int, str]] = set()
    with stream:
        reader = csv.reader(stream, strict=True, delimiter=schema.delimiter)
        try:
            header = next(reader, [])
            if lacking := [each.name for each in schema.fields.values() if each.name not in header]:
                raise ValueError(_("the header lacks %(names)s.") % {"names": ", ".join(lacking)})
            for fields in reader:
                if not fields:
                    continue
                if len(fields) != len(header):
                    what = _("%(there)s columns where the header has %(wanted)s.")
                    raise ValueError(what % {"there": len(fields), "wanted": len(header)})
                row = _parse(dict(zip(header, fields, strict=True)), schema, nations)
                if row is None:
                    continue
                if (key := row[:3]) in seen:
                    raise ValueError(_("the same nation, year and dimension came before."))
                seen.add(key)
                yield row
        except (ValueError, csv.Error) as error:  # a UnicodeDecodeError is a ValueError
            raise _refuse(file, _line(max(reader.line_num, 1)), str(error)) from error
