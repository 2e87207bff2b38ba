"""The staff panel under /admin and the simulated phone at /phone, for `main` to mount.

A view reads or changes something through one verb of a room below, in one transaction, and renders; nothing is decided
here but who may do what (`access`) and how it looks.
"""

from admin.mounting import mount
from admin.services import Services

__all__ = ["Services", "mount"]
