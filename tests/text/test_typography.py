import random

import pytest

from vietwire.text import begin_as, correct_typography

N, T = "\u00a0", "\u202f"
#: Text whose meaning a correction would change: it stays as it is.
LEFT_ALONE = [
    ("es", "La empresa Yahoo! anunció su venta."),
    ("es", "Go! Running Tours abre en Hanoi."),
    ("es", "Jeopardy! es un programa de televisión!"),
    ("es", "Ganaron por 3 : 1 ayer."),
    ("fr", "Yahoo! a annoncé sa vente."),
    ("zh", '5"屏幕和6"屏幕'),
    ("zh", "《减负增效添干劲 实干担当谱新篇》"),
    ("es", "El petro?leo crudo subió."),
    ("ru", "от -5 до - 3 градусов"),
    ("ru", "премьер - министр"),
    ("ru", "из - за дождя когда - нибудь"),
    ("ru", "3 : 1 в пользу гостей"),
    ("en", "a score of 3 : 1"),
    ("en", "wait . . ."),
]
CASES = [
    # French
    ("fr", "Pourquoi?", f"Pourquoi{T}?"),
    ("fr", "Bravo !", f"Bravo{T}!"),
    ("fr", "Un; deux: trois", f"Un{T}; deux{N}: trois"),
    ("fr", 'Il a dit: "Oui!"', f"Il a dit{N}: «{N}Oui{T}!{N}»"),
    ("fr", "Le “partenariat” est signé.", f"Le «{N}partenariat{N}» est signé."),
    ("fr", "«Oui», dit-il.", f"«{N}Oui{N}», dit-il."),
    ("fr", "La ASEAN et le FMI, la UE", "L'ASEAN et le FMI, l'UE"),
    ("fr", "« Un mot “juste” ici »", f"«{N}Un mot “juste” ici{N}»"),
    ("fr", "L’ASEAN et l’UE", "L'ASEAN et l'UE"),
    ("fr", "à 12:30, 3:1, https://a.vn/b?c=d;e!", "à 12:30, 3:1, https://a.vn/b?c=d;e!"),
    ("fr", "Vraiment ?!", f"Vraiment{T}?!"),
    ("fr", "en 2020? 45 % , oui", f"en 2020{T}? 45{N}%, oui"),
    ("fr", 'Un écran de 15" neuf', 'Un écran de 15" neuf'),
    ("fr", 'Une citation "ouverte', f"Une citation «{N}ouverte"),
    ("fr", "Écrire à a.b@vnanet.vn: merci", f"Écrire à a.b@vnanet.vn{N}: merci"),
    # Spanish
    ("es", "Qué hará la ASEAN?", "¿Qué hará la ASEAN?"),
    ("es", "Firmó. Y ahora qué pasa?", "Firmó. ¿Y ahora qué pasa?"),
    ("es", "Si no firma, qué hará?", "Si no firma, ¿qué hará?"),
    ("es", "¿Qué hará la ASEAN?", "¿Qué hará la ASEAN?"),
    ("es", "Viva Vietnam!", "¡Viva Vietnam!"),
    ("es", "Dijo ayer, en Hanoi, que vendría?", "Dijo ayer, en Hanoi, que vendría?"),
    ("es", 'El "gran éxito" , dijo', "El “gran éxito”, dijo"),
    ("es", "El espíritu “ cohesiva y adaptativa ”.", "El espíritu “cohesiva y adaptativa”."),
    ("en", "the theme “ Cohesive and Responsive.”", "the theme “Cohesive and Responsive.”"),
    ("es", "¿ Cuándo ?", "¿Cuándo?"),
    ("es", "https://a.es/?q=1", "https://a.es/?q=1"),
    ("es", "Visite www.a.vn?", "¿Visite www.a.vn?"),
    # Chinese
    ("zh", "他说:你好,世界.", "他说：你好，世界。"),
    ("zh", "增长1,234.5亿美元,同比增长3.5%.", "增长1,234.5亿美元，同比增长3.5%。"),
    ("zh", "会议 在 河内 举行。", "会议在河内举行。"),
    ("zh", "东盟(ASEAN)峰会", "东盟（ASEAN）峰会"),
    ("zh", '他说:"是."', "他说：“是。”"),
    ("zh", "为什么?好!", "为什么？好！"),
    ("zh", "详见https://a.vn/x,y?z=1,谢谢", "详见https://a.vn/x,y?z=1，谢谢"),
    ("zh", "12:30开始,比分3:1", "12:30开始，比分3:1"),
    ("zh", "发言人 Le Thi Thu Hang, Hanoi", "发言人 Le Thi Thu Hang, Hanoi"),
    ("zh", "等等...", "等等……"),
    ("zh", "加入了ASEAN.", "加入了ASEAN。"),
    ("zh", "辉瑞公司Pfizer Inc.", "辉瑞公司Pfizer Inc."),
    ("zh", "「团结」", "“团结”"),
    ("zh", "Hanoi, Vietnam.", "Hanoi, Vietnam."),
    # Russian
    ("ru", 'Он сказал: "Да".', "Он сказал: «Да»."),
    ("ru", "Он сказал “да”.", "Он сказал «да»."),
    ("ru", "Ханой - столица Вьетнама", "Ханой — столица Вьетнама"),
    ("ru", "река Меконг – столица", "река Меконг — столица"),
    ("ru", "саммит АСЕАН - Китай - это успех", "саммит АСЕАН - Китай — это успех"),
    ("ru", "Видение Сообщества АСЕАН – 2025", "Видение Сообщества АСЕАН – 2025"),
    ("ru", "с 12 - 15 ноября, 37-й саммит", "с 12 - 15 ноября, 37-й саммит"),
    ("ru", "« Да » , сказал он", "«Да», сказал он"),
    ("ru", "поезд Москва—Пекин", "поезд Москва—Пекин"),
    ("ru", "В 2020 - рост", "В 2020 — рост"),
    # English
    ("en", "He said : yes , of course .", "He said: yes, of course."),
    ("en", "The  summit ( 37th ) opened", "The summit (37th) opened"),
    ("en", 'He said "yes" - and left', 'He said "yes" - and left'),
    ("en", "visit .vn and .NET sites", "visit .vn and .NET sites"),
    # a language we do not publish in
    ("vi", 'Ông nói : "Có"', 'Ông nói : "Có"'),
    ("fr", "", ""),
]


