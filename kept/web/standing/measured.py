"""What Prometheus scrapes: how many requests by page and status, and how long they took."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

from kept.web.environment import COUNTS_FOLDER
from kept.web.jobs import background

REGISTRY = CollectorRegistry()
REQUESTS = Counter("kept_requests_total", "Requests answered.", ["page", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "kept_request_seconds",
    "How long an answer took.",
    ["page"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
_WORK = CollectorRegistry(auto_describe=False)
_WORK.register(background.Measured())


def exposition() -> bytes:
    """All counts, those of every process of the service and those of its work, in Prometheus's text format."""
    return generate_latest(_requests()) + generate_latest(_WORK)


def _requests() -> CollectorRegistry:
    if not os.environ.get(COUNTS_FOLDER):
        return REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
