"""The guide without the window: what it proposes, what is done, and its own cards."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.arrangement import CHECK, CLINICAL, CORRECT, EXPORT, MEASURE, RESEARCH, STEPS, Arrangement
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.guide import Detail, Guide, Hand, Readings, Sensitivity, Summary
from diffseg_gui.features.guide.moves import Mark, Move, State, beside, mark, proposed
from diffseg_gui.features.guide.summary import lines
from diffseg_gui.features.review import Review
from diffseg_gui.preferences import Preferences
from engine.method.expected import ReaderCurve
from engine.photograph.about import About, Spacing
from engine.reading.agreement import agreement
from engine.reading.correction import Patch
from engine.reading.reading import Ruler

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton
READY = State(open=True, current=True)


class Guided:
    """A desk with the guide and what it leans on."""

    def __init__(self, desk: Desk) -> None:
        desk.preferences.set("arrangement", CLINICAL)
        self.desk, self.arrangement = desk, Arrangement(desk.preferences)
        self.review = desk.add(Review(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
        guide = Guide(desk.document, desk.editing, self.arrangement, lambda: self.review.progress)
        self.review.changed.connect(guide.follow)
        self.guide = desk.add(guide)
        self.main, self.other = guide.footer.main, guide.footer.other
        for widget in guide.ends:
            desk.layout().addWidget(widget)

    def marks(self) -> list[str]:
        """What stands below the steps."""
        return [button.mark.text for button in self.guide.bar.buttons.values()]


@pytest.fixture
def guided(opened: Desk) -> Guided:
    """The photograph is open and analysed."""
    return Guided(opened)


def nearly_equal(evidence: Evidence) -> Evidence:
    """Ten discs of two radii that differ by a pixel."""
    maps = [evidence.difference[4 + number % 2] for number in range(len(evidence.timesteps))]
    return replace(evidence, difference=np.stack(maps))


# What is proposed


@pytest.mark.parametrize(
    ("state", "step", "move"),
    [
        (State(), CHECK, "open"),
        (State(open=True, blind=True), MEASURE, "reveal"),
        (State(open=True, busy=True), CHECK, ""),
        (State(open=True), CHECK, "run"),
        (replace(READY, places=3), CHECK, "next_region"),
        (replace(READY, places=3, looking=True, clear=True), CHECK, "accept"),
        (replace(READY, places=3, clear=True), CHECK, "accept_rest"),
        (replace(READY, places=3, reviewed=3), CHECK, "step_measure"),
        (READY, CHECK, "step_measure"),
        (replace(READY, lesion=False), CHECK, "step_correct"),
        (READY, CORRECT, "step_measure"),
        (READY, MEASURE, "step_export"),
        (READY, EXPORT, "export"),
        (replace(READY, exported=True), EXPORT, "next_photograph"),
    ],
)
def test_there_is_one_thing_to_do_next(state: State, step: str, move: str) -> None:
    assert proposed(state, step).command == move


def test_a_little_less_is_at_hand_beside_it() -> None:
    assert [beside(READY, step) for step in STEPS] == [
        Move("Correct", "step_correct"),
        Move("Undo", "undo"),
        Move("Ruler", "ruler"),
        Move("Export as…", "export_as"),
    ]
    assert beside(replace(READY, exported=True), EXPORT) == Move("Again…", "export_as")
    assert beside(replace(READY, places=3, clear=True), CHECK) == Move("Next", "next_region")
    assert beside(State(open=True, blind=True), CHECK) is None


def test_marks_tell_what_is_done_and_nothing_while_read_blind() -> None:
    done = State(True, False, True, False, 3, 3, False, True, True, True, True)
    assert [mark(done, step).text for step in STEPS] == ["3 of 3", "corrected", "calibrated", "exported"]
    assert all(mark(done, step).done for step in STEPS)
    assert mark(replace(done, reviewed=1), CHECK) == Mark("1 of 3", False)
    assert mark(replace(done, reviewed=0, places=0), CHECK) == Mark("all agree", True)
    assert mark(replace(done, reviewed=0, places=0, lesion=False), CHECK) == Mark("no lesion", False)
    assert {mark(replace(done, blind=True), step) for step in STEPS} == {Mark()}
    assert [is_done for is_done, _ in lines(done)] == [True] * 4
    assert [is_done for is_done, _ in lines(State(open=True))] == [False] * 4
    none = lines(replace(READY, lesion=False))
    assert none[:2] == ((False, "No lesion was found"), (False, "There is no border"))


# The guide


def test_the_main_button_leads_through_the_review_and_on(guided: Guided, qtbot: QtBot) -> None:
    count = len(guided.review.regions)
    assert count > 0
    assert guided.main.text().startswith("Next doubtful place")
    assert guided.main.text().endswith("N")
    qtbot.mouseClick(guided.main, LEFT)
    for number in range(count):
        assert guided.marks()[0] == f"{number} of {count}"
        assert guided.main.text().startswith("Accept")
        qtbot.mouseClick(guided.main, LEFT)
    assert guided.marks()[0] == f"{count} of {count}"
    assert set(guided.review.choices.values()) == {"accept"}
    qtbot.mouseClick(guided.main, LEFT)
    assert guided.arrangement.step == MEASURE
    qtbot.keyClick(guided.desk, Qt.Key.Key_F8)
    assert guided.arrangement.step == EXPORT


def test_where_the_readings_agree_all_places_are_accepted_together(
    desk: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    guided = Guided(desk)
    desk.open(photo)
    desk.land(nearly_equal(evidence))
    count = len(guided.review.regions)
    assert count > 0
    assert guided.main.text().startswith("Accept")
    qtbot.mouseClick(guided.main, LEFT)
    assert guided.marks()[0] == f"{count} of {count}"
    assert guided.arrangement.step == MEASURE
    desk.editing.stack.undo()
    assert guided.marks()[0] == f"0 of {count}", "in one step"
    guided.arrangement.go(CHECK)
    assert guided.main.text().startswith("Accept   A"), "the undone one is looked at"


def test_steps_are_chosen_by_mouse_and_keys(guided: Guided, qtbot: QtBot) -> None:
    for key, step in zip((Qt.Key.Key_F6, Qt.Key.Key_F4, Qt.Key.Key_F3, Qt.Key.Key_F2), reversed(STEPS), strict=True):
        qtbot.keyClick(guided.desk, key)
        assert guided.arrangement.step == step
        assert [name for name, button in guided.guide.bar.buttons.items() if button.isChecked()] == [step]
    qtbot.mouseClick(guided.guide.bar.buttons[CORRECT], LEFT)
    assert guided.arrangement.step == CORRECT
    qtbot.mouseClick(guided.guide.bar.buttons[CORRECT], LEFT)
    assert guided.guide.bar.buttons[CORRECT].isChecked(), "it does not go off"


def test_places_are_counted_while_another_step_is_looked_at(guided: Guided, evidence: Evidence) -> None:
    guided.arrangement.go(CORRECT)
    guided.review.panel.seen.emit(False)
    guided.desk.document.set_delta(0.12)
    guided.desk.document._settled()
    assert guided.guide.state.places == 0, "not known while the result is on its way"
    assert guided.marks()[0] == ""
    guided.desk.land(evidence)
    assert guided.guide.state.places == len(guided.desk.document.answers.regions) > 0
    assert guided.marks()[0] == f"0 of {guided.guide.state.places}"


def test_where_no_lesion_is_found_nothing_is_ticked(guided: Guided, evidence: Evidence) -> None:
    guided.desk.land(replace(evidence, difference=np.zeros_like(evidence.difference)))
    assert guided.marks()[0] == "no lesion"
    assert not guided.guide.bar.buttons[CHECK].mark.done
    assert guided.main.text().startswith("Go on to Correct")


def test_a_scale_that_the_file_states_is_a_calibration(guided: Guided, photo: SkinImage) -> None:
    about = About(spacing=Spacing(0.02, "DICOM Pixel Spacing"))
    guided.desk.open(replace(photo, about=about))
    assert guided.marks()[2] == "calibrated"


def test_what_was_done_is_marked(guided: Guided, photo: SkinImage) -> None:
    desk = guided.desk
    assert guided.marks()[1:] == ["", "", ""]
    desk.editing.put("stroke", Patch(2, 2, np.ones((4, 4), np.int8)))
    desk.editing.change("ruler", replace(desk.document.reading, ruler=Ruler((0, 0), (40, 0), 10.0)))
    assert guided.marks()[1:] == ["corrected", "calibrated", ""]
    desk.editing.stack.undo()
    desk.editing.stack.undo()
    assert guided.marks()[1:] == ["", "", ""]


def test_an_export_counts_until_something_changes(guided: Guided) -> None:
    document = guided.desk.document
    guided.arrangement.go(EXPORT)
    assert guided.marks()[3] == ""
    guided.guide.note_exported(document.shown.segmentation, document.reading)
    assert guided.marks()[3] == "exported"
    assert guided.main.text().startswith("Next photograph")
    guided.desk.editing.put("stroke", Patch(2, 2, np.ones((4, 4), np.int8)))
    assert guided.marks()[3] == "", "the files are of before the stroke"
    assert guided.guide.state.corrected


def test_what_was_changed_while_it_was_written_is_not_exported(guided: Guided) -> None:
    document = guided.desk.document
    written = document.shown.segmentation, document.reading
    guided.desk.editing.change("verdict", replace(document.reading, verdict="good"))
    guided.guide.note_exported(*written)
    assert guided.marks()[3] == ""
    guided.guide.note_exported(document.shown.segmentation, document.reading)
    assert guided.marks()[3] == "exported"


def test_another_photograph_begins_with_check(guided: Guided, photo: SkinImage) -> None:
    guided.arrangement.go(EXPORT)
    guided.desk.open(photo)
    assert guided.arrangement.step == CHECK
    assert guided.marks() == ["", "", "", ""]


def test_read_blind_the_guide_tells_nothing(guided: Guided) -> None:
    guided.desk.document.begin_blind()
    assert guided.marks() == ["", "", "", ""]
    assert guided.guide.state == State(open=True, blind=True)
    assert guided.main.text().startswith("Reveal")
    assert guided.other.isHidden()


def test_both_views_are_commands_and_remembered(guided: Guided, qtbot: QtBot) -> None:
    desk = guided.desk
    assert desk.action("clinical").isChecked()
    qtbot.keyClick(desk, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert not guided.arrangement.is_clinical
    assert desk.action("research").isChecked()
    assert not desk.action("step_check").isEnabled(), "its steps are the clinical view's"
    assert Arrangement(desk.preferences).name == RESEARCH
    qtbot.keyClick(desk, Qt.Key.Key_F7)
    qtbot.keyClick(desk, Qt.Key.Key_F9)
    again = Arrangement(desk.preferences)
    assert (again.name, again.column) == (CLINICAL, False)


def test_a_new_user_has_the_clinical_view() -> None:
    assert Arrangement(Preferences()).name == CLINICAL
    damaged = Preferences()
    damaged.set("arrangement", "sideways")
    assert Arrangement(damaged).name == CLINICAL


# Its cards


def test_readings_tells_the_mean_dice_of_every_two_masks(opened: Desk, evidence: Evidence) -> None:
    feature = opened.add(Readings(opened.document))
    consensus = opened.document.shown.consensus
    dice = [agreement(one, other).dice for one, other in combinations(consensus.votes, 2)]
    assert feature.figure.text() == f"{np.mean(dice):.2f}"
    assert feature.range.text() == f"{min(dice):.2f} – {max(dice):.2f}"
    assert feature.words.text() == "The model's readings differ: look at the doubtful places, or judge by eye."
    opened.document.set_delta(0.2)
    opened.document.begin_blind()
    assert not feature.figure.isVisible()
    assert "agree" in feature.words.text()


def test_readings_tells_how_well_people_would_agree_where_the_model_knows(opened: Desk) -> None:
    feature = opened.add(Readings(opened.document))
    assert feature.readers.isHidden()
    curve = ReaderCurve((0, 1), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9))
    opened.document.receive_result(replace(opened.document.results.segmentation, readers=curve))
    figures, question = feature.readers.text().split(". ", 1)
    assert figures == "Two readers would agree with a Dice of about 0.75 (0.50 to 0.90)"
    assert question == "Whether the model is right is another question."
    assert not feature.readers.isHidden()
    opened.document.begin_blind()
    assert feature.readers.isHidden()


def test_sensitivity_is_wider_to_the_right(opened: Desk, qtbot: QtBot) -> None:
    feature = opened.add(Sensitivity(opened.document))
    before = opened.document.recipe.vote.delta
    qtbot.keyClick(feature.card.slider, Qt.Key.Key_Right)
    assert opened.document.recipe.vote.delta == pytest.approx(before - 0.005)
    for _ in range(2):
        qtbot.keyClick(feature.card.slider, Qt.Key.Key_Left)
    assert opened.document.recipe.vote.delta == pytest.approx(before + 0.005)
    feature.card.resetClicked.emit()
    assert opened.document.recipe.vote == opened.document.defaults.vote


def test_sensitivity_tells_where_the_area_is_stable(opened: Desk, qtbot: QtBot) -> None:
    feature = opened.add(Sensitivity(opened.document))
    low, high = opened.document.shown.segmentation.stability.plateau
    assert (
        feature.card.words.text()
        == f"Now 0.130, the model's own setting. The area hardly changes from {low:.2f} to {high:.2f}."
    )
    qtbot.mouseClick(feature.middle, LEFT)
    assert opened.document.recipe.vote.delta == pytest.approx((low + high) / 2, abs=1e-4)


def test_a_delta_beyond_the_slider_is_shown_and_kept(opened: Desk) -> None:
    feature = opened.add(Sensitivity(opened.document))
    opened.document.set_delta(1.5)
    assert feature.card.slider.value() == 0
    assert opened.document.recipe.vote.delta == 1.5
    opened.document.set_delta(0.1)
    assert "now 0.100" in feature.card.words.text().lower()


def test_border_detail_smooths_less_to_the_right(opened: Desk, qtbot: QtBot) -> None:
    feature = opened.add(Detail(opened.document))
    opened.document.set_recipe(replace(opened.document.recipe, crf=replace(opened.document.recipe.crf, smooth=1.0)))
    qtbot.keyClick(feature.card.slider, Qt.Key.Key_Right)
    assert opened.document.recipe.crf.smooth == pytest.approx(0.9)
    assert feature.card.words.text().startswith("Now 0.9")
    feature.card.resetClicked.emit()
    assert opened.document.recipe.crf.smooth == opened.document.defaults.crf.smooth
    assert feature.card.words.text() == "As the model has it."


def test_tools_have_names_and_keys(opened: Desk, qtbot: QtBot) -> None:
    correction = opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    hand = opened.add(Hand())
    brush = hand.buttons["brush"]
    assert brush.text() == "Brush   D"
    qtbot.mouseClick(brush, LEFT)
    assert correction.tool is correction.tools["brush"]
    assert brush.isChecked()
    qtbot.mouseClick(hand.buttons["eraser"], LEFT)
    assert not brush.isChecked()
    assert not hand.buttons["reset_correction"].isEnabled()
    opened.editing.put("stroke", Patch(2, 2, np.ones((4, 4), np.int8)))
    assert hand.buttons["undo"].isEnabled()
    qtbot.mouseClick(hand.buttons["reset_correction"], LEFT)
    assert not opened.editing.is_corrected


def test_the_summary_follows_and_tells_where_the_files_are(guided: Guided, tmp_path: Path) -> None:
    summary = guided.desk.add(Summary(lambda: guided.guide.state, guided.guide.changed))
    count = len(guided.review.regions)
    assert summary.lines[0][1].text() == f"0 of {count} doubtful places reviewed"
    guided.desk.editing.put("stroke", Patch(2, 2, np.ones((4, 4), np.int8)))
    assert summary.lines[1][1].text() == "Corrected by hand"
    summary.show_exported(tmp_path)
    assert str(tmp_path) in summary.where.text()
