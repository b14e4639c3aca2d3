"""The building blocks: they know nothing about housing, and everything else stands on them."""
