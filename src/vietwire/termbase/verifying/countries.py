"""The adjectives that stand for a country's name: "Trung Quốc" before a noun is "Chinese".

Vietnamese puts a country's name where the other languages put an adjective, so a sentence that has
the adjective has rendered the name. Chinese needs none of this. What a desk wants beyond this
table goes into the term base as an accepted form.
"""

from __future__ import annotations

from functools import cache

_LANGUAGES = ("en", "fr", "es", "ru")
# name = adjectives, in the order of _LANGUAGES; names as approved renderings give them.
_TABLE = """
Vietnam = Vietnamese; Vietnam = vietnamien; Vietnam = vietnamita; Вьетнам = вьетнамский
China = Chinese; Chine = chinois; China = chino; Китай = китайский
Japan = Japanese; Japon = japonais; Japón = japonés, nipón; Япония = японский
Republic of Korea = South Korean, Korean; République de Corée = sud-coréen, coréen; \
Corea del Sur = surcoreano, coreano; Республика Корея = южнокорейский, корейский
Democratic People's Republic of Korea = North Korean; \
République populaire démocratique de Corée = nord-coréen; \
República Popular Democrática de Corea = norcoreano; КНДР = северокорейский
United States = American; États-Unis = américain, étatsunien; \
Estados Unidos = estadounidense, norteamericano; США = американский
Russia = Russian; Russie = russe; Rusia = ruso; Россия = российский, русский
India = Indian; Inde = indien; India = indio; Индия = индийский
Australia = Australian; Australie = australien; Australia = australiano; Австралия = австралийский
New Zealand = New Zealander; Nouvelle-Zélande = néo-zélandais; \
Nueva Zelanda = neozelandés; Новая Зеландия = новозеландский
Canada = Canadian; Canada = canadien; Canadá = canadiense; Канада = канадский
United Kingdom = British, English; Royaume-Uni = britannique, anglais; \
Reino Unido = británico, inglés; Великобритания = британский, английский
France = French; France = français; Francia = francés, galo; Франция = французский
Germany = German; Allemagne = allemand; Alemania = alemán; Германия = немецкий, германский
Italy = Italian; Italie = italien; Italia = italiano; Италия = итальянский
Spain = Spanish; Espagne = espagnol; España = español; Испания = испанский
Netherlands = Dutch; Pays-Bas = néerlandais; Países Bajos = neerlandés, holandés; \
Нидерланды = нидерландский, голландский
Switzerland = Swiss; Suisse = suisse, helvétique; Suiza = suizo, helvético; Швейцария = швейцарский
Cuba = Cuban; Cuba = cubain; Cuba = cubano; Куба = кубинский
Colombia = Colombian; Colombie = colombien; Colombia = colombiano; Колумбия = колумбийский
South Africa = South African; Afrique du Sud = sud-africain; Sudáfrica = sudafricano; \
ЮАР = южноафриканский
Brunei = Bruneian; Brunei = brunéien; Brunei = bruneano; Бруней = брунейский
Cambodia = Cambodian; Cambodge = cambodgien; Camboya = camboyano; Камбоджа = камбоджийский
Indonesia = Indonesian; Indonésie = indonésien; Indonesia = indonesio; Индонезия = индонезийский
Laos = Lao, Laotian; Laos = laotien, lao; Laos = laosiano; Лаос = лаосский
Malaysia = Malaysian; Malaisie = malaisien; Malasia = malasio; Малайзия = малайзийский
Myanmar = Burmese; Myanmar = birman; Myanmar = birmano; Мьянма = мьянманский
Philippines = Philippine, Filipino; Philippines = philippin; Filipinas = filipino; \
Филиппины = филиппинский
Singapore = Singaporean; Singapour = singapourien; Singapur = singapurense; Сингапур = сингапурский
Thailand = Thai; Thaïlande = thaïlandais; Tailandia = tailandés; Таиланд = таиландский, тайский
Timor-Leste = Timorese; Timor-Leste = timorais; Timor-Leste = timorense; \
Восточный Тимор = восточнотиморский
European Union = European; Union européenne = européen; Unión Europea = europeo; \
Европейский союз = европейский
Southeast Asia = Southeast Asian; Asie du Sud-Est = sud-est asiatique; \
Sudeste Asiático = sudesteasiático; Юго-Восточная Азия = юго-восточноазиатский
Asia = Asian; Asie = asiatique; Asia = asiático; Азия = азиатский
"""


@cache
def _adjectives() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in _TABLE.strip().splitlines():
        for language, part in zip(_LANGUAGES, line.split(";"), strict=True):
            name, _, adjectives = part.partition("=")
            found[language, name.strip()] = tuple(a.strip() for a in adjectives.split(","))
    return found


def adjectives(name: str, language: str) -> tuple[str, ...]:
    """The adjectives of a country by its approved name in a language; none for anything else."""
    return _adjectives().get((language, name), ())
