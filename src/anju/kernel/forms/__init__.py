"""Forms: schemas of sections, fields and repeated groups, validated here and rendered by both faces; dictionaries."""

from anju.kernel.forms.dictionaries import Dictionary, Entry, dictionaries, dictionary, provide
from anju.kernel.forms.schema import Field, Schema, SchemaInvalid, Section, load, read_schema
from anju.kernel.forms.validation import validate, validate_rows

__all__ = [
    "Dictionary",
    "Entry",
    "Field",
    "Schema",
    "SchemaInvalid",
    "Section",
    "dictionaries",
    "dictionary",
    "load",
    "provide",
    "read_schema",
    "validate",
    "validate_rows",
]
