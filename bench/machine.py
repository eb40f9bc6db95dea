"""On what was measured."""

import os
import platform
from typing import Any


def machine() -> dict[str, Any]:
    """The cores, the memory in gigabytes and the Python of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count(), "memory_gb": round(memory / 2**30), "python": platform.python_version()}
