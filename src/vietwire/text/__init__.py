"""Text as the newsroom handles it: normalising, segmenting, typography, telling languages apart.

Pure functions of strings. Nothing here reads files or keeps state between calls.
"""

from vietwire.text.articles import begin_with_article, join_articles, set_articles, with_article
from vietwire.text.clauses import split_clauses
from vietwire.text.doubled import drop_doubles
from vietwire.text.languages import LanguageGuess, detect_language
from vietwire.text.normal import fold_tones, normalise
from vietwire.text.sentences import Sentence, rejoin, split_sentences
from vietwire.text.typography import begin_as, correct_typography

__all__ = [
    "LanguageGuess",
    "Sentence",
    "begin_as",
    "begin_with_article",
    "correct_typography",
    "detect_language",
    "drop_doubles",
    "fold_tones",
    "join_articles",
    "normalise",
    "rejoin",
    "set_articles",
    "split_clauses",
    "split_sentences",
    "with_article",
]
