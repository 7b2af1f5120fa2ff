"""A small newsroom for the desk: real store and review over SQLite, real copy, nothing faked but
the engine (the drafts below were written for these tests) and the checks (three simple ones).
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vietwire.desk import create_app
from vietwire.desk.passwords import hash_password
from vietwire.newsroom import Newsroom
from vietwire.review import Rechecked, Review
from vietwire.settings import Settings
from vietwire.store import Store
from vietwire.story import (
    Block,
    BlockKind,
    Draft,
    DraftSegment,
    Finding,
    MachineDraft,
    MediaKind,
    Role,
    Severity,
    Signature,
    Story,
    TermHit,
)

PASSWORD = "correct horse desk"
NOON = datetime(2020, 11, 12, 5, 0, tzinfo=UTC)
SUMMIT = "vna-2020-11-12-0017"

SIGNATURE = Signature(
    engine="embedded",
    model="vietwire-mini",
    revision="3",
    quantisation="int8",
    decoding="beam2",
    termbase="4be1f02c",
    vietwire="0.1.0",
)

_H, _S, _P, _Q, _C = (
    BlockKind.HEADLINE,
    BlockKind.STANDFIRST,
    BlockKind.PARAGRAPH,
    BlockKind.QUOTE,
    BlockKind.CAPTION,
)

#: (block, kind, Vietnamese, draft by language) of the main story, sentence by sentence.
COPY: list[tuple[int, BlockKind, str, dict[str, str]]] = [
    (
        0,
        _H,
        "Khai mạc Hội nghị Cấp cao ASEAN lần thứ 37 và các hội nghị cấp cao liên quan",
        {
            "en": "37th ASEAN Summit and related summits open in Ha Noi",
            "fr": "Ouverture du 37e Sommet de l’ASEAN et des sommets connexes",
            "es": "Inauguran la 37.ª Cumbre de la ASEAN y las cumbres conexas",
            "zh": "第37届东盟峰会及系列峰会开幕",
            "ru": "Открылись 37-й саммит АСЕАН и связанные с ним саммиты",
        },
    ),
    (
        1,
        _S,
        "Sáng 12/11, tại Hà Nội, Hội nghị Cấp cao ASEAN lần thứ 37 đã khai mạc theo hình thức "
        "trực tuyến dưới sự chủ trì của Thủ tướng Nguyễn Xuân Phúc, Chủ tịch ASEAN 2020.",
        {
            "en": "The 37th ASEAN Summit opened online in Ha Noi on the morning of November 12, "
            "chaired by Prime Minister Nguyen Xuan Phuc, ASEAN Chair 2020.",
            "fr": "Le 37e Sommet de l’ASEAN s’est ouvert en visioconférence à Hanoï le matin du "
            "12 novembre, sous la présidence du Premier ministre Nguyên Xuân Phuc, président de "
            "l’ASEAN 2020.",
            "es": "La 37.ª Cumbre de la ASEAN se inauguró en línea en Hanói la mañana del 12 de "
            "noviembre, bajo la presidencia del primer ministro Nguyen Xuan Phuc, presidente de la "
            "ASEAN 2020.",
            "zh": "11月12日上午，第37届东盟峰会在河内以视频方式开幕，"
            "2020年东盟轮值主席、越南政府总理阮春福主持会议。",
            "ru": "Утром 12 ноября в Ханое в режиме видеоконференции открылся 37-й саммит АСЕАН "
            "под председательством премьер-министра Нгуен Суан Фука, председателя АСЕАН 2020 года.",
        },
    ),
    (
        2,
        _P,
        "Dự lễ khai mạc có lãnh đạo 10 nước thành viên ASEAN và Tổng Thư ký ASEAN Lim Jock Hoi.",
        {
            "en": "Leaders of the 10 ASEAN member states and ASEAN Secretary-General Lim Jock Hoi "
            "attended the opening ceremony.",
            "fr": "Les dirigeants des 10 pays membres de l’ASEAN et le secrétaire général de "
            "l’ASEAN, Lim Jock Hoi, ont assisté à la cérémonie d’ouverture.",
            "es": "Asistieron a la ceremonia los líderes de los 10 países miembros de la ASEAN y "
            "su secretario general, Lim Jock Hoi.",
            "zh": "东盟10个成员国领导人和东盟秘书长林玉辉出席开幕式。",
            "ru": "В церемонии открытия приняли участие руководители 10 стран — членов АСЕАН и "
            "генеральный секретарь АСЕАН Лим Джок Хой.",
        },
    ),
    (
        2,
        _P,
        "Hội nghị diễn ra trong bối cảnh đại dịch COVID-19 khiến kinh tế khu vực suy giảm 3,8%.",
        {
            "en": "The summit takes place as the COVID-19 pandemic is shrinking the region's "
            "economy by 38%.",
            "fr": "Le sommet se tient alors que la pandémie de COVID-19 fait reculer l’économie "
            "régionale de 3,8 %.",
            "es": "La cita tiene lugar mientras la pandemia de la COVID-19 contrae un 3,8 % la "
            "economía regional.",
            "zh": "会议召开之际，新冠肺炎疫情使地区经济下滑3.8%。",
            "ru": "Саммит проходит на фоне пандемии COVID-19, из-за которой экономика региона "
            "сократилась на 3,8%.",
        },
    ),
    (
        3,
        _P,
        "Phát biểu khai mạc, Thủ tướng nhấn mạnh ASEAN cần giữ vững đoàn kết, phát huy vai trò "
        "trung tâm và duy trì hòa bình, ổn định ở Biển Đông.",
        {
            "en": "In his opening remarks, the Prime Minister stressed that ASEAN must stay "
            "united, uphold its centrality and maintain peace and stability in the South China "
            "Sea.",
            "fr": "Dans son discours d’ouverture, le Premier ministre a souligné que l’ASEAN "
            "devait rester unie, affirmer sa centralité et préserver la paix et la stabilité en "
            "mer Orientale.",
            "es": "En su discurso, el primer ministro subrayó que la ASEAN debe mantenerse unida, "
            "reafirmar su centralidad y preservar la paz y la estabilidad en el Mar del Este.",
            "zh": "政府总理在开幕致辞中强调，东盟需保持团结，发挥核心作用，维护东海和平稳定。",
            "ru": "В своей речи премьер-министр подчеркнул, что АСЕАН необходимо сохранять "
            "единство, укреплять свою центральную роль и поддерживать мир и стабильность в "
            "Восточном море.",
        },
    ),
    (
        4,
        _Q,
        "“Chúng ta phải gắn kết và chủ động thích ứng để vượt qua thách thức chưa từng có này”, "
        "Thủ tướng nói.",
        {
            "en": "“We must be cohesive and responsive to overcome this unprecedented challenge,” "
            "the Prime Minister said.",
            "fr": "« Nous devons être cohésifs et réactifs pour surmonter ce défi sans "
            "précédent », a déclaré le Premier ministre.",
            "es": "«Debemos estar cohesionados y responder con dinamismo para superar este reto "
            "sin precedentes», dijo el primer ministro.",
            "zh": "政府总理表示：“我们必须齐心协力与主动适应，克服这一前所未有的挑战。”",
            "ru": "«Мы должны быть сплочёнными и активно адаптироваться, чтобы преодолеть этот "
            "беспрецедентный вызов», — сказал премьер-министр.",
        },
    ),
    (
        5,
        _P,
        "Theo chương trình, Hiệp định Đối tác Kinh tế Toàn diện Khu vực (RCEP) sẽ được ký ngày "
        "15/11.",
        {
            "en": "Under the programme, the Regional Comprehensive Economic Partnership (RCEP) "
            "will be signed on November 15.",
            "fr": "Selon le programme, l’Accord de partenariat économique global régional (RCEP) "
            "sera signé le 15 novembre.",
            "es": "Según el programa, la Asociación Económica Integral Regional (RCEP) se firmará "
            "el 15 de noviembre.",
            "zh": "根据议程，《区域全面经济伙伴关系协定》（RCEP）将于11月15日签署。",
            "ru": "По программе 15 ноября будет подписано Соглашение о Всеобъемлющем региональном "
            "экономическом партнёрстве (ВРЭП).",
        },
    ),
    (
        5,
        _P,
        "RCEP gồm 15 nước tham gia, với quy mô dân số 2,2 tỷ người.",
        {
            "en": "RCEP brings together 15 participating countries with a population of 2.2 "
            "billion.",
            "fr": "Le RCEP réunit 15 pays participants et 2,2 milliards d’habitants.",
            "es": "La RCEP agrupa a 15 países y 2.200 millones de habitantes.",
            "zh": "RCEP涵盖15个参与国，人口达22亿。",
            "ru": "ВРЭП объединяет 15 стран-участниц с населением 2,2 млрд человек.",
        },
    ),
    (
        6,
        _C,
        "Thủ tướng Nguyễn Xuân Phúc phát biểu khai mạc. Ảnh: TTXVN",
        {
            "en": "Prime Minister Nguyen Xuan Phuc delivers the opening remarks. Photo: VNA",
            "fr": "Le Premier ministre Nguyên Xuân Phuc prononce le discours d’ouverture. "
            "Photo : VNA",
            "es": "El primer ministro Nguyen Xuan Phuc pronuncia el discurso inaugural. Foto: VNA",
            "zh": "政府总理阮春福致开幕词。越通社供图",
            "ru": "Премьер-министр Нгуен Суан Фук выступает на открытии. Фото: ВИА",
        },
    ),
]

#: Vietnamese form -> concept and rendering by language.
TERMS: dict[str, tuple[str, dict[str, str]]] = {
    "Hội nghị Cấp cao ASEAN lần thứ 37": (
        "asean-summit-37",
        {
            "en": "37th ASEAN Summit",
            "fr": "37e Sommet de l’ASEAN",
            "es": "37.ª Cumbre de la ASEAN",
            "zh": "第37届东盟峰会",
            "ru": "37-й саммит АСЕАН",
        },
    ),
    "các hội nghị cấp cao liên quan": (
        "related-summits",
        {
            "en": "related summits",
            "fr": "sommets connexes",
            "es": "cumbres conexas",
            "zh": "系列峰会",
            "ru": "связанные с ним саммиты",
        },
    ),
    "Chủ tịch ASEAN 2020": (
        "asean-chair-2020",
        {
            "en": "ASEAN Chair 2020",
            "fr": "président de l’ASEAN 2020",
            "es": "presidente de la ASEAN 2020",
            "zh": "2020年东盟轮值主席",
            "ru": "председателя АСЕАН 2020 года",
        },
    ),
    "Tổng Thư ký ASEAN": (
        "asean-secretary-general",
        {
            "en": "ASEAN Secretary-General",
            "fr": "secrétaire général de l’ASEAN",
            "es": "secretario general de la ASEAN",
            "zh": "东盟秘书长",
            "ru": "генеральный секретарь АСЕАН",
        },
    ),
    "Biển Đông": (
        "bien-dong",
        {
            "en": "East Sea",
            "fr": "mer Orientale",
            "es": "Mar del Este",
            "zh": "东海",
            "ru": "Восточном море",
        },
    ),
    "Hiệp định Đối tác Kinh tế Toàn diện Khu vực": (
        "rcep",
        {
            "en": "Regional Comprehensive Economic Partnership",
            "fr": "Accord de partenariat économique global régional",
            "es": "Asociación Económica Integral Regional",
            "zh": "《区域全面经济伙伴关系协定》",
            "ru": "Соглашение о Всеобъемлющем региональном экономическом партнёрстве",
        },
    ),
    "TTXVN": (
        "vna",
        {"en": "VNA", "fr": "VNA", "es": "VNA", "zh": "越通社", "ru": "ВИА"},
    ),
}

#: Other stories, for a queue that looks like one: Vietnamese, English, slug, urgency, age in min.
OTHERS = [
    ("Ký kết Hiệp định RCEP tại Hội nghị Cấp cao ASEAN 37",
     "RCEP signed at 37th ASEAN Summit", "rcep-ky-ket", 2, 24),
    ("Hội nghị Thượng đỉnh Kinh doanh và Đầu tư ASEAN bàn về chuyển đổi số",
     "ASEAN Business and Investment Summit discusses digital transformation", "abis-2020", 4, 95),
    ("Lãnh đạo nữ ASEAN: Vai trò của phụ nữ trong phát triển bền vững",
     "ASEAN women leaders: Women's role in sustainable development", "lanh-dao-nu", 4, 130),
    ("Hội nghị Cấp cao Mekong - Nhật Bản lần thứ 12",
     "12th Mekong-Japan Summit", "mekong-nhat-ban", 3, 180),
    ("Dư luận Indonesia đánh giá cao vai trò Chủ tịch ASEAN của Việt Nam",
     "Indonesian press hails Viet Nam's ASEAN chairmanship", "du-luan-jakarta", 5, 260),
    ("Chùm ảnh: Lễ bế mạc Hội nghị Cấp cao ASEAN 37",
     "Photos: Closing ceremony of the 37th ASEAN Summit", "anh-be-mac", 5, 420),
    ("Truyền hình: Dấu ấn Năm Chủ tịch ASEAN 2020",
     "Television: Highlights of the 2020 ASEAN Chairmanship", "tv-dau-an", 6, 1500),
]  # fmt: skip

FORBIDDEN = {
    "en": "South China Sea",
    "fr": "mer de Chine méridionale",
    "es": "Mar de China Meridional",
    "zh": "南海",
    "ru": "Южно-Китайское море",
}


def findings_for(source: str, text: str, language: str) -> tuple[Finding, ...]:
    """Three simple checks in the manner of the product's own."""
    found = []
    if not text.strip():
        found.append(Finding(Severity.BLOCK, "empty", "No text.", "Translate the segment."))
    form = FORBIDDEN[language]
    at = text.find(form)
    if at >= 0:
        use = TERMS["Biển Đông"][1][language]
        found.append(
            Finding(
                Severity.BLOCK,
                "forbidden",
                f"“{form}” is never used.",
                f"Write “{use}”.",
                span=(at, at + len(form)),
            )
        )
    percent = re.search(r"(\d+),(\d+)%", source)
    if percent and not re.search(rf"{percent[1]}[.,]{percent[2]}", text):
        wrong = re.search(r"\d+%", text)
        found.append(
            Finding(
                Severity.WARN,
                "percent",
                f"{percent[0]} stands in the Vietnamese, not in the draft.",
                f"Write {percent[1]}.{percent[2]}%.",
                span=wrong.span() if wrong else None,
                source_span=percent.span(),
            )
        )
    return tuple(found)


