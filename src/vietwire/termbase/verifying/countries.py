"""Adjectives and people for a country's name: "Trung Quốc" after a noun is "Chinese".

Vietnamese puts a country's name where other languages put an adjective, or in Russian a noun of its
own for the people, so a sentence that has one of these has rendered the name. Chinese needs none of
this. What a desk wants beyond this table goes into the term base as an accepted form.
"""

from __future__ import annotations

from functools import cache

_LANGUAGES = ("en", "fr", "es", "ru")
# name = adjectives, in the order of _LANGUAGES; names as approved renderings give them.
_TABLE = """
Vietnam = Vietnamese; Vietnam = vietnamien; Vietnam = vietnamita; Вьетнам = вьетнамский, вьетнамец
China = Chinese; Chine = chinois; China = chino; Китай = китайский, китаец
Japan = Japanese; Japon = japonais; Japón = japonés, nipón; Япония = японский, японец
Republic of Korea = South Korean, Korean; République de Corée = sud-coréen, coréen; \
Corea del Sur = surcoreano, coreano; Республика Корея = южнокорейский, корейский, кореец
Democratic People's Republic of Korea = North Korean; \
République populaire démocratique de Corée = nord-coréen; \
República Popular Democrática de Corea = norcoreano; КНДР = северокорейский
United States = American; États-Unis = américain, étatsunien; \
Estados Unidos = estadounidense, norteamericano; США = американский, американец
Russia = Russian; Russie = russe; Rusia = ruso; Россия = российский, русский, россиянин
India = Indian; Inde = indien; India = indio; Индия = индийский, индиец
Australia = Australian; Australie = australien; Australia = australiano; \
Австралия = австралийский, австралиец
New Zealand = New Zealander; Nouvelle-Zélande = néo-zélandais; \
Nueva Zelanda = neozelandés; Новая Зеландия = новозеландский, новозеландец
Canada = Canadian; Canada = canadien; Canadá = canadiense; Канада = канадский, канадец
United Kingdom = British, English; Royaume-Uni = britannique, anglais; \
Reino Unido = británico, inglés; Великобритания = британский, английский, британец, англичанин
France = French; France = français; Francia = francés, galo; Франция = французский, француз
Germany = German; Allemagne = allemand; Alemania = alemán; Германия = немецкий, германский, немец
Italy = Italian; Italie = italien; Italia = italiano; Италия = итальянский, итальянец
Spain = Spanish; Espagne = espagnol; España = español; Испания = испанский, испанец
Netherlands = Dutch; Pays-Bas = néerlandais; Países Bajos = neerlandés, holandés; \
Нидерланды = нидерландский, голландский, голландец
Switzerland = Swiss; Suisse = suisse, helvétique; Suiza = suizo, helvético; \
Швейцария = швейцарский, швейцарец
Cuba = Cuban; Cuba = cubain; Cuba = cubano; Куба = кубинский, кубинец
Colombia = Colombian; Colombie = colombien; Colombia = colombiano; Колумбия = колумбийский
South Africa = South African; Afrique du Sud = sud-africain; Sudáfrica = sudafricano; \
ЮАР = южноафриканский
Brunei = Bruneian; Brunei = brunéien; Brunei = bruneano; Бруней = брунейский
Cambodia = Cambodian; Cambodge = cambodgien; Camboya = camboyano; \
Камбоджа = камбоджийский, камбоджиец
Indonesia = Indonesian; Indonésie = indonésien; Indonesia = indonesio; \
Индонезия = индонезийский, индонезиец
Laos = Lao, Laotian; Laos = laotien, lao; Laos = laosiano; Лаос = лаосский, лаосец
Malaysia = Malaysian; Malaisie = malaisien; Malasia = malasio; Малайзия = малайзийский, малайзиец
Myanmar = Burmese; Myanmar = birman; Myanmar = birmano; Мьянма = мьянманский
Philippines = Philippine, Filipino; Philippines = philippin; Filipinas = filipino; \
Филиппины = филиппинский, филиппинец
Singapore = Singaporean; Singapour = singapourien; Singapur = singapurense; \
Сингапур = сингапурский, сингапурец
Thailand = Thai; Thaïlande = thaïlandais; Tailandia = tailandés; \
Таиланд = таиландский, тайский, таец
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
    """The words derived from a country's approved name in a language; none for anything else."""
    return _adjectives().get((language, name), ())
