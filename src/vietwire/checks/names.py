"""Names, acronyms and codes: COVID-19, ASEAN+3, UNCLOS, Nguyễn Xuân Phúc."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from vietwire.checks.cyrillic import stands, transcribe
from vietwire.checks.quantities import ADDRESS, CODE, PATIENT
from vietwire.checks.words import words
from vietwire.story import Finding, Severity
from vietwire.text import fold_tones

#: What international acronyms become, as patterns; the Latin form is always accepted too.
#: Columns: fr, es, zh, ru ("" = stays as it is or has no fixed form); en keeps them.
_RENDERED_TABLE = """
ASEAN | ANASE | | 东盟|东南亚国家联盟|亚细安 | АСЕАН
EU | UE|Union européenne | UE|Unión Europea | 欧盟|欧洲联盟|[越中美日英俄]欧|欧[越中美] | \
ЕС|Евросоюз|Европейск\\w+ союз
UN | ONU|Nations unies | ONU|Naciones Unidas | 联合国 | ООН
WHO | OMS | OMS | 世卫|世界卫生组织 | ВОЗ|Всемирн\\w+ организаци\\w+ здравоохранения
WTO | OMC | OMC | 世贸|世界贸易组织 | ВТО
IMF | FMI | FMI | 货币基金|国际货币 | МВФ
WB | BM|Banque mondiale | BM|Banco Mundial | 世行|世界银行 | ВБ|Всемирн\\w+ банк
ADB | BAD | BAD | 亚行|亚洲开发银行 | АБР
GDP | PIB | PIB | 国内生产总值|生产总值|经济总量 | ВВП
FDI | IDE|investissement | IED|inversi | 外国直接投资|外资|外商 | ПИИ|инвестиц
ODA | APD | AOD|ayuda | 官方发展援助 | ОПР
COVID | coronavirus | coronavirus | 新冠|疫情 | коронавирус
RCEP | Partenariat économique|PERG | Asociación Económica | 全面经济伙伴 | ВРЭП|экономическ
CPTPP | PTPGP|transpacifique | Transpacífico|TIPAT | 全面与进步|跨太平洋 | ВПТТП|ВПСТТП|Транстихо
EVFTA | libre-échange | libre comercio | 越欧|自贸协定|自由贸易协定 | ЗСТ|соглашени
FTA | ALE|ACL|libre-échange | TLC|libre comercio | 自贸|自由贸易 | ЗСТ|свободн\\w+ торговл
APEC | Coopération économique | Cooperación Económica | 亚太经合|亚太经济合作 | АТЭС
AEC | Communauté économique | Comunidad Económica | 经济共同体 | АЭС|[Ээ]кономическ\\w+ сообществ
EAS | Asie (?:de l'Est|orientale) | Asia Oriental|Este de Asia | 东亚峰会 | ВАС|Восточно
ARF | Forum régional | Foro Regional | 地区论坛 | АРФ|форум
AIPA | interparlementaire | Interparlamentaria | 议会大会|议联 | АИПА|МПА|[Аа]ссамбле
ADMM | défense | Defensa | 防长 | СМОА|министр
AMM | ministres | ministros|cancilleres | 外长 | министр
UNCLOS | CNUDM|Convention | CONVEMAR|Convención | 海洋法 | Конвенци
COC | Code de conduite | Código de Conducta | 行为准则 | КПМ|[Кк]одекс
DOC | Déclaration | Declaración | 行为宣言|各方行为 | ДПМ|[Дд]екларац
SOM | hauts (?:officiels|fonctionnaires) | altos funcionarios | 高官 | СОМ|старш
NATO | OTAN | OTAN | 北约 | НАТО
USD | dollar|\\$ | d[óo]lar|\\$ | 美元|美金 | долл|\\$
VND | dong|dông | dong | 盾 | донг
EUR | euro|€ | euro|€ | 欧元 | евро
AI | IA|intelligence artificielle | IA|inteligencia artificial | 人工智能 | ИИ|искусственн
CEO | PDG|directeur | director|consejero|presidente | 首席执行官|总裁 | генеральн\\w+ директор|глав
TV | télé | televis | 电视 | ТВ|телевид|телевиз|телекан
US | USA|États-Unis|américain | EE\\.? ?UU|Estados Unidos|estadounidense | 美 | США|америк
USA | États-Unis|américain | EE\\.? ?UU|Estados Unidos|estadounidense | 美 | США|америк
UAE | EAU|Émirats | EAU|Emiratos | 阿联酋 | ОАЭ|Эмират
UNESCO | | | 教科文 | ЮНЕСКО
UNICEF | | | 儿童基金|儿基会 | ЮНИСЕФ
FAO | | | 粮农 | ФАО
ILO | OIT | OIT | 劳工组织 | МОТ
IAEA | AIEA | OIEA | 原子能 | МАГАТЭ
OPEC | OPEP | OPEP | 欧佩克|石油输出国 | ОПЕК
OECD | OCDE | OCDE | 经合组织 | ОЭСР
BRICS | | | 金砖 | БРИКС
SARS | SRAS | | 非典|重症 | ОРВИ|атипичн
HIV | VIH | VIH | 艾滋 | ВИЧ
AIDS | SIDA|sida | SIDA|sida | 艾滋 | СПИД
DNA | ADN | ADN | 脱氧|基因 | ДНК
IT | TI|informatique | TI|inform[áa]tic | 信息|资讯 | ИТ|информационн
LGBT | | | | ЛГБТ
NASA | | | 航天局|宇航局|太空总署 | НАСА
IOC | CIO|olympique | COI|Olímpico | 奥委会 | МОК|олимпийск\\w+ комитет
NBA | | | 篮球协会|篮协 | НБА
MRI | IRM|résonance | IRM|RM|resonancia | 磁共振 | МРТ|магнитно-резонанс
VPN | RPV | RPV | 专用网|专网 | ВПН|частн\\w+ сет
FBI | | | 联邦调查局 | ФБР
CIA | | | 中情局|中央情报局 | ЦРУ
FIFA | | | 国际足联 | ФИФА
AFC | | | 亚足联 | АФК
BBC | | | 英国广播 | Би-би-си
PCR | | | 核酸 | ПЦР
SEA | Asie du Sud-Est | Sudeste | 东南亚|东运会 | ЮВА
"""
_COLUMNS = ("fr", "es", "zh", "ru")
#: Vietnamese abbreviations that the term base renders, and words in capitals that are no acronym.
_VIETNAMESE = words(
    """
    TTXVN HNCC LHQ BNG UBND HĐND TP TƯ TW VN TPHCM HCM CT TT NQ CP QĐ BCH MTTQ CHDCND CHND
    CHXHCN NXB THCS THPT ĐH CĐ PV BTV HLV VĐV SLĐTBXH BLĐTBXH GTVT GDĐT NNPTNT KHCN KHĐT TNMT
    VHTTDL BTC BCT BCĐ BHXH BHYT BV CSGT CAND QĐND NATO_ DN DNNN KT XH AN QP GS TS PGS THS BS
    KTS NDT TBCN TKBT QHĐN CQTT CLV_ ANTT ATTP PCCC HTX KCN KCX TCN SCN TNHH CTCP VNĐ TQ NB HQ II
    III IV VI VII VIII IX XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII XXX XXXV XXXVI XXXVII
    XXXVIII BCTK PB
    """
)
_ACRONYM = re.compile(r"(?<![\w-])[A-Z]{2,8}(?:-[A-Z]{2,8})?(?![\w])")
_PLUS = re.compile(r"(?P<body>(?!UTC|GMT)[A-Z]{3,})\s?[+＋]\s?(?P<number>\d)(?!\d)")
_PLUS_WORDS = {
    "en": r"plus",
    "fr": r"plus",
    "es": r"m[áa]s",
    "zh": r"加",
    "ru": r"плюс",
}
_NUMBER_WORDS = {
    "1": "one|un|uno|一|один",
    "2": "two|deux|dos|二|两|два",
    "3": "three|trois|tres|三|три",
    "6": "six|seis|六|шесть",
    "8": "eight|huit|ocho|八|восемь",
}
_CODE_RENDERED = {
    "COVID-19": r"COVID|coronavirus|新冠|疫情|коронавирус|ковид",
    "SARS-COV-2": r"冠状病毒|新冠|coronavirus|коронавирус",
    "G20": r"二十国集团|20国|Двадцатк|двадцатк|Групп\w+ двадцати",
    "G7": r"七国集团|7国|[Сс]емёрк|[Сс]емерк|Групп\w+ семи",
    "G8": r"八国集团|8国|[Вв]осьмёрк|[Вв]осьмерк",
    "5G": r"5G|第五代",
}


def _rendered() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for line in _RENDERED_TABLE.strip().splitlines():
        # a bar with a space before and after parts cells, also empty ones; alternatives have none
        name, *cells = re.split(r" \|(?= |$)", line.strip())
        table[name.strip()] = {
            code: cell.strip() for code, cell in zip(_COLUMNS, cells, strict=False) if cell.strip()
        }
    return table


_RENDERED = _rendered()


def check_acronyms(source: str, target: str, language: str) -> Iterator[Finding]:
    """Acronyms kept or rendered as known, codes complete, ASEAN+3 with its plus."""
    for pattern in (ADDRESS, PATIENT):
        source = pattern.sub(lambda m: " " * len(m.group()), source)
    yield from _plus(source, target, language)
    yield from _codes(source, target, language)
    if not _ACRONYM.search(source):
        return
    letters = [c for c in source if c.isalpha()]
    if sum(c.isupper() for c in letters) > 0.6 * len(letters) and len(letters) > 12:
        return  # a headline in capitals: words look like acronyms
    seen: set[str] = set()
    for match in _ACRONYM.finditer(CODE.sub(lambda m: " " * len(m.group()), source)):
        name = match.group()
        if name in seen or name in _VIETNAMESE or _stands(name, target, language):
            continue
        seen.add(name)
        known = name in _RENDERED or len(name) >= 4
        firm = language == "en" or (language in {"fr", "es"} and known and name in _RENDERED)
        yield Finding(
            Severity.WARN if known and firm else Severity.NOTE,
            "acronyms",
            f"“{name}” is not in the translation, nor a rendering of it that is known.",
            "Put it in, or make sure that the name is given in full.",
            source_span=match.span(),
        )


def _stands(name: str, target: str, language: str) -> bool:
    letters = r"\.?".join(map(re.escape, name))  # C.I.A.
    if re.search(rf"(?<![A-Za-z]){letters}(?![A-Z])", target, re.IGNORECASE):
        return True
    if any(
        pattern and re.search(pattern, target, re.IGNORECASE if language != "ru" else 0)
        for pattern in (_RENDERED.get(name, {}).get(language, ""),)
    ):
        return True
    if language == "en":
        return bool(_EN_IN_FULL.get(name) and re.search(_EN_IN_FULL[name], target, re.IGNORECASE))
    if "-" in name:
        return all(_stands(part, target, language) for part in name.split("-"))
    # given in full: words whose initials spell it
    initials = "".join(re.findall(r"(?<!\w)([A-ZА-ЯÉ])\w+", target))
    return language != "zh" and name in initials


_EN_IN_FULL = {
    "EU": "Europe",
    "UN": "United Nations",
    "USD": r"dollar|\$",
    "VND": "dong",
    "EUR": "euro|€",
    "WB": "World Bank",
    "US": r"U\.S|United States|American",
    "USA": r"\bUS\b|U\.S|United States|American",
    "WHO": "World Health Organi",
    "IMF": "Monetary Fund",
    "GDP": "gross domestic|economy",
    "FDI": "foreign (?:direct )?investment",
    "TV": "televis",
    "COVID": "coronavirus",
    "CEO": "chief executive",
    "AI": "artificial intelligence",
    "FTA": "free trade",
    "COC": "code of conduct",
    "DOC": "declaration",
    "SOM": "senior officials",
    "EAS": "East Asia Summit",
    "EVFTA": "free trade",
    "ASEAN": "Southeast Asian Nations",
}


def _plus(source: str, target: str, language: str) -> Iterator[Finding]:
    for match in _PLUS.finditer(source):
        number = match["number"]
        words = _NUMBER_WORDS.get(number, number)
        sign = rf"[+＋]\s?{number}(?!\d)"
        spelled = rf"(?:{_PLUS_WORDS[language]})[\s\u00a0]?(?:{number}|{words})"
        if re.search(sign, target) or re.search(spelled, target, re.IGNORECASE):
            continue
        name = match.group()
        broken = re.search(
            rf"(?:{match['body']}|{_RENDERED.get(match['body'], {}).get(language) or 'ASEAN'})"
            rf"[\s-]?{number}(?!\d)",
            target,
        )
        yield Finding(
            Severity.BLOCK,
            "acronyms",
            f"“{name}” has lost its plus: it is {match['body']} and {number} partners.",
            f"Write it with the plus, as in {name}.",
            broken.span() if broken else None,
            match.span(),
        )


def _codes(source: str, target: str, language: str) -> Iterator[Finding]:
    plain = re.sub(r"\s", "", target).upper().replace("‑", "-").replace("–", "-")
    seen: set[str] = set()
    for match in CODE.finditer(source):
        name = match.group()
        if (
            name in seen
            or name[0].islower()
            or _PLUS.match(name)
            or re.search("[Đ]|-(?:TT|CT|CP|QH|BNG)|/Q|/N|/T", name)
        ):
            continue
        seen.add(name)
        body = name.upper()
        digits = re.findall(r"\d+", name)
        rendered = _CODE_RENDERED.get(body)
        if body in plain or (rendered and re.search(rendered, target, re.IGNORECASE)):
            continue
        if all(re.search(rf"(?<!\d){number}(?!\d)", target) for number in digits):
            continue
        yield Finding(
            Severity.WARN,
            "acronyms",
            f"“{name}” is not in the translation.",
            "Put it in as it is written, digits included.",
            source_span=match.span(),
        )


#: Family names that are Vietnamese beyond doubt, and those that Chinese names share.
_FAMILY = words(
    """
    Nguyễn Phạm Phan Vũ Võ Bùi Đỗ Huỳnh Đinh Đoàn Trịnh Đặng Hồ Ngô Trần Lê Dương Đào Tạ Tô
    Quách Hoàng Trương Lương Mai Lý Cao Phùng Chu Lâm Tống Kiều Thái Vương Hà Từ Nông Vi Đồng
    """
)
_FIRM = words(
    """
    Nguyễn Phạm Phan Vũ Võ Bùi Đỗ Huỳnh Đinh Đoàn Trịnh Phùng Trần Lê Nông
    """
)
_BEFORE_A_NAME = words(
    "Ông Bà Anh Chị Cô Chú Bác Cụ Cậu Em Thầy Nghệ Bạn Theo Với Của Cùng Và Do Nhưng Còn Được Từ"
)
#: The letters of Vietnamese, for the inside of a pattern's brackets.
UPPER_CASE = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper())
LOWER_CASE = "a-z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.islower())
_PERSON = re.compile(
    rf"(?<![\w])([{UPPER_CASE}]\w*)((?:\s[{UPPER_CASE}][{LOWER_CASE}]+){{1,4}})(?!\w)"
)
#: Chinese and Korean leaders in Vietnamese reading, and places named like people.
_NOT_VIETNAMESE = re.compile(
    r"Tập Cận Bình|Lý Khắc Cường|Vương Nghị|Dương Khiết Trì|Lý Hiển Long|Thái Anh Văn|Hoa Xuân Oánh"
    r"|Lương Chấn Anh|Triệu Lập Kiên|Uông Văn Bân|Đặng Tiểu Bình|Mao Trạch Đông|Hồ Cẩm Đào"
    r"|Trương Cao Lệ|Vương Kỳ Sơn|Lâm Trịnh Nguyệt Nga|Hoàng Chí Phong|Lý Bằng|Chu Dung Cơ"
    r"|Hồ Chí Minh"
    r"|Phạm Băng Băng|Dương Mịch|Tạ Đình Phong|Chu Vĩnh Khang|Lý Liên Kiệt|Lâm Tâm Như|Lâm Chí Linh"
    r"|Quách Phú Thành|Lý Tiểu Long|Lý Quang Diệu|Trương Nghệ Mưu|Lê Trí Anh|Lý Văn Lượng"
    r"|Trịnh Sảng|Cao Hùng|Chu Hải|Đào Viên|Trịnh Châu|Thái Cực|Thái Dương"
    r"|Đinh (?:Sửu|Mão|Tỵ|Mùi|Dậu|Hợi)"  # years
    r"|Trần Toàn Quốc|Lưu Hạc|Tôn Xuân Lan|Hàn Chính|Ngô Tác Đống"
    r"|Thái Lan|Thái Bình|Thái Nguyên|Lâm Đồng|Cao Bằng|Hà \w+|Đồng \w+|Mai Châu|Hồ \w+$"
    r"|Vũ Hán|Lê Lợi"
    r"|Phan Thiết|Phan Rang|Tô Lịch|Tô Châu|Lý Sơn|Vũng Tàu|Hoàng Sa|Hoàng Mai|Hoàng Hà|Dương Tử"
    r"|Trần Phú|Quách Mạt|Võ Đang|Lương Sơn|Từ Liêm|Hoàng Cung|Hoàng Thành|Hoàng Liên|Đoàn \w+"
)


def plain_letters(text: str) -> str:
    """Vietnamese letters without their marks, in lower case."""
    text = text.replace("đ", "d").replace("Đ", "D")
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if not unicodedata.combining(c)).lower()


def plain_name(name: str) -> str:
    """A Vietnamese name as languages of Latin script print it: Nguyen Xuan Phuc."""
    return " ".join(part.title() for part in plain_letters(name).split())


@dataclass(frozen=True, slots=True)
class Person:
    """A Vietnamese person's name in a Vietnamese text.

    ``firm`` is False where it may be something else: a short name, a family name that Chinese
    names share.
    """

    name: str
    start: int
    end: int
    firm: bool

    @property
    def shared(self) -> bool:
        """Whether Chinese people may have the family name, too."""
        return self.name.split()[0] not in _FIRM

    @property
    def plain(self) -> str:
        """The name as languages of Latin script print it: Nguyen Xuan Phuc."""
        return plain_name(self.name)


def find_people(text: str) -> Iterator[Person]:
    """Names of Vietnamese people, family name first, in order; each as often as it stands."""
    for match in _PERSON.finditer(fold_tones(text)):
        name, family, start = match.group(), match.group(1), match.start()
        if family in _BEFORE_A_NAME:  # "Ông" and "Bà" at the start of a sentence
            start += len(family) + 1
            name = name[len(family) + 1 :]
            family, _, given_names = name.partition(" ")
            if not given_names:
                continue
        if family not in _FAMILY:
            continue
        foreign = _NOT_VIETNAMESE.search(name)
        if foreign and foreign.start() == 0:
            continue
        parts = plain_letters(name).split()
        if len(parts) < 2 or not all(re.fullmatch("[a-z]+", part) for part in parts):
            continue
        yield Person(name, start, match.end(), family in _FIRM and len(parts) >= 3)


def check_names(source: str, target: str, language: str) -> Iterator[Finding]:
    """Vietnamese people keep their name: marks aside in Latin letters, transcribed in Russian.

    Not checked in Chinese, where the term base alone knows how a name is written.
    """
    if language == "ru":
        yield from _russian_names(source, target)
    if language in {"zh", "ru"}:
        return
    flat = ""
    seen: set[str] = set()
    for person in find_people(source):
        name, firm = person.name, person.firm
        if name in seen:
            continue
        seen.add(name)
        flat = flat or f" {' '.join(re.findall('[a-z]+', plain_letters(target)))} "
        parts = plain_letters(name).split()
        if f" {' '.join(parts)} " in flat:
            continue
        if f" {parts[-1]} " in flat and (len(parts) == 2 or not firm):
            continue
        given = f" {parts[-1]} " in flat
        kept = sum(f" {part} " in flat for part in parts)
        span = (person.start, person.end)
        if given and kept == 1:
            yield Finding(
                Severity.NOTE,
                "names",
                f"“{name}” is shortened to the given name.",
                "Give the name in full where it is first mentioned.",
                source_span=span,
            )
            continue
        state = "incomplete or changed" if kept else "missing"
        yield Finding(
            Severity.WARN if firm else Severity.NOTE,
            "names",
            f"The name “{name}” is {state} in the translation.",
            f"Write it as {person.plain}.",
            source_span=span,
        )


def _russian_names(source: str, target: str) -> Iterator[Finding]:
    """The given name of each person; the rest of a name is left out at later mentions."""
    for name, person in {person.name: person for person in find_people(source)}.items():
        spelled = transcribe(name)
        if not person.firm or not spelled or stands(name.split()[-1], target):
            continue
        yield Finding(
            Severity.WARN,
            "names",
            f"The name “{name}” is missing in the translation, or changed.",
            f"Write it as {spelled}.",
            source_span=(person.start, person.end),
        )
