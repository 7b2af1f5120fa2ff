"""A made-up corpus in the layout of the real one."""

from __future__ import annotations

import lzma
import random
from dataclasses import dataclass
from pathlib import Path

RECIPE = Path(__file__).resolve().parents[2] / "models" / "training"
CONFIGS = RECIPE / "configs" / "toy"
SYLLABLES = [
    first + last
    for first in ("b", "đ", "h", "ng", "th", "tr")
    for last in ("ạn", "ước", "ội", "ền", "ưởng", "ẩm", "ắng", "ộng")
]
HAN = (
    "国会议长总理部合作发展经济政治文化教育医疗卫生安全海洋"
    "东南亚联盟峰声明宣言人民社区和平稳定区域支柱环境"
)
FUNCTION = {"en": "the", "fr": "le", "es": "el", "ru": "и"}


def _made_up(language: str, rng: random.Random) -> str:
    letters = {"en": "bdglmnprst", "fr": "cdlmnprtv", "es": "bcdlmnrst", "ru": "бвдклмнпрст"}
    vowels = {"en": "aeiou", "fr": "aéiou", "es": "aeióu", "ru": "аеиоу"}
    return "".join(
        rng.choice(letters[language]) + rng.choice(vowels[language])
        for _ in range(rng.choice((2, 3)))
    )


def write_corpus(folder: Path, rows: int = 260) -> dict[str, dict[str, str]]:
    """Write ``news`` and ``lexicon`` below ``folder``; return the dictionary they speak."""
    rng = random.Random(7)
    words = {
        syllable: {
            **{language: _made_up(language, rng) for language in FUNCTION},
            "zh": HAN[number % len(HAN)] + HAN[(number * 7 + 3) % len(HAN)],
        }
        for number, syllable in enumerate(SYLLABLES)
    }
    parallel = folder / "parallel"
    parallel.mkdir(parents=True)
    header = "corpus\tvi\ten\tfr\tes\tzh\tru\n"
    with lzma.open(parallel / "news.tsv.xz", "wt", encoding="utf-8") as out:
        out.write(header)
        for _ in range(rows):
            chosen = rng.sample(SYLLABLES, rng.randint(7, 11))
            row = ["toy_news", " ".join(chosen).capitalize() + "."]
            for language in ("en", "fr", "es", "zh", "ru"):
                if language == "zh":
                    row.append("".join(words[word]["zh"] for word in chosen) + "。")
                    continue
                said = [words[word][language] for word in chosen]
                said.insert(1, FUNCTION[language])
                row.append(" ".join(said).capitalize() + ".")
            out.write("\t".join(row) + "\n")
        out.write(
            "toy_news\tMột dòng có <b>thẻ</b> bên trong nó\tA line with <b>tags</b>\t\t\t\t\n"
        )
        out.write("toy_news\tNăm 2020 có 17 hội nghị lớn ở đây\tIn the year 1999 of it\t\t\t\t\n")
    with lzma.open(parallel / "lexicon.tsv.xz", "wt", encoding="utf-8") as out:
        out.write(header)
        for syllable, entry in words.items():
            row = ["toy_lexicon", syllable] + [entry[x] for x in ("en", "fr", "es", "zh", "ru")]
            out.write("\t".join(row) + "\n")
    return words


@dataclass(frozen=True)
class Run:
    """Folders of one run of the recipe over the toy corpus."""

    data: Path
    work: Path
    checkpoints: Path
    out: Path