def terms_for(source: str, text: str, language: str) -> tuple[TermHit, ...]:
    hits = []
    for form, (concept, renderings) in TERMS.items():
        at = source.find(form)
        if at < 0:
            continue
        rendering = renderings[language]
        there = text.find(rendering)
        span = (there, there + len(rendering)) if there >= 0 else None
        hits.append(TermHit(concept, form, at, at + len(form), rendering, there >= 0, span))
    return tuple(sorted(hits, key=lambda hit: hit.start))


def recheck(draft: Draft, segments: Sequence[DraftSegment]) -> Rechecked:
    return Rechecked(
        {
            s.index: tuple(
                replace(f, segment=s.index) for f in findings_for(s.source, s.text, draft.language)
            )
            for s in segments
        },
        (),
        {s.index: terms_for(s.source, s.text, draft.language) for s in segments},
    )


def segment(index: int, block: int, source: str, text: str, language: str) -> DraftSegment:
    return DraftSegment(
        index=index,
        block=block,
        source=source,
        machine_text=text,
        text=text,
        separator=" ",
        score=-0.31,
        terms=terms_for(source, text, language),
        findings=findings_for(source, text, language),
    )


def summit_story() -> Story:
    blocks: list[Block] = []
    for number, kind, source, _texts in COPY:
        if number < len(blocks):
            blocks[number] = replace(blocks[number], text=f"{blocks[number].text} {source}")
        else:
            blocks.append(Block(kind, source))
    return Story(
        source_id=SUMMIT,
        blocks=tuple(blocks),
        received_at=NOON - timedelta(minutes=8),
        slug="asean-37-khai-mac",
        keywords=("ASEAN 37", "Hà Nội", "cấp cao"),
        event="ASEAN 2020",
        bureau="Ban biên tập tin Trong nước",
        byline="TTXVN",
        dateline="Hà Nội, 12/11",
        urgency=1,
    )