@pytest.mark.parametrize(("language", "text"), LEFT_ALONE)
def test_what_could_mean_something_else_is_left_alone(language: str, text: str) -> None:
    assert correct_typography(text, language) == text


@pytest.mark.parametrize(("language", "text", "want"), CASES)
def test_corrections(language: str, text: str, want: str) -> None:
    assert correct_typography(text, language) == want


PIECES = {
    "en": ["He", "said", '"', "yes", " ,", "."],
    "fr": ["Il", "dit", "l’ASEAN", "«", "»", "“", "”", "%", "?", "!", ";", ":"],
    "es": ["Qué", "dijo", "¿", "¡", "?", "!", "“", "”", "y"],
    "zh": ["东盟", "峰会", "，", "。", "（", "）", "(", ")", "“", "”", "...", "ASEAN"],
    "ru": ["Ханой", "столица", "—", "–", "«", "»", "“", "”", "„"],
}
SHARED = [
    " ",
    " ",
    "  ",
    '"',
    ",",
    ".",
    ":",
    "12",
    "1.234,5",
    "12:30",
    "https://a.vn/b?c,d",
    "@ttxvn",
]
KEPT = ["1.234,5", "https://a.vn/b?c,d", "12:30", "a.b@vnanet.vn", "@ttxvn"]


@pytest.mark.parametrize("language", PIECES)
def test_correcting_twice_changes_nothing_more(language: str) -> None:
    chance = random.Random(language)
    for _ in range(3000):
        text = "".join(
            chance.choice(PIECES[language] + SHARED) for _ in range(chance.randrange(1, 14))
        )
        once = correct_typography(text, language)
        assert correct_typography(once, language) == once, repr(text)


@pytest.mark.parametrize("language", PIECES)
def test_addresses_and_numbers_are_never_touched(language: str) -> None:
    chance = random.Random(language)
    for _ in range(300):
        words = [chance.choice(PIECES[language]) for _ in range(6)]
        kept = chance.choice(KEPT)
        words.insert(3, f" {kept} ")
        assert kept in correct_typography("".join(words), language)


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        ("Lễ khai mạc diễn ra.", "opening ceremony takes place.", "Opening ceremony takes place."),
        ("“Lễ khai mạc” diễn ra.", "« cérémonie » a lieu.", "« Cérémonie » a lieu."),
        ("Thủ tướng phát biểu.", "премьер-министр выступил.", "Премьер-министр выступил."),
        ("eBay tăng giá.", "eBay rises.", "eBay rises."),
        ("Hãng eBay tăng giá.", "eBay rises.", "eBay rises."),
        ("Công ty iPhone", "iPhone maker", "iPhone maker"),
        ("trong khi đó", "meanwhile", "meanwhile"),
        ("Hội nghị", "会议", "会议"),
        ("12 nước", "twelve countries", "twelve countries"),
        ("Xem vnanet.vn", "", ""),
    ],
)
def test_a_translation_begins_with_a_capital_where_its_source_does(
    source: str, target: str, wanted: str
) -> None:
    assert begin_as(source, target) == wanted
