"""How much, and how often, a token may ask."""

from __future__ import annotations

import time

from django.core.cache import cache

from kept.web.api.models import Token

MOST_BYTES = 1_000_000
"""The longest request."""
MOST_A_MINUTE = 600
"""Requests of one token to one process of the service in a minute."""


def is_too_often(token: Token) -> bool:
    """Count a request of a token; whether it is one too many in this minute."""
    key = f"api-{token.pk}-{int(time.time() // 60)}"
    cache.add(key, 0, 120)
    return int(cache.incr(key)) > MOST_A_MINUTE
