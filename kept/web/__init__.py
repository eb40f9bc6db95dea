"""The web service: what each person sees, and only that.

How it hangs together: docs/explanation/the-service.md. Only `kept.cli` imports it, and only when it is asked to serve.
"""
