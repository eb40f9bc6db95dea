"""The loader of YAML that makes plain values only, as fast as it is there."""

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML that was built without libyaml: eight times slower, the same otherwise
    from yaml import SafeLoader  # type: ignore[assignment]

__all__ = ["SafeLoader"]
