"""编号: business numbers without gaps or doubles, counted per kind, area and year.

`next_number` and `format_number` are in `anju.kernel.numbering.services`, and can be had from here.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.numbering.services import format_number, next_number

__all__ = ["format_number", "next_number"]
__getattr__ = lazily(__name__, {"format_number": "services", "next_number": "services"})
