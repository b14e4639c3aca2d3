"""What the version at the head of a sealed value says beside the number of the key."""

from __future__ import annotations

# The first bit: sealed by the HTTP service.
REMOTE = 0x8000
