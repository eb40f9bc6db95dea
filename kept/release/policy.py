"""What the publishing body has decided: the threshold and what goes with it, beside where that stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from kept.errors import Fault, MeasureError

Zeros = Literal["shown", "suppressed"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A publishing body's rules for what may leave; MeasureError if they cannot be kept.

    publisher      who set them
    citation       where they stand, and when that was read
    threshold      the smallest count that is shown; 10 is what the ONS asks of research outputs
    rounding_base  figures are shown to the nearest multiple of it, halves upwards; None shows them as they are
    zeros          whether a true zero is shown: it counts nobody, yet tells that nobody in a group had it
    protection     how far apart the ends of what anybody can work out about a suppressed count must be at least; None
                   takes threshold - 2, which is how far apart 1 and threshold - 1 are
    """

    publisher: str
    citation: str
    threshold: int = 10
    rounding_base: int | None = None
    zeros: Zeros = "shown"
    protection: int | None = None

    def __post_init__(self) -> None:
        if found := list(_faults(self)):
            raise MeasureError.of(found)

    @property
    def width(self) -> int:
        """The least distance of the ends of what can be worked out about a suppressed count."""
        return max(self.threshold - 2, 1) if self.protection is None else self.protection

    @property
    def floor(self) -> int:
        """The least that a count marked `[c]` can be: 1 where every zero is shown."""
        return 1 if self.zeros == "shown" else 0

    def is_small(self, count: int) -> bool:
        """Whether a count must not be shown, however it is arrived at."""
        return self.floor <= abs(count) < self.threshold

    def rounded(self, count: int) -> int:
        """The count as it is printed."""
        base = self.rounding_base or 1
        return (count + base // 2) // base * base

    def meant(self, printed: int) -> tuple[int, int]:
        """The least and the greatest count that is printed like this."""
        if printed == 0:
            return 0, 0
        base = self.rounding_base or 1
        low = printed - base // 2
        high = low + base - 1
        return (max(low, self.threshold) if high >= self.threshold else low), high

    def as_data(self) -> dict[str, Any]:
        """For JSON: every field as it was set, and the width that follows."""
        return {**asdict(self), "width": self.width}

    def sentence(self) -> str:
        """What the policy does, in words for a note."""
        zeros = "" if self.zeros == "shown" else ", zero among them,"
        rounding = f" Figures are rounded to the nearest {self.rounding_base}, so that they may not add up."
        return (
            f"Counts below {self.threshold}{zeros} are suppressed, with others from which they could be worked out "
            f"({self.publisher}; {self.citation}).{rounding if self.rounding_base else ''}"
        )


def _faults(policy: Policy) -> list[Fault]:
    base = policy.rounding_base
    rules = (
        (not policy.publisher.strip(), "A policy names no publisher.", "Say which body set it."),
        (not policy.citation.strip(), "A policy has no citation.", "Say where it stands, and when it was read."),
        (policy.threshold < 2, f"A threshold of {policy.threshold} hides nothing.", "Set at least 2; 10 is usual."),
        (
            base is not None and not 1 < base <= policy.threshold,
            f"Rounding to {base} does not go with a threshold of {policy.threshold}.",
            "Round to a number from 2 to the threshold, so that nothing shown rounds to 0.",
        ),
        (
            policy.zeros not in ("shown", "suppressed"),
            f'Zeros cannot be "{policy.zeros}".',
            'Say "shown" or "suppressed".',
        ),
        (
            policy.protection is not None and policy.protection < 1,
            f"A protection of {policy.protection} leaves a suppressed count to be worked out.",
            "Set at least 1, or leave it out.",
        ),
    )
    return [Fault(what, "policy", what_to_do=remedy) for wrong, what, remedy in rules if wrong]


def policy_of(said: Mapping[str, Any], where: str = "policy") -> Policy:
    """The policy that a mapping of its fields gives; MeasureError if a field is missing, unknown or of another type."""
    allowed: dict[str, tuple[type, ...]] = {
        "publisher": (str,), "citation": (str,), "zeros": (str,), "threshold": (int,),
        "rounding_base": (int, type(None)), "protection": (int, type(None)),
    }  # fmt: skip
    faults = [Fault(f'A policy has no field "{name}".', where) for name in said if name not in allowed]
    faults += [Fault(f'A policy needs a "{name}".', where) for name in ("publisher", "citation") if name not in said]
    for name, kinds in allowed.items():
        if name in said and (not isinstance(said[name], kinds) or isinstance(said[name], bool)):
            faults.append(Fault(f'"{name}" of a policy cannot be {said[name]!r}.', where))
    if faults:
        raise MeasureError.of(faults)
    return Policy(**said)


def load_policy(path: Path) -> Policy:
    """Read a policy from a YAML file; MeasureError if it cannot be read or kept."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise MeasureError("The policy cannot be read.", str(path), why, "Check its path; it is a YAML file.") from None
    if not isinstance(said, dict):
        raise MeasureError("The policy is not a list of fields.", str(path), what_to_do="Write `threshold: 10` …")
    return policy_of(said, str(path))
