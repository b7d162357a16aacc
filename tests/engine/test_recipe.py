"""Settings: to JSON and back, and what is refused on the way."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RecipeError
from engine.recipe import (
    BACKENDS,
    COMBINATIONS,
    FORMAT,
    MOST_TIMESTEPS,
    CrfSettings,
    NoiseSettings,
    Recipe,
    VoteSettings,
    parse_timesteps,
    read_recipe,
)
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

seeds = st.integers(0, 2**31 - 1)
widths = st.floats(0.5, 500)
recipes = st.builds(
    Recipe,
    noise=st.builds(
        NoiseSettings,
        timesteps=st.lists(st.integers(1, 1000), min_size=1, max_size=20).map(tuple),
        draws=st.integers(1, 64),
        seed=seeds,
    ),
    vote=st.builds(VoteSettings, delta=st.floats(0, 2), auto=st.booleans()),
    crf=st.builds(
        CrfSettings,
        w1=st.floats(0, 100),
        theta_alpha=widths,
        theta_beta=widths,
        w2=st.floats(0, 100),
        theta_gamma=widths,
        tau=st.floats(1e-3, 10),
        iterations=st.integers(1, 100),
        rounds=st.integers(1, 100),
        subset=st.integers(1, 1000),
        side=st.integers(32, 512),
        seed=seeds,
        backend=st.sampled_from(BACKENDS),
        combine=st.sampled_from(COMBINATIONS),
        smooth=st.floats(0, 10),
        cut=st.floats(0.05, 0.95),
        drop=st.floats(0, 0.5),
    ),
    refine=st.booleans(),
)
NODES = {"noise": NoiseSettings, "vote": VoteSettings, "crf": CrfSettings}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
one_setting = st.sampled_from([(node, f.name) for node in NODES for f in fields(NODES[node])]).flatmap(
    lambda place: json_values.map(lambda value: {place[0]: {place[1]: value}})
)


@given(recipes)
def test_a_recipe_survives_json(recipe: Recipe) -> None:
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@given(json_values | one_setting)
def test_any_json_gives_a_recipe_or_a_recipe_error(value: Any) -> None:
    try:
        recipe = Recipe.from_json(value, RECIPE)
    except RecipeError:
        return
    assert Recipe.from_json(recipe.to_json()) == recipe


@given(recipes)
def test_missing_settings_are_the_models_own_and_whole_numbers_may_be_floats(own: Recipe) -> None:
    assert Recipe.from_json({}, own) == own
    assert Recipe.from_json({"vote": {"delta": 1}}, own) == replace(own, vote=replace(own.vote, delta=1.0))
    assert isinstance(Recipe.from_json({"crf": {"w1": 5}}, own).crf.w1, float)


@pytest.mark.parametrize(("node", "name"), [("noise", "timesteps"), ("vote", "delta"), ("crf", "side")])
def test_without_a_model_a_recipe_must_be_whole(node: str, name: str) -> None:
    data = RECIPE.to_json()
    assert Recipe.from_json(data) == RECIPE
    del data[node][name]
    with pytest.raises(RecipeError, match=f"'{node}' lacks the setting '{name}'"):
        Recipe.from_json(data)
    for seed in ("noise", "crf"):  # has nothing to do with the model
        whole = RECIPE.to_json()
        del whole[seed]["seed"]
        assert Recipe.from_json(whole) == RECIPE


def test_a_recipe_says_its_format_and_one_without_is_read() -> None:
    data = RECIPE.to_json()
    assert data.pop("format") == FORMAT == 2
    assert Recipe.from_json(data) == RECIPE


SOFT = replace(RECIPE, crf=replace(RECIPE.crf, combine="soft", smooth=0.65, cut=0.4, drop=0.03))
END = ("combine", "smooth", "cut", "drop")  # what format 1 did not name


@pytest.mark.parametrize("number", [{}, {"format": 0}, {"format": 1}])
@pytest.mark.parametrize("defaults", [None, RECIPE, SOFT])
def test_what_was_written_before_masks_were_combined_softly_means_equation_12(
    number: dict[str, int], defaults: Recipe | None
) -> None:
    """Whatever the model's own recipe says by now: re-running a sidecar gives the mask that it describes."""
    earlier = {name: value for name, value in SOFT.to_json().items() if name != "format"}
    earlier["crf"] = {name: value for name, value in earlier["crf"].items() if name not in END}
    found = Recipe.from_json({**earlier, **number}, defaults)
    assert found == RECIPE
    assert found.crf.combine == "equation 12"
    assert (found.crf.smooth, found.crf.cut, found.crf.drop) == (0, 0.5, 0)


