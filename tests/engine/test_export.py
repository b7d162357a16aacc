"""Files: what is written, that it agrees with itself, and that it is written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.path import Path as MatplotlibPath
from PIL import Image

from engine import __version__
from engine.errors import ExportError
from engine.method.probability import Temperatures
from engine.networks.description import NOT_STATED
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.outline import border
from engine.recipe import NoiseSettings, Recipe
from engine.records import atomic
from engine.records.atomic import write_whole
from engine.records.export import export
from engine.records.folders import folder_for
from engine.records.render import CONSISTENCY_MAP, heatmap
from engine.records.sidecar import read_sidecar
from tests import recipes

if TYPE_CHECKING:
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

RECIPE = replace(
    recipes.RECIPE, noise=NoiseSettings(timesteps=(60, 90, 110, 150)), crf=replace(recipes.RECIPE.crf, subset=2)
)
NAMES = {
    "mask.png",
    "consensus.png",
    *(f"votes/t{t:03d}.png" for t in RECIPE.noise.timesteps),
    "consistency.png",
    "ambiguity.png",
    "overlay.png",
    "maps.npz",
    "result.json",
}


def segment(model: Model, photo: SkinImage, recipe: Recipe = RECIPE) -> Segmentation:
    """Run the pipeline on the CPU."""
    return drain(Pipeline(model, "cpu").run(photo, recipe))


@pytest.fixture
def found(model: Model, photo: SkinImage) -> Segmentation:
    """A result for a photograph larger than its working grid: 768 x 576."""
    return segment(model, replace(photo, pixels=photo.pixels.repeat(8, 0).repeat(8, 1)))


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder, hidden ones too, by their path in it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def pixels(path: Path) -> np.ndarray:
    """A picture's pixels as they are stored."""
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_everything_is_written_at_the_photographs_size(found: Segmentation, tmp_path: Path) -> None:
    paths = export(found, tmp_path / "new" / "photo")
    folder = tmp_path / "new" / "photo"
    assert set(content(folder)) == NAMES
    assert set(paths) == {folder / name for name in NAMES}
    for path in folder.rglob("*.png"):
        assert pixels(path).shape[:2] == (576, 768)
        assert pixels(path).dtype == np.uint8


def test_masks_are_black_and_white_and_those_of_the_result(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path)
    masks = {"mask.png": found.mask, "consensus.png": found.consensus_mask}
    masks |= {f"votes/t{t:03d}.png": vote for t, vote in zip(RECIPE.noise.timesteps, found.votes_native, strict=True)}
    for name, mask in masks.items():
        assert mask.any()
        assert not mask.all()
        assert np.array_equal(pixels(tmp_path / name), np.where(mask, 255, 0))


def test_consensus_and_heatmaps_follow_from_the_votes(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path)
    votes = np.stack([pixels(path) > 0 for path in sorted((tmp_path / "votes").iterdir())])
    share = votes.mean(axis=0)
    assert np.array_equal(pixels(tmp_path / "consensus.png") > 0, share > 0.5)
    for name, values, limit in (("consistency", share, 1.0), ("ambiguity", share * (1 - share), 0.25)):
        index = pixels(tmp_path / f"{name}.png").astype(int)
        assert np.abs(index - 255 * values / limit).max() <= 0.5 + 1e-3
    with Image.open(tmp_path / "consistency.png") as picture:
        shown = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(shown, heatmap(np.float32(share), CONSISTENCY_MAP, (0.0, 1.0)))


def test_maps_hold_the_stages_in_full_precision(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path)
    with np.load(tmp_path / "maps.npz") as maps:
        assert set(maps) == {"difference", "consistency", "ambiguity", "refined"}, "the tiny model is not calibrated"
        assert np.array_equal(maps["refined"], found.refined.probability)
        assert np.array_equal(maps["difference"], found.evidence.difference)
        assert np.array_equal(maps["consistency"], found.consensus.consistency)
        assert np.array_equal(maps["ambiguity"], found.consensus.ambiguity)


def test_maps_hold_the_calibrated_probability_of_a_calibrated_model(found: Segmentation, tmp_path: Path) -> None:
    calibrated = replace(found, softening=Temperatures((60, 150), (0.03, 0.05)))
    export(calibrated, tmp_path)
    with np.load(tmp_path / "maps.npz") as maps:
        assert np.array_equal(maps["probability"], calibrated.probability)


