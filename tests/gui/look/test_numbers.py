"""Numbers are read with point or comma, and never in a way that was not meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt

from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.look.numbers import GROUP, NumberError, count, decimal, parse, percent

KEYS = {".": Qt.Key.Key_Period, ",": Qt.Key.Key_Comma}


@pytest.fixture(params=["de_DE", "en_US", "fr_CH"])
def locale(request: pytest.FixtureRequest) -> str:
    """A system of that language, with its decimal and group signs."""
    former = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(former)


@pytest.mark.parametrize(
    ("text", "value"), [("2,5", 2.5), ("2.5", 2.5), (" 2,50 mm", 2.5), (",5", 0.5), ("7.", 7.0), ("0,130", 0.13)]
)
def test_point_and_comma_are_the_same(text: str, value: float) -> None:
    assert parse(text, 0, 1000, " mm") == value


@pytest.mark.parametrize("text", ["1,234.5", "1.234,5", "1 234", "1'234", "1.2.3", "1e3", "²", "", "mm", "0x10", "--1"])
def test_what_groups_digits_or_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse(text, 0, 1e9, " mm")


def test_what_could_be_meant_in_two_ways_is_refused_unless_one_of_them_cannot_be() -> None:
    with pytest.raises(NumberError, match=r"could be 1\.234 or 1234"):
        parse("1,234", 0, 5000)
    assert parse("1,234", 0, 1000) == 1.234
    assert parse("1,2345", 0, 50_000) == 1.2345
    with pytest.raises(NumberError, match="outside 0 to 2"):
        parse("2,5", 0, 2)


@given(st.floats(0, 1000), st.sampled_from(".,"), st.integers(0, 2))
def test_what_is_written_with_either_sign_is_read_back(value: float, sign: str, digits: int) -> None:
    assert parse(f"{value:.{digits}f}".replace(".", sign), 0, 1000) == float(f"{value:.{digits}f}")


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert (decimal(-1e-16, 2), percent(-1e-16), count(-0.2)) == ("0.00", f"0.0{GROUP}%", "0")


def test_digits_are_grouped_by_what_nobody_reads_as_a_decimal_sign() -> None:
    assert count(1234567) == f"1{GROUP}234{GROUP}567"
    assert decimal(1234.5678, 2) == f"1{GROUP}234.57"
    assert not set(count(10**9)) & set(".,")
    assert percent(0.2238) == f"22.4{GROUP}%"


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize("sign", KEYS)
def test_a_box_takes_both_signs_whatever_the_systems_language(qtbot, sign: str) -> None:
    box = NumberBox(2, 0, 1000, " mm")
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "2")
    qtbot.keyClick(box, KEYS[sign])
    qtbot.keyClicks(box, "5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text()) == (2.5, "2.50 mm")


def test_a_box_says_why_and_keeps_the_number_before(qtbot) -> None:
    box = NumberBox(2, 0, 1000, " mm")
    qtbot.addWidget(box)
    box.setValue(7)
    box.show()
    box.setFocus()
    said: list[str] = []
    box.refused.connect(said.append)
    box.selectAll()
    qtbot.keyClicks(box, "1.234,5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 7
    assert box.text() == "7.00 mm"
    assert "cannot be read" in said[0]


def test_a_box_for_whole_numbers_takes_no_others(qtbot) -> None:
    box = NumberBox(0, 0, 2**31 - 1)
    qtbot.addWidget(box)
    said: list[str] = []
    box.refused.connect(said.append)
    for text, value in (("12", 12), ("1,5", 12), ("7", 7), ("2.000", 7)):
        box.lineEdit().setText(text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value, text
    assert len(said) == 2
