"""Scenes: each view's picture, whether it is out of date, and the layers over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPainterPath

from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.qimage import to_qimage
from diffseg_gui.view.scene import Curve
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, COUNTERFACTUAL, PHOTOGRAPH, PROBABILITY, REFINED, VIEWS
from engine.method.probability import Temperatures
from engine.records import render

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


def curve(name: str) -> Curve:
    """A square."""
    square = QPainterPath()
    square.addRect(5, 5, 20, 20)
    return Curve(square, QColor("#ff00ff"), name=name)


def on_photograph(name: str, depth: Depth, while_blind: bool = False) -> Layer:
    """A layer with one curve, over the photograph alone."""
    drawn = (curve(name),)
    return Layer(depth, lambda key: drawn if key == PHOTOGRAPH else (), while_blind)


def names(desk: Desk, key: str = PHOTOGRAPH) -> list[str]:
    """The curves of a view, from the lowest to the highest."""
    scene = desk.scenes.scene(key)
    assert scene is not None
    return [curve.name for curve in scene.curves]


def image(desk: Desk, key: str) -> QImage:
    """A view's picture at its full size."""
    scene = desk.scenes.scene(key)
    assert scene is not None
    assert (scene.width, scene.height) == (96, 72)
    return scene.picture.levels[0]


def stale(desk: Desk) -> dict[str, bool]:
    """Of each view that there is."""
    scenes = {key: desk.scenes.scene(key) for key in (*VIEWS, "t100")}
    return {key: scene.stale for key, scene in scenes.items() if scene is not None}


# Pictures


def test_before_the_first_photograph_there_is_nothing(desk: Desk) -> None:
    assert [desk.scenes.scene(key) for key in (*VIEWS, "t100")] == [None] * 7


def test_each_view_shows_what_was_found(opened: Desk) -> None:
    shown = opened.document.shown
    assert shown.segmentation is not None
    consensus, evidence, refined = shown.consensus, shown.evidence, shown.segmentation.refined
    assert image(opened, PHOTOGRAPH) == to_qimage(opened.document.photograph.pixels)
    assert image(opened, CONSISTENCY) == to_qimage(render.heatmap(consensus.consistency, "cividis", (0, 1)))
    assert image(opened, AMBIGUITY) == to_qimage(render.heatmap(consensus.ambiguity, "inferno", (0, 0.25)))
    assert image(opened, REFINED) == to_qimage(render.mask_picture(refined.mask))
    assert image(opened, COUNTERFACTUAL) == to_qimage(evidence.counterfactual)
    assert image(opened, "t100") == to_qimage(render.mask_picture(consensus.votes[4]))
    assert opened.scenes.scene(PROBABILITY) is None, "nothing softens the votes"


def test_with_softened_votes_there_is_a_probability(opened: Desk) -> None:
    found = replace(opened.document.results.segmentation, softening=Temperatures((100,), (0.05,)))
    opened.document.receive_result(found)
    assert image(opened, PROBABILITY) == to_qimage(render.heatmap(found.probability, "viridis", (0, 1)))


def test_a_picture_is_made_again_only_where_it_is_another(opened: Desk, evidence: Evidence) -> None:
    keys = (PHOTOGRAPH, CONSISTENCY, COUNTERFACTUAL, "t100")
    before = {key: opened.scenes.scene(key).picture for key in keys}
    assert all(opened.scenes.scene(key).picture is before[key] for key in keys)
    opened.document.set_delta(0.2)
    opened.document._settled()
    same = {key: opened.scenes.scene(key).picture is before[key] for key in keys}
    assert same == {PHOTOGRAPH: True, CONSISTENCY: False, COUNTERFACTUAL: True, "t100": False}


def test_a_canvas_is_given_the_same_scene_while_nothing_changes(opened: Desk) -> None:
    opened.scenes.add((on_photograph("mine", Depth.REGION),))
    opened.scenes.refresh()
    before = opened.canvas.scene
    opened.scenes.refresh()
    assert opened.canvas.scene is before
    assert [one.name for one in before.curves] == ["mine"]
    assert opened.legend() == ("mine",)


def test_another_photograph_has_other_pictures(opened: Desk, photo: SkinImage) -> None:
    opened.open(replace(photo, pixels=np.full_like(photo.pixels, 7), sha256="1" * 64))
    assert image(opened, PHOTOGRAPH).pixelColor(3, 3) == QColor(7, 7, 7)
    assert stale(opened) == {PHOTOGRAPH: False}, "of results there are none yet"


# Out of date


def test_another_delta_puts_only_the_refined_mask_out_of_date(opened: Desk) -> None:
    current = dict.fromkeys((PHOTOGRAPH, CONSISTENCY, AMBIGUITY, REFINED, COUNTERFACTUAL, "t100"), False)
    assert stale(opened) == current
    opened.document.set_delta(0.2)
    opened.document._settled()
    assert stale(opened) == current | {REFINED: True}


def test_other_noise_puts_all_but_the_photograph_out_of_date(opened: Desk) -> None:
    recipe = opened.document.recipe
    opened.document.set_recipe(replace(recipe, noise=replace(recipe.noise, seed=5)))
    assert stale(opened) == dict.fromkeys((CONSISTENCY, AMBIGUITY, REFINED, COUNTERFACTUAL, "t100"), True) | {
        PHOTOGRAPH: False
    }


# Layers


def test_depth_alone_decides_what_lies_over_what(opened: Desk) -> None:
    for depth in (Depth.OUTLINE, Depth.BORDER, Depth.DIFFERENCE, Depth.CHANGES, Depth.BAND):
        opened.scenes.add((on_photograph(depth.name, depth),))
    opened.scenes.add((on_photograph("a second border", Depth.BORDER),))
    assert names(opened) == ["DIFFERENCE", "BAND", "BORDER", "a second border", "CHANGES", "OUTLINE"]
    assert names(opened, REFINED) == []
    assert sorted(Depth) == [
        Depth.DIFFERENCE, Depth.BAND, Depth.MODEL_BORDER, Depth.BORDER, Depth.SCRIBBLES, Depth.CHANGES,
        Depth.ANNOTATION, Depth.REGION, Depth.OUTLINE,
    ]  # fmt: skip


def test_switched_off_nothing_lies_over_a_view(opened: Desk) -> None:
    opened.scenes.add((on_photograph("mine", Depth.REGION),))
    opened.display.set_overlay("off")
    assert opened.canvas.scene.curves == ()
    assert opened.legend() == ()


def test_while_reading_blind_only_what_tells_nothing_is_there(opened: Desk) -> None:
    opened.scenes.add((on_photograph("the model's", Depth.CHANGES), on_photograph("own", Depth.OUTLINE, True)))
    opened.display.show(CONSISTENCY)
    opened.document.begin_blind()
    assert opened.display.view == PHOTOGRAPH
    assert names(opened) == ["own"]
    assert stale(opened) == {PHOTOGRAPH: False}
    opened.display.show("t100")
    assert opened.display.view == PHOTOGRAPH
    opened.document.end_blind()
    assert names(opened) == ["the model's", "own"]


# The view that is large


@pytest.mark.parametrize(("deselected", "expected"), [(100, PHOTOGRAPH), (90, "t100")])
def test_a_timestep_that_is_deselected_gives_way(opened: Desk, deselected: int, expected: str) -> None:
    opened.display.show("t100")
    recipe = opened.document.recipe
    left = tuple(t for t in recipe.noise.timesteps if t != deselected)
    opened.document.set_recipe(replace(recipe, noise=replace(recipe.noise, timesteps=left)))
    opened.document._settled()
    assert opened.display.view == expected