def test_the_sidecar_names_the_photograph_but_not_its_folders(model: Model, photo_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "Mustermann, Hans" / "arm.png"
    path.parent.mkdir()
    path.write_bytes(photo_path.read_bytes())
    found = drain(Pipeline(model, "cpu").run(read_image(path), RECIPE))
    for written in export(found, tmp_path / "out"):
        assert b"Mustermann" not in written.read_bytes(), written
    assert read_sidecar(tmp_path / "out")["image"]["file"] == "arm.png"


def test_the_sidecar_says_what_went_in_and_came_out(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path)
    said = json.loads((tmp_path / "result.json").read_text())
    image = found.image
    assert said["image"] == {"file": image.path.name, "sha256": image.sha256, "width": 768, "height": 576}
    assert image.sha256 == hashlib.sha256(image.path.read_bytes()).hexdigest()
    assert said["model"] == {"name": "tiny", "sha256": found.model.sha256, "licence": NOT_STATED}
    assert Recipe.from_json(said["recipe"]) == RECIPE
    assert said["lesion_area_px"] == (pixels(tmp_path / "mask.png") > 0).sum()
    matrix = np.array(said["ged_matrix"])
    assert said["ged"] == pytest.approx(matrix.mean())
    assert (said["delta"], said["refined"]) == (RECIPE.vote.delta, True)
    assert [tuple(subset) for subset in said["subsets"]] == list(found.refined.subsets)
    curve = said["stability"]
    assert len(curve["delta"]) == len(curve["area"]) == len(curve["ged"])
    assert curve["ged"][curve["delta"].index(said["delta"])] == pytest.approx(said["ged"])
    assert tuple(curve["plateau"]) == found.stability.plateau
    assert said["device"] == "cpu"
    assert set(said["device_detail"]) == {"name", "precision", "note"}
    assert set(said["seconds"]) == {"network", "votes", "refine", "stability", "total"}
    assert said["version"] == __version__
    assert "Not a medical device" in said["notice"]


def test_without_refinement_the_mask_is_the_consensus(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    export(segment(model, photo, replace(RECIPE, refine=False)), tmp_path)
    files = content(tmp_path)
    assert set(files) == NAMES
    assert files["mask.png"] == files["consensus.png"]
    said = json.loads(files["result.json"])
    assert (said["refined"], said["subsets"]) == (False, [])


def test_two_runs_write_the_same_bytes(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(segment(model, photo), tmp_path / name)
    a, b = (content(tmp_path / name) for name in ("a", "b"))
    for files in (a, b):
        said = json.loads(files["result.json"])
        files["result.json"] = {**said, "seconds": None, "made": None}
    assert a == b


def test_an_export_again_removes_votes_of_other_timesteps_and_nothing_else(
    model: Model, photo: SkinImage, tmp_path: Path
) -> None:
    export(segment(model, photo), tmp_path)
    mine = {"notes.txt": b"mine", "votes/mine.png": b"mine too", "votes/tumour.png": b"and mine"}
    for name, data in mine.items():
        (tmp_path / name).write_bytes(data)
    export(segment(model, photo, replace(RECIPE, noise=NoiseSettings(timesteps=(90, 1000)))), tmp_path)
    files = content(tmp_path)
    kept = {name for name in NAMES if not name.startswith("votes/")}
    assert set(files) == kept | {"votes/t090.png", "votes/t1000.png"} | set(mine)
    assert {name: files[name] for name in mine} == mine


def test_an_export_again_removes_the_polygons_that_it_wrote_and_no_others(
    model: Model, photo: SkinImage, tmp_path: Path
) -> None:
    found = segment(model, replace(photo, path=photo.path.with_name("arm [1].png")))
    export(found, tmp_path, also=("labelme",))
    assert (tmp_path / "labelme" / "arm [1].json").exists()
    mine = tmp_path / "labelme" / "mine.json"
    mine.write_bytes(b"drawn by a person")
    export(segment(model, photo), tmp_path)  # the same photograph, under another name
    assert list(mine.parent.iterdir()) == [mine]
    assert mine.read_bytes() == b"drawn by a person"


@pytest.mark.parametrize("full_after", [0, 1, 5, 10])
def test_a_full_disk_leaves_the_earlier_files_untouched(
    model: Model, photo: SkinImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_after: int
) -> None:
    export(segment(model, photo), tmp_path)
    before = content(tmp_path)
    write = atomic._write
    written: list[Path] = []

    def fills_up(path: Path, data: bytes) -> None:
        if len(written) == full_after:
            path.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        write(path, data)

    monkeypatch.setattr(atomic, "_write", fills_up)
    other = segment(model, photo, replace(RECIPE, noise=NoiseSettings(timesteps=(70, 80, 90, 100, 120))))
    with pytest.raises(ExportError, match="No space left on device") as failed:
        export(other, tmp_path)
    assert str(tmp_path) in str(failed.value)
    assert len(written) == full_after
    assert content(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_named(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError) as failed:
        export(segment(model, photo), tmp_path / "file")
    assert str(tmp_path / "file") in str(failed.value)
    assert content(tmp_path) == {"file": b"in the way"}


def test_no_metadata_of_the_photograph_is_carried_over(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = exif[0x9286] = exif[0x013B] = "SECRET-NAME"
    source = tmp_path / "source.jpg"
    Image.fromarray(photo.pixels).save(source, exif=exif, comment=b"SECRET-NAME")
    assert b"SECRET-NAME" in source.read_bytes()
    export(segment(model, read_image(source)), tmp_path / "out")
    for name, data in content(tmp_path / "out").items():
        assert b"SECRET-NAME" not in data, name
        if name.endswith(".png"):
            with Image.open(tmp_path / "out" / name) as picture:
                assert not picture.getexif()
                assert not set(picture.info) - {"transparency"}


def test_write_whole_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.json"
    for data in (b"old", b"new"):
        write_whole(path, data)
        assert content(tmp_path) == {"a/b/file.json": data}


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_folder_in_a_files_place_is_named(name: str) -> None:
    with pytest.raises(ExportError, match="could not be written"):
        write_whole(Path(name), b"new")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ISIC 1.jpg", "ISIC 1"),
        ("naevus.v2.tif", "naevus.v2"),
        ("élève.png", "élève"),
        ("arm..jpg", "arm"),
        ("arm .jpg", "arm"),
        ("..jpg", "photograph"),
        ("...jpg", "photograph"),
        (".jpg", ".jpg"),
        ("1.2.840.7", "1.2.840.7"),
        ("1.2.840.7.dcm", "1.2.840.7"),
    ],
)
def test_results_have_a_folder_of_their_own_on_every_system(
    photo: SkinImage, tmp_path: Path, name: str, folder: str
) -> None:
    assert folder_for(replace(photo, path=Path(name)), tmp_path) == tmp_path / folder


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (b"", False),
        (b"[]", False),
        (b"[" * 100_000, False),
        (b'{"image": {"sha256": "00"}}', True),
    ],
    ids=["empty", "other", "deep", "another"],
)
def test_another_images_results_are_never_written_over(
    photo: SkinImage, tmp_path: Path, content: bytes, taken: bool
) -> None:
    folder = tmp_path / photo.path.stem
    folder.mkdir()
    (folder / "result.json").write_bytes(content)
    name = f"{folder.name}-{photo.sha256[:8]}" if taken else folder.name
    assert folder_for(photo, tmp_path) == tmp_path / name


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_write_whole_keeps_the_old_file_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner = Path if step == "open" else atomic.os
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(ExportError, match=r"file could not be written \(No space left on device\)"):
            write_whole(path, b"new")
    assert content(tmp_path) == {"file": b"old"}


def enclosed(curves: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """The pixels, bool (H, W), whose centre the curves enclose; a curve within another bounds a hole."""
    centres = np.argwhere(np.ones(shape))[:, ::-1] + 0.5
    inside = np.zeros(len(centres), bool)
    for curve in curves:
        inside ^= MatplotlibPath(curve).contains_points(centres)
    return inside.reshape(shape)


@pytest.mark.parametrize("refine", [True, False])
def test_the_border_encloses_exactly_the_mask(model: Model, photo: SkinImage, refine: bool) -> None:
    found = segment(model, photo, replace(RECIPE, refine=refine))  # as large as its working grid: nothing is resampled
    wrong = enclosed(border(found), found.mask.shape) != found.mask
    if found.refined is not None:
        wrong &= found.refined.probability != 0.5  # a curve may pass such a pixel's centre on either side
    assert not wrong.any()