class Room(Newsroom):
    """A newsroom whose engine is never started: what was asked of it is written down."""

    asked: list[tuple[str, tuple[str, ...], str, bool]]

    def translate_now(
        self, source_id: str, languages: Sequence[str], actor: str, *, force: bool = False
    ) -> None:
        self.asked.append((source_id, tuple(languages), actor, force))


class Ticking:
    """A clock that tests set; it starts at noon of the summit's first day."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """argon2id with the least work it allows: these tests sign in hundreds of times."""
    from argon2 import PasswordHasher

    from vietwire.desk import passwords

    usual = passwords._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._hasher = lambda: quick  # type: ignore[assignment]
    yield
    passwords._hasher = usual


@pytest.fixture(scope="session")
def hashed(quick_hashes: None) -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory, hashed: str) -> Path:
    """An empty store with five people, made once; every test works on a copy."""
    path = tmp_path_factory.mktemp("seed") / "desk.sqlite3"
    store = Store.open(f"sqlite:///{path}", clock=Ticking())
    people = [
        ("linh", Role.REVIEWER, ("en", "fr"), "Trần Thùy Linh"),
        ("minh", Role.REVIEWER, ("en",), "Lê Quang Minh"),
        ("olga", Role.REVIEWER, ("ru",), "Olga Smirnova"),
        ("hoa", Role.EDITOR, (), "Nguyễn Thị Hoa"),
        ("admin", Role.ADMIN, (), "Phạm Văn Quản"),
    ]
    for name, role, languages, shown in people:
        store.add_user(name, role, password_hash=hashed, languages=languages, display_name=shown)
    store.close()
    return path


@pytest.fixture
def room(tmp_path: Path, clock: Ticking, seed: Path) -> Iterator[Room]:
    for name in ("flows", "models", "outputs"):
        (tmp_path / name).mkdir()
    root = Path(__file__).resolve().parents[2]
    settings = replace(
        Settings(home=tmp_path),
        outputs=tmp_path / "outputs",
        inbox=tmp_path / "outputs" / "inbox",
        glossary=root / "glossary",
        models=tmp_path / "models",
        flows=tmp_path / "flows",
    )
    shutil.copy(seed, tmp_path / "outputs" / "desk.sqlite3")
    store = Store.open(f"sqlite:///{tmp_path}/outputs/desk.sqlite3", clock=clock)
    made = Room(settings, store, clock)
    made.asked = []
    made.review = Review(store, None, clock, recheck=recheck)
    yield made
    store.close()


@pytest.fixture
def summit(room: Room) -> dict[str, Draft]:
    """The main story with its five machine drafts, by language."""
    return with_drafts(room, summit_story())


@pytest.fixture
def embargoed(room: Room) -> dict[str, Draft]:
    """The same under an embargo of three hours."""
    return with_drafts(room, replace(summit_story(), embargo=NOON + timedelta(hours=3)))


def with_drafts(room: Room, story: Story) -> dict[str, Draft]:
    story = room.store.add_story(story, origin="01-khai-mac-asean-37.md").story
    drafts = {}
    for language in room.settings.languages:
        segments = tuple(
            segment(i, block, source, texts[language], language)
            for i, (block, _kind, source, texts) in enumerate(COPY)
        )
        drafts[language] = room.store.save_machine_draft(
            MachineDraft(
                story.source_id, story.version, language, SIGNATURE, segments, (), seconds=3.2
            )
        )
    return drafts


@pytest.fixture
def busy(room: Room, summit: dict[str, Draft]) -> Room:
    """A desk in the middle of the day: several stories in several states."""
    people = {name: room.store.user(name).actor for name in ("linh", "minh", "hoa", "olga")}
    for number, (vietnamese, english, slug, urgency, minutes) in enumerate(OTHERS):
        source_id = f"vna-2020-11-12-{100 + number:04d}"
        story = Story(
            source_id,
            (Block(_H, vietnamese), Block(_P, f"{vietnamese}, ngày 12/11.")),
            received_at=NOON - timedelta(minutes=minutes),
            slug=slug,
            event="ASEAN 2020",
            urgency=urgency,
            media_kind=MediaKind.TEXT,
        )
        story = room.store.add_story(story, origin="inbox").story
        for language in ("en", "fr", "ru")[: 1 + number % 3]:
            # These drafts are about the queue, so every language shows the English line.
            lines = [(0, vietnamese, english), (1, f"{vietnamese}, ngày 12/11.", f"{english}.")]
            draft = room.store.save_machine_draft(
                MachineDraft(
                    source_id,
                    story.version,
                    language,
                    SIGNATURE,
                    tuple(
                        segment(i, block, source, text, language)
                        for i, (block, source, text) in enumerate(lines)
                    ),
                )
            )
            if language == "en" and number in (1, 3, 5):
                who = people["linh" if number == 1 else "minh"]
                draft = room.review.claim(draft.id, who, draft.revision)
                if number != 1:
                    room.review.approve(draft.id, who, draft.revision)
    en = summit["en"]
    taken = room.review.claim(en.id, people["linh"], en.revision)
    text = (
        "The 37th ASEAN Summit opened in Ha Noi on the morning of November 12 by videoconference, "
        "chaired by Prime Minister Nguyen Xuan Phuc, ASEAN Chair 2020."
    )
    room.review.save(en.id, people["linh"], taken.revision, {1: text})
    ru = summit["ru"]
    taken = room.review.claim(ru.id, people["olga"], ru.revision)
    room.review.approve(ru.id, people["olga"], taken.revision)
    return room


class Person:
    """Somebody at the desk, through Flask's test client, with tokens taken from real pages."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, buffered=True, **more)

    def token(self, path: str = "/help") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        token = self.token("/help" if self.signed_in else "/login")
        return self.client.post(path, data={"csrf_token": token, **(data or {})}, **more)

    @property
    def signed_in(self) -> bool:
        return self.client.get("/account").status_code == 200

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        token = self.token("/login")
        return self.client.post(
            "/login", data={"csrf_token": token, "name": name, "password": password}
        )


@pytest.fixture
def app(room: Room) -> Any:
    made = create_app(room)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def person(app: Any) -> Callable[[str], Person]:
    """``person("linh")`` is Linh, signed in; ``person("")`` somebody who is not."""

    def make(name: str) -> Person:
        who = Person(app)
        if name:
            assert who.sign_in(name).status_code == 302
        return who

    return make


@pytest.fixture
def address(app: Any) -> Iterator[str]:
    """The desk on a real socket, for browsers."""
    from waitress.server import create_server

    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"

    def close() -> None:
        server.close()
        for channel in list(server.active_channels.values()):
            channel.handle_close()

    # In the loop's own thread: closed from this one, a socket may vanish from under its select().
    server.trigger.pull_trigger(close)
    thread.join(30)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()
