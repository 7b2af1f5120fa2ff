"""Shared parts of the recipe that makes the embedded translation network."""
