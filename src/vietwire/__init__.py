"""vietwire: Vietnamese news in, five languages out, checked, and queued for people."""

__version__ = "0.1.0"
