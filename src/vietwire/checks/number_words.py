"""The number words of five languages, with their forms.

Tables of our own: no library known to us reads numbers in Vietnamese, Chinese and Russian (with its
cases) as well as in English, French and Spanish, and a draft needs one answer from all of them.
Chinese, which has no word boundaries, is read in ``numerals``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: What a word does to the number being read: adds a value, multiplies by ten or a hundred, scales.
ADD, TIMES, SCALE, LINK = "add", "times", "scale", "link"


@dataclass(frozen=True, slots=True)
class Word:
    """What a number word does, its value, and whether it is an ordinal."""

    does: str
    value: float
    ordinal: bool = False


def _pairs(listed: str) -> Iterator[tuple[str, float]]:
    for item in listed.split():
        word, value = item.split("=")
        for form in word.split("/"):
            yield form, float(value)


def _table(
    add: str = "", times: str = "", scale: str = "", link: str = "", ordinal: str = ""
) -> dict[str, Word]:
    table = {word: Word(ADD, value) for word, value in _pairs(add)}
    table |= {word: Word(TIMES, value) for word, value in _pairs(times)}
    table |= {word: Word(SCALE, value) for word, value in _pairs(scale)}
    table |= {word: Word(LINK, 0) for word in link.split()}
    table |= {word: Word(ADD, value, True) for word, value in _pairs(ordinal)}
    return table


_VI = _table(
    add="một/mốt=1 hai/đôi=2 ba=3 bốn/tư=4 năm/lăm=5 sáu=6 bảy/bẩy=7 tám=8 chín=9 mười=10",
    times="mươi=10 chục=10 trăm=100",
    scale="nghìn/ngàn=1e3 vạn=1e4 triệu=1e6 tỷ/tỉ=1e9",
    link="lẻ linh",
    ordinal="nhất=1 nhì=2",
)
_EN = _table(
    add="zero=0 one/once=1 two/both/twice/couple=2 three/thrice=3"
    " double/doubled/doubles/doubling/twofold=2"
    " triple/tripled/triples/tripling/threefold=3 quadruple/quadrupled/quadrupling/fourfold=4"
    " quintuple/quintupled/fivefold=5 sixfold=6 sevenfold=7 eightfold=8 ninefold=9 tenfold=10"
    " four=4 five=5 six=6 seven=7 eight=8 nine=9 ten/decade=10 eleven=11 twelve/dozen=12"
    " thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19"
    " twenty=20 thirty=30 forty=40 fifty=50"
    " sixty=60 seventy=70 eighty=80 ninety=90",
    times="hundred=100",
    scale="thousand=1e3 million/mln/millions=1e6 billion/bln/bn/billions=1e9 trillion=1e12"
    " quadrillion=1e15",
    link="and",
    ordinal="first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10"
    " eleventh=11 twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17"
    " eighteenth=18 nineteenth=19 twentieth=20 thirtieth=30 fortieth=40 fiftieth=50 hundredth=100"
    " quarter=4 half=0.5",
)
_FR = _table(
    add="zéro=0 un/une=1 deux=2 trois=3 double/doublé=2 triple/triplé=3"
    " quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9"
    " dix/dizaine/décennie=10 onze=11 douze/douzaine=12 treize=13 quatorze=14 quinze/quinzaine=15"
    " seize=16 vingt/vingtaine=20 trente/trentaine=30 quarante=40 cinquante/cinquantaine=50"
    " soixante/soixantaine=60 quatreivingt=80 quatreivingts=80 demi/moitié=0.5"
    " doublée/doublés/doublées/doublent/doubler=2 triplée/triplés/triplées/triplent/tripler=3"
    " quadruplé/quadruplée/quadruplés/quadruplées/quadruplent/quadrupler=4"
    " quintuplé/quintuplée/quintuplés/quintuplées/quintuplent/quintupler=5 décuplé/décuplée=10",
    times="cent/cents/centaine/centaines=100",
    scale="mille/millier/milliers=1e3 million/millions=1e6 milliard/milliards/mds/md=1e9"
    " billion/billions=1e12 billiards=1e15",
    link="et",
    ordinal="premier/première/premiers/premières=1 second/seconde/deuxième/deuxièmes=2 troisième=3"
    " tiers=3 quatrième/quart=4 cinquième=5 sixième=6 septième=7 huitième=8 neuvième=9 dixième=10"
    " onzième=11 douzième=12 treizième=13 quatorzième=14 quinzième=15 seizième=16 vingtième=20"
    " trentième=30 quarantième=40 cinquantième=50 soixantième=60 centième=100 unième=1",
)


def _both_genders(listed: str) -> str:
    """Spanish ordinals as o: also -a, -os, -as."""
    result = []
    for item in listed.split():
        word, value = item.split("=")
        result.append("/".join(word + end for end in ("o", "a", "os", "as")) + "=" + value)
    return " ".join(result)


_ES = _table(
    add="cero=0 un/uno/una=1 dos/ambos/ambas=2 tres=3 doble=2 triple=3"
    " duplicó/duplica/duplican/duplicaron/duplicar/duplicado/duplicada/duplicados/duplicadas=2"
    " triplicó/triplica/triplican/triplicaron/triplicar/triplicado/triplicada=3"
    " triplicados/triplicadas=3 cuádruple=4 quíntuple=5"
    " cuadruplicó/cuadruplica/cuadruplican/cuadruplicaron/cuadruplicar/cuadruplicado=4"
    " quintuplicó/quintuplica/quintuplican/quintuplicaron/quintuplicar/quintuplicado=5"
    " veintena=20 treintena=30"
    " cuatro=4 cinco=5 seis=6 siete=7 ocho=8"
    " nueve=9 diez/década/decena=10 once=11 doce/docena=12 trece=13 catorce=14 quince/quincena=15"
    " dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno/veintiún=21"
    " veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 veintiséis=26 veintisiete=27"
    " veintiocho=28 veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70"
    " ochenta=80 noventa=90 cien/ciento=100 doscientos/doscientas=200 trescientos/trescientas=300"
    " cuatrocientos=400 quinientos/quinientas=500 seiscientos=600 setecientos=700 ochocientos=800"
    " novecientos=900 medio/media/mitad=0.5",
    times="centenar/centenares=100",
    scale="mil/miles/millar/millares=1e3 millón/millones=1e6 billón/billones=1e12",
    link="y",
    ordinal="primer=1 tercer=3 tercio=3 "
    + _both_genders(
        "primer=1 segund=2 tercer=3 cuart=4 quint=5 sext=6 séptim=7 octav=8 noven=9 décim=10"
        " undécim=11 duodécim=12 vigésim=20 trigésim=30 cuadragésim=40 quincuagésim=50"
        " decimotercer=13 decimocuart=14 decimoquint=15 decimosext=16 decimoséptim=17"
        " decimoctav=18 decimonoven=19 vigesimoprimer=21 vigesimosegund=22 vigesimotercer=23"
    ),
)


def _russian_table() -> dict[str, Word]:
    table = _table(
        add="ноль=0 один/одна/одно/одного/одной/одному/одну/одним/одном=1"
        " два/две/двух/двум/двумя/оба/обе/обеих/обоих/обеим/обоим/дважды/вдвое=2"
        " три/трёх/трех/трём/трем/тремя/трижды/втрое=3"
        " двое/двоих/двоим/двоими=2 трое/троих/троим/троими=3"
        " четыре/четырёх/четырех/четырём/четырем/вчетверо=4"
        " впятеро=5 вшестеро=6 всемеро=7 ввосьмеро=8 вдевятеро=9 вдесятеро=10"
        " сорок/сорока=40 сто/ста=100 двести/двухсот=200 триста/трехсот/трёхсот=300"
        " четыреста=400 полтора/полторы/полутора=1.5"
        " полтысячи=500 полмиллиона=5e5 полмиллиарда=5e8"
        " половина/половины/половину=0.5 десяток/десятки=10"
        " десятилетие/десятилетия=10",
        times="сотня/сотни/сотню/сотне/сотней/сотен/сотням/сотнями=100",
        scale="тысяча/тысячи/тысяч/тысячу/тысячам/тысячами/тыс=1e3"
        " миллион/миллиона/миллионов/миллионам/млн=1e6"
        " миллиард/миллиарда/миллиардов/миллиардам/млрд=1e9"
        " триллион/триллиона/триллионов/трлн=1e12",
        ordinal="треть/трети=3 четверть/четверти=4",
    )
    soft = (
        "пят=5 шест=6 сем=7 восем=8 девят=9 десят=10 одиннадцат=11 двенадцат=12 тринадцат=13"
        " четырнадцат=14 пятнадцат=15 шестнадцат=16 семнадцат=17 восемнадцат=18 девятнадцат=19"
        " двадцат=20 тридцат=30"
    )
    for stem, value in _pairs(soft):
        for end in ("ь", "и", "ью"):
            table[stem + end] = Word(ADD, value)
    table |= {form: Word(ADD, 8) for form in ("восьми", "восемью")}
    collective = "четвер=4 пятер=5 шестер=6 семер=7 восьмер=8 девятер=9 десятер=10"
    for stem, value in _pairs(collective):
        for end in ("о", "ых", "ым", "ыми"):
            table[stem + end] = Word(ADD, value)
    for stem, value in _pairs("удвои=2 утрои=3"):
        for end in ("л", "ла", "ло", "ли", "лся", "лась", "лось", "лись", "ть", "ться"):
            table[stem + end] = Word(ADD, value)
    for stem, value in _pairs("пят=50 шест=60 сем=70 восем=80"):
        table[stem + "ьдесят"] = table[stem + "идесяти"] = Word(ADD, value)
    for stem, value in _pairs("девяност=90"):
        table[stem + "о"] = table[stem + "а"] = Word(ADD, value)
    for stem, value in _pairs("пят=500 шест=600 сем=700 восем=800 девят=900"):
        table[stem + "ьсот"] = table[stem + "исот"] = Word(ADD, value)
    hard = ["ый", "ой", "ого", "ому", "ым", "ом", "ая", "ую", "ое", "ые", "ых", "ыми"]
    ordinals = (
        "перв=1 втор=2 четверт=4 четвёрт=4 пят=5 шест=6 седьм=7 восьм=8 девят=9 десят=10"
        " одиннадцат=11 двенадцат=12 тринадцат=13 четырнадцат=14 пятнадцат=15 шестнадцат=16"
        " семнадцат=17 восемнадцат=18 девятнадцат=19 двадцат=20 тридцат=30 сороков=40 пятидесят=50"
        " шестидесят=60 семидесят=70 восьмидесят=80 девяност=90 сот=100"
    )
    for stem, value in _pairs(ordinals):
        for end in hard:
            table.setdefault(stem + end, Word(ADD, value, True))
    for end in ("его", "ему", "им", "ем", "я", "ей", "ю", "е", "и"):
        table["треть" + end] = Word(ADD, 3, True)
    table["третий"] = Word(ADD, 3, True)
    return table


#: The number words of each language written in letters.
TABLES = {"vi": _VI, "en": _EN, "fr": _FR, "es": _ES, "ru": _russian_table()}
