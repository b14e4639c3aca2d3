"""What construction does in the background: reading recognitions, pushing permits."""

from anju.construction import editions, projects, recognitions, registration

__all__ = ["editions", "projects", "recognitions", "registration"]
