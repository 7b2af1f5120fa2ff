from __future__ import annotations

import pytest
from vietwire_tests_contract import EngineContract, hinted

from vietwire.engines import Engine, Request, close_engines, open_engine
from vietwire.engines.dummy import DummyEngine
from vietwire.settings import Settings


class TestDummyContract(EngineContract):
    @pytest.fixture()
    def engine(self) -> Engine:
        return DummyEngine()


def test_says_plainly_that_nothing_was_translated() -> None:
    (found,) = DummyEngine().translate([Request("Hà Nội là thủ đô.")], "fr")
    assert found[0].text == "[NOT TRANSLATED fr] Hà Nội là thủ đô."


def test_puts_renderings_in_the_place_of_their_phrases() -> None:
    request = hinted("Tại Biển Đông hôm nay.", "Biển Đông", "East Sea")
    (found,) = DummyEngine().translate([request], "en")
    assert found[0].text == "[NOT TRANSLATED en] Tại East Sea hôm nay."


def test_is_not_the_default(tmp_path) -> None:
    assert Settings(home=tmp_path).engine != "dummy"


def test_a_closed_engine_is_opened_again(tmp_path) -> None:
    settings = Settings(home=tmp_path)
    first = open_engine("dummy", models=tmp_path, settings=settings)
    assert open_engine("dummy", models=tmp_path, settings=settings) is first
    close_engines()
    with pytest.raises(Exception, match="closed"):
        first.translate([Request("a")], "en")
    assert open_engine("dummy", models=tmp_path, settings=settings) is not first
    close_engines()
