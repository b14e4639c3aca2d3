"""A model field that holds a text sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from anju.kernel.crypto.sealing import open_text, seal_text

if TYPE_CHECKING:
    _TextColumn = models.Field[Any, Any]
else:
    _TextColumn = models.Field


class EncryptedText(_TextColumn):
    """A text that is sealed in its column (bytea) and plain in Python.

    Sealing the same text twice gives different bytes, so the column cannot be searched or ordered: keep `blind(text)`
    beside it in a BinaryField with an index.
    """

    description = "sealed text"
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        return seal_text(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        return None if value is None else open_text(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed and cannot be searched; filter its blind index instead")
        return super().get_lookup(lookup_name)