@pytest.mark.parametrize("number", [{}, {"format": 1}, {"format": 2}])
def test_what_a_persons_hand_leaves_out_is_the_models_own_also_of_the_end(number: dict[str, int]) -> None:
    for few in ({}, {"vote": {"delta": 0.2}}, {"crf": {"w1": 3.0}}, {"crf": {"smooth": 1.0, "drop": 0.1}}):
        found = Recipe.from_json({**few, **number}, SOFT)
        assert found.crf == replace(SOFT.crf, **few.get("crf", {}))
    whole = {name: value for name, value in SOFT.to_json()["crf"].items() if name != "drop"}
    assert Recipe.from_json({"crf": {**whole, "cut": 0.3}, "format": 2}, SOFT).crf == replace(SOFT.crf, cut=0.3)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"combine": "hard"}, "'hard'"), ({"smooth": -0.1}, "smooth"), ({"smooth": 11.0}, "smooth"), ({"cut": 0.0}, "cut"),
     ({"cut": 1.0}, "cut"), ({"drop": -0.01}, "drop"), ({"drop": 0.6}, "drop")],
)  # fmt: skip
def test_an_end_that_makes_no_sense_is_refused(change: dict[str, Any], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        replace(RECIPE.crf, **change)


@pytest.mark.parametrize("content", [{"format": 3}, {"recipe": {"format": 3, "vote": {"delta": 0.1}}}])
def test_a_recipe_of_a_newer_format_is_refused(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(content))
    with pytest.raises(RecipeError, match=r"recipe\.json: The recipe has format 3, .* use a newer DiffSeg"):
        read_recipe(path, RECIPE)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"nosie": {}}, "nosie"),
        ({"crf": {"theta": 1.0}}, "theta"),
        ({"vote": {"delta": "0.15"}}, "delta"),
        ({"vote": {"delta": True}}, "delta"),
        ({"vote": {"auto": 1}}, "auto"),
        ({"refine": "yes"}, "refine"),
        ({"noise": {"draws": 2.5}}, "draws"),
        ({"noise": {"seed": True}}, "seed"),
        ({"noise": {"timesteps": 100}}, "timesteps"),
        ({"noise": {"timesteps": [60, "70"]}}, "timesteps"),
        ({"noise": {"timesteps": [60, 70.0]}}, "timesteps"),
        ({"noise": {"timesteps": [True]}}, "timesteps"),
        ({"noise": None}, "noise"),
        ({"crf": [1]}, "crf"),
        ([], "recipe"),
        ({"noise": {"timesteps": []}}, "timestep"),
        ({"noise": {"timesteps": [0, 60]}}, "timesteps"),
        ({"noise": {"timesteps": [60, 1001]}}, "timesteps"),
        ({"noise": {"draws": 0}}, "draws"),
        ({"noise": {"seed": -1}}, "seed"),
        ({"vote": {"delta": -0.1}}, "delta"),
        ({"vote": {"delta": float("nan")}}, "delta"),
        ({"vote": {"delta": float("inf")}}, "delta"),
        ({"vote": {"delta": 10**400}}, "delta"),
        ({"crf": {"w1": -1.0}}, "w1"),
        ({"crf": {"theta_beta": 0.49}}, "theta_beta"),
        ({"crf": {"theta_alpha": 501}}, "theta_alpha"),
        ({"crf": {"tau": 0.0}}, "tau"),
        ({"crf": {"rounds": 0}}, "rounds"),
        ({"crf": {"subset": 0}}, "subset"),
        ({"crf": {"iterations": 0}}, "iterations"),
        ({"crf": {"backend": "abacus"}}, "abacus"),
        ({"format": "one"}, "format 'one'"),
    ],
)
def test_a_wrong_setting_is_named(data: Any, word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        Recipe.from_json(data, RECIPE)


def test_timesteps_are_a_set_in_ascending_order() -> None:
    assert NoiseSettings(timesteps=(100, 60, 100)) == NoiseSettings(timesteps=(60, 100))


@given(recipes)
def test_a_results_sidecar_is_accepted_as_a_recipe(tmp_path_factory: pytest.TempPathFactory, recipe: Recipe) -> None:
    path = tmp_path_factory.getbasetemp() / "result.json"
    for content in (recipe.to_json(), {"image": {}, "recipe": recipe.to_json(), "ged": 0.1}):
        path.write_text(json.dumps(content))
        assert read_recipe(path, RECIPE) == recipe


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not text"),
        (b'"text"', "named settings"),
        (b'{"vote": {"delta": 9}}', "delta"),
        (b'{"recipe": 1}', "named settings"),
        (b"[" * 100_000, "JSON"),
        (b'{"vote": {"delta": ' + b"9" * 5000 + b"}}", "JSON|delta"),
    ],
    ids=["cut", "empty", "binary", "text", "range", "sidecar", "deep", "digits"],
)
def test_an_unusable_recipe_file_is_named_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "recipe.json"
    path.write_bytes(content)
    with pytest.raises(RecipeError, match=reason) as refused:
        read_recipe(path, RECIPE)
    assert str(path) in str(refused.value)


def test_a_recipe_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(RecipeError, match="cannot be read") as refused:
            read_recipe(path, RECIPE)
        assert str(path) in str(refused.value)


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 300))
def test_a_range_of_timesteps_includes_both_ends(first: int, last: int, step: int) -> None:
    if first > last:
        with pytest.raises(RecipeError, match="run backwards"):
            parse_timesteps(f"{first}:{last}:{step}")
        return
    if (last - first) // step >= MOST_TIMESTEPS:
        with pytest.raises(RecipeError, match="At most"):
            parse_timesteps(f"{first}:{last}:{step}")
        return
    found = parse_timesteps(f"{first}:{last}:{step}")
    assert found[0] == first
    assert last - step < found[-1] <= last
    assert {b - a for a, b in pairwise(found)} <= {step}


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=10))
def test_a_list_of_timesteps_is_taken_as_it_is(timesteps: list[int]) -> None:
    assert parse_timesteps(", ".join(map(str, timesteps))) == tuple(sorted(set(timesteps)))


@pytest.mark.parametrize("text", ["", "60:150", "60:150:0", "60:150:10:5", "a", "60;70", "60.5", "0,60", "60:1010:10"])
def test_other_timesteps_are_refused(text: str) -> None:
    with pytest.raises(RecipeError):
        parse_timesteps(text)


def test_a_recipe_saved_by_a_text_editor_with_a_mark_in_front_is_read(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(json.dumps({"refine": False}), encoding="utf-8-sig")
    assert read_recipe(tmp_path / "recipe.json", RECIPE) == replace(RECIPE, refine=False)
