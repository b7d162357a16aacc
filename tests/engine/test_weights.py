"""Models on disk: what is saved loads, and nothing that was changed does."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import load_file

from engine.errors import ExportError, ModelError
from engine.host import resources
from engine.host.alone import alone
from engine.method.evidence import gather
from engine.networks import weights
from engine.networks.registry import build
from engine.networks.weights import Unfilled, load_model, save_model
from engine.photograph.read import read_image
from engine.progress import drain
from engine.recipe import NoiseSettings
from tests.conftest import TINY, random_network
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(model_path: Path, tmp_path: Path) -> Path:
    """A copy of the saved model, to be damaged."""
    for file in (model_path, model_path.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    return tmp_path / model_path.name


def describe(path: Path, **changes: Any) -> None:
    """Change a model's description."""
    description = path.with_suffix(".json")
    description.write_text(json.dumps({**json.loads(description.read_text()), **changes}))


def test_a_saved_model_loads_with_the_same_weights(tmp_path: Path) -> None:
    network = random_network(seed=3)
    digest = save_model(tmp_path / "mine.safetensors", network, RECIPE, {"steps": 5})
    model = load_model(tmp_path / "mine.safetensors")
    assert (model.name, model.sha256, model.size) == ("mine", digest, TINY.size)
    assert model.network.config == TINY
    for name, value in network.state_dict().items():
        assert torch.equal(model.network.state_dict()[name], value.half().float())
    assert json.loads((tmp_path / "mine.json").read_text())["training"] == {"steps": 5}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.json", "mine.safetensors"]


def test_the_network_is_placed_once_and_ready_for_inference(path: Path) -> None:
    model = load_model(path)
    assert model.on("cpu") is model.on("cpu")
    assert not model.on("cpu").training


def test_a_network_that_a_file_will_fill_draws_no_weights_of_its_own() -> None:
    state = torch.get_rng_state()
    with Unfilled():
        made = build(TINY)
    assert torch.equal(torch.get_rng_state(), state)
    filled = build(TINY)
    assert not torch.equal(torch.get_rng_state(), state)
    shapes = {name: value.shape for name, value in made.state_dict().items()}
    assert shapes == {name: value.shape for name, value in filled.state_dict().items()}


def test_alone_torch_has_one_thread_and_then_as_many_as_before() -> None:
    before = torch.get_num_threads()
    with alone():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("place", [0, 100, -1])
def test_changed_weights_are_refused(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        load_model(path)


def test_truncated_weights_are_refused_even_if_their_digest_is_given(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])
    describe(path, sha256=weights.hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(ModelError, match="does not fit"):
        load_model(path)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_file_is_named(path: Path, suffix: str) -> None:
    missing = path.with_suffix(suffix)
    missing.unlink()
    with pytest.raises(ModelError, match="missing") as refused:
        load_model(path)
    assert str(missing) in str(refused.value)


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_folder_is_no_model(name: str) -> None:
    with pytest.raises(ModelError, match="is a folder"):
        load_model(name)


@pytest.mark.parametrize("value", [float("nan"), 1e6])
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    """A million is beyond float16, in which weights are kept."""
    network = random_network()
    with torch.no_grad():
        next(iter(network.parameters())).view(-1)[0] = value
    save_model(tmp_path / "mine.safetensors", network, RECIPE, {})
    with pytest.raises(ModelError, match="no numbers"):
        load_model(tmp_path / "mine.safetensors")


def test_a_description_of_brackets_without_end_is_refused(path: Path) -> None:
    path.with_suffix(".json").write_bytes(b"[" * 100_000)
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff\x00", b'{"name": "x"}', b'{"config": 3, "name": ""}']
)
def test_a_damaged_description_is_refused(path: Path, content: bytes) -> None:
    path.with_suffix(".json").write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)


@pytest.mark.parametrize(
    "change",
    [
        {"base": 16},
        {"multipliers": [1, 2, 2]},
        {"multipliers": []},
        {"blocks": 1},
        {"size": 33},
        {"size": 0},
        {"size": -32},
        {"size": 32.0},
        {"unshuffle": 0},
        {"unshuffle": 1},
        {"unshuffle": -2},
        {"depth": 3},
        {"blocks": "2"},
    ],
    ids=str,
)
def test_a_description_of_another_network_is_refused(path: Path, change: dict[str, Any]) -> None:
    describe(path, config={**TINY.to_json(), **change})
    with pytest.raises(ModelError, match="does not fit"):
        load_model(path)


def test_a_failed_save_keeps_the_old_model(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(target: Path, data: bytes) -> None:
        raise ExportError(f"{target} could not be written")

    before = load_model(path).sha256
    monkeypatch.setattr(weights, "write_whole", full)
    with pytest.raises(ExportError):
        save_model(path, random_network(seed=4), RECIPE, {})
    assert load_model(path).sha256 == before


def test_a_save_cut_between_its_two_files_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "write_description", lambda *_: None)
    save_model(path, random_network(seed=4), RECIPE, {})
    with pytest.raises(ModelError, match="SHA-256 differs"):
        load_model(path)


def test_the_bundled_model_loads_and_tells_lesion_from_skin() -> None:
    model = load_model()
    assert model.name == resources.default_model().stem
    assert all(torch.isfinite(value).all() for value in load_file(resources.default_model()).values())
    melanoma = resources.ROOT / "samples" / "melanoma.jpg"
    photo = read_image(melanoma)
    truth = torch.from_numpy(read_image(melanoma.with_name("melanoma_segmentation.png")).pixels[..., 0] > 127)
    found = drain(gather(photo, NoiseSettings(timesteps=(100,)), model.on, model.size, "cpu")).difference[0]
    inside = torch.nn.functional.adaptive_avg_pool2d(truth[None].float(), found.shape)[0].numpy() > 0.5
    assert found[inside].mean() > 2 * found[~inside].mean()
