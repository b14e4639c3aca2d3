"""What construction does in the background: reading recognitions, pushing permits."""

from anju.construction import permits, recognitions

__all__ = ["permits", "recognitions"]
