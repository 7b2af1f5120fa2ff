"""``python -m vietwire`` is the ``vietwire`` command."""

from vietwire.cli import main

if __name__ == "__main__":
    main()
