"""An invented force with a known hidden truth."""

from kept.demo.calibration import Share, calibration
from kept.demo.force import AS_OF, Force, make
from kept.demo.planting import planted

__all__ = ["AS_OF", "Force", "Share", "calibration", "make", "planted"]
