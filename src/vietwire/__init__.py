"""vietwire: Vietnamese news stories, translated into five languages, checked, and queued for people."""

__version__ = "0.1.0"
