"""``python -m vietwire.review`` prints ``docs/draft-states.md``."""

import sys

from vietwire.review.workflow import page

sys.stdout.write(page())
