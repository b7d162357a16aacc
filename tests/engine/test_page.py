"""The cases that are kept, and the page that shows them."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.evaluation.cases import Case, Cases
from engine.evaluation.page import page
from engine.evaluation.report import summary
from engine.evaluation.score import Score, score_samples
from engine.networks.weights import load_model
from engine.pipeline import Pipeline
from engine.reading.agreement import Agreement
from engine.recipe import NoiseSettings
from engine.study.batch import Done
from engine.training.data import from_index
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "img", "br"}


class Outline(HTMLParser):
    """Checks that all elements are closed in order, and notes pictures and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pictures: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img":
            self.pictures.append(str(found["src"]))
        self.links += [str(found[name]) for name in ("href", "xlink:href") if name in found]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [str(value) for name, value in attrs if name == "xlink:href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def evaluated(dataset: Path, model_path: Path) -> tuple[list[Score], Cases]:
    """Four synthetic lesions, evaluated with the tiny model."""
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 100, 150)))
    cases = Cases(each=1)
    samples = from_index(dataset / "index.csv", "train")
    outcomes = score_samples(Pipeline(load_model(model_path), "cpu"), samples, recipe, cases)
    return [outcome.value for outcome in outcomes if isinstance(outcome, Done)], cases


def outlined(text: str) -> Outline:
    """The page, parsed."""
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    return outline


def test_the_page_holds_everything_that_it_shows(evaluated: tuple[list[Score], Cases]) -> None:
    scores, cases = evaluated
    report = summary(scores)
    text = page(report, cases.worst(), cases.best(), "Model tiny")
    outline = outlined(text)
    assert len(outline.pictures) == 6
    for address in outline.pictures:
        head, data = address.split(",", 1)
        assert head in ("data:image/jpeg;base64", "data:image/png;base64")
        assert Image.open(io.BytesIO(base64.b64decode(data))).size == (80, 64)
    assert all(link.startswith("#") for link in outline.links)
    assert "url(http" not in text
    assert "Research use only. Not a medical device." in text
    assert "prefers-color-scheme: dark" in text
    assert f"{report['refined']['dice']:.3f}" in text
    assert text.count("<svg") == 4  # two figures, two photographs with borders
    assert not re.search(r"#0[1-4]0[1-4]0[1-4]", text), "stand-ins for colours are replaced"
    assert text == page(report, cases.worst(), cases.best(), "Model tiny")


def test_names_from_files_are_text(evaluated: tuple[list[Score], Cases]) -> None:
    scores, cases = evaluated
    odd = replace(cases.best()[0], score=replace(scores[0], id='<b>"&'))
    text = page(summary(scores), [], [odd], "<i>")
    outlined(text)
    assert "&lt;b&gt;&#34;&amp;" in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_a_page_of_one_image_has_no_intervals(evaluated: tuple[list[Score], Cases]) -> None:
    scores, cases = evaluated
    report = summary(scores[:1])
    assert report["intervals"]["refined"]["dice"] == [None, None]
    assert report["intervals"]["aurc"] == [None, None]
    assert report["uncertainty"]["ged_error_spearman"]["ged"] is None
    json.dumps(report, allow_nan=False)
    text = page(report, [], cases.best(), "")
    outlined(text)
    assert f"area {report['uncertainty']['risk_coverage']['aurc']:.3f}, random" in text


@given(st.lists(st.integers(0, 6), max_size=20), st.integers(1, 4))
def test_the_cases_kept_are_the_extreme_ones(values: list[int], each: int) -> None:
    cases = Cases(each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.evaluation.cases._case", lambda score, *_: score)
        for value in values:
            cases(_score_of(value / 6), None, None)
    worst, best = ([one.refined.dice * 6 for one in kept] for kept in (cases.worst(), cases.best()))
    ranked = sorted(values)
    kept = min(len(values), 2 * each)
    assert worst == pytest.approx(ranked[: kept // 2])
    assert best == pytest.approx(ranked[::-1][: kept - kept // 2])


def _score_of(dice: float) -> Score:
    agreement = Agreement(dice, dice, dice, dice)
    return Score("A", agreement, agreement, {}, {}, {}, 0, 0, 0, np.zeros((2, 2, 2), np.int64), None, 0, 0, (), 0)


def test_borders_lie_where_the_masks_end(evaluated: tuple[list[Score], Cases], dataset: Path) -> None:
    case: Case = evaluated[1].best()[0]
    annotation = np.asarray(Image.open(dataset / "masks" / f"{case.score.id}_segmentation.png"))
    points = np.array([tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", case.annotation)])
    rows, columns = np.nonzero(annotation)
    assert points.min(axis=0) == pytest.approx([columns.min(), rows.min()], abs=0.51)
    assert points.max(axis=0) == pytest.approx([columns.max() + 1, rows.max() + 1], abs=0.51)
    assert (case.width, case.height) == annotation.shape[::-1]
