"""The desk's pages, one module a subject. Each has a blueprint named ``pages``."""
