"""What construction does in the background: reading recognitions, pushing permits."""

from anju.construction import editions, recognitions, registration

__all__ = ["editions", "recognitions", "registration"]
