"""What Prometheus scrapes: how many requests by page and status, and how long they took."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

REGISTRY = CollectorRegistry()
REQUESTS = Counter("kept_requests_total", "Requests answered.", ["page", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "kept_request_seconds",
    "How long an answer took.",
    ["page"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several processes leave their counts."""


def exposition() -> bytes:
    """All counts, those of every process of the service, in Prometheus's text format."""
    if not os.environ.get(FOLDER):
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
