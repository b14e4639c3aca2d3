"""The order in which people look for Chinese names; the database's own collation knows nothing of pinyin."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def sort_key(text: str, length: int = 400) -> str:
    """A key by which names sort as in a dictionary: the syllables with tones, then the name itself."""
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(part.lower() for part in syllables)[:length]
