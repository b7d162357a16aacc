"""Training data: images with masks, their augmentation, and the batches made of them."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine.errors import ImageError, TrainingError
from engine.method.schedule import add_noise, clean_image
from engine.photograph.resize import resize_rgb
from engine.training.augment import AugmentConfig, augment, transplant
from engine.training.batches import draw_batch
from engine.training.data import (
    Pairs,
    Sample,
    from_folders,
    from_index,
    from_results,
    load_pairs,
    load_square,
    sha256_of,
)
from tests.conftest import TINY
from tests.engine.dicoms import native
from tests.engine.pictures import lesion_photo
from tests.engine.training_setup import CONFIG, STILL

if TYPE_CHECKING:
    from pathlib import Path

    from engine.training.config import TrainConfig


def plain_pairs(count: int) -> Pairs:
    """Images of one colour each, healthy and lesion alike: the colour says which."""
    colours = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1).expand(count, 3, 40, 40).contiguous()
    ids = [str(n) for n in range(count)]
    return Pairs(
        ids,
        colours,
        colours.clone(),
        torch.ones(count, 1, 40, 40).byte(),
        torch.ones(count).bool(),
        torch.zeros(count).long(),
    )


def test_folders_are_matched_by_id(dataset: Path) -> None:
    samples = from_folders(dataset / "images", dataset / "masks")
    assert [s.id for s in samples] == [f"L{n}" for n in range(6)]
    assert all(s.mask.name == f"{s.id}_segmentation.png" for s in samples)


def test_images_and_masks_may_share_a_folder_or_a_stem(tmp_path: Path) -> None:
    for name in ("both/A.jpg", "both/A_segmentation.png", "both/B.jpg", "images/C.JPG", "masks/C.png", "masks/D.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    both = tmp_path / "both"
    assert from_folders(both, both) == [Sample("A", both / "A.jpg", both / "A_segmentation.png")]
    found = from_folders(tmp_path / "images", tmp_path / "masks")
    assert found == [Sample("C", tmp_path / "images" / "C.JPG", tmp_path / "masks" / "C.png")]


def test_images_that_are_called_by_their_identifiers_have_their_own_masks(tmp_path: Path) -> None:
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
    for name in ("1.2.9", "1.2.10"):
        (tmp_path / "images" / name).write_bytes(native(np.zeros((40, 40, 3), np.uint8)))
        (tmp_path / "masks" / f"{name}_segmentation.png").touch()
    found = from_folders(tmp_path / "images", tmp_path / "masks")
    assert [(s.id, s.mask.name) for s in found] == [
        ("1.2.10", "1.2.10_segmentation.png"),
        ("1.2.9", "1.2.9_segmentation.png"),
    ]


def test_folders_without_a_pair_are_refused(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not a folder"):
        from_folders(dataset / "images", dataset / "absent")
    with pytest.raises(TrainingError, match="No image"):
        from_folders(dataset / "images", tmp_path)


def test_an_index_gives_one_split_with_paths_beside_it(dataset: Path) -> None:
    assert [s.id for s in from_index(dataset / "index.csv", "train")] == ["L0", "L1", "L2", "L3"]
    val = from_index(dataset / "index.csv", "val")
    assert [s.id for s in from_index(dataset / "index.csv", None)] == [f"L{n}" for n in range(6)]
    assert val[0] == Sample("L4", dataset / "images/L4.png", dataset / "masks/L4_segmentation.png")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,split,image\nA,train,a.jpg\n", "mask"),
        (b"id,split,image,mask\nA,val,a.jpg,a.png\n", "no image of the split"),
        (b"", "no image of the split"),
        (b"id,split,image,mask\nA,train,a.jpg\n", "mask"),
        (b"id,split,image,mask\nA,train,\xff\xfe,a.png\n", "cannot be read"),
        (b"id,split,image,mask\nA,train," + b"a" * 200_000 + b",a.png\n", "cannot be read"),
    ],
    ids=["column", "split", "empty", "short", "binary", "endless"],
)
def test_an_unusable_index_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "index.csv").write_bytes(content)
    with pytest.raises(TrainingError, match=reason):
        from_index(tmp_path / "index.csv", "train")


def test_an_index_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("id,split,image,mask\nA,train,a.jpg,a.png\n", encoding="utf-8-sig")
    assert [sample.id for sample in from_index(tmp_path / "index.csv", "train")] == ["A"]


def test_a_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (50, 40), "brown").save(tmp_path / "A.png")
    Image.new("L", (40, 50), 255).save(tmp_path / "A_segmentation.png")
    with pytest.raises(ImageError, match="40 x 50"):
        load_pairs(from_folders(tmp_path, tmp_path), TINY.size, seed=0)


def test_an_index_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        from_index(tmp_path / "absent.csv", "train")


def photograph(path: Path, content: bytes) -> Path:
    """A photograph as far as looking for it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def result(folder: Path, name: str, ged: float, lesion: int) -> Path:
    """What an export of a 20 x 20 photograph, whose bytes are its name, leaves, as far as training reads it."""
    (folder / name).mkdir(parents=True)
    digest = hashlib.sha256(name.encode()).hexdigest()
    about = {"image": {"file": f"{name}.jpg", "sha256": digest, "width": 20, "height": 20}, "ged": ged}
    (folder / name / "result.json").write_text(json.dumps({**about, "lesion_area_px": lesion}))
    return folder / name


def test_results_whose_masks_agree_or_that_a_person_corrected_are_samples(tmp_path: Path) -> None:
    results, photographs = tmp_path / "results", tmp_path / "photographs"
    agreed = result(results, "B", 0.19, 100)  # a quarter of the image: 0.19 / 0.5 is within MOST_DOUBT
    result(results, "C", 0.21, 100)
    result(results, "D", 0.0, 0)  # nothing was found
    corrected = result(results, "A", 0.4, 100)
    rejected = result(results, "E", 0.1, 100)
    for folder in (corrected, rejected):
        (folder / "correction.png").touch()
        about = json.loads((folder / "result.json").read_text())
        about["reading"] = {"verdict": "not usable" if folder is rejected else "usable"}
        (folder / "result.json").write_text(json.dumps(about))
    paths = {name: photograph(photographs / f"{name}.jpg", name.encode()) for name in "ABCDE"}
    found, without = from_results(results, photographs)
    assert found == [Sample("A", paths["A"], corrected / "mask.png"), Sample("B", paths["B"], agreed / "mask.png")]
    assert without == []


def test_each_frame_of_a_film_is_a_sample_of_its_own(tmp_path: Path) -> None:
    frames = [lesion_photo(number) for number in range(2)]
    film = photograph(tmp_path / "photographs" / "film.dcm", native(np.stack([pixels for pixels, _ in frames])))
    for number, (_, mask) in enumerate(frames):
        folder = tmp_path / "results" / f"film-{number}"
        folder.mkdir(parents=True)
        image = {"sha256": sha256_of(film), "width": 80, "height": 64, "frame": number}
        about = {"image": image, "ged": 0.0, "lesion_area_px": int(mask.sum())}
        (folder / "result.json").write_text(json.dumps(about))
        Image.fromarray(mask).save(folder / "mask.png")
    found, without = from_results(tmp_path / "results", tmp_path / "photographs")
    assert [(sample.id, sample.image, sample.frame) for sample in found] == [("film-0", film, 0), ("film-1", film, 1)]
    assert without == []
    for sample, (pixels, _) in zip(found, frames, strict=True):
        assert np.array_equal(load_square(sample, 64)[0], resize_rgb(pixels, 64, 64))


def test_a_results_photograph_is_known_by_its_bytes_alone(tmp_path: Path) -> None:
    results, photographs = tmp_path / "results", tmp_path / "photographs"
    for name in "ABC":
        result(results, name, 0.1, 100)
    photograph(photographs / "A.jpg", b"B")  # two that changed names
    photograph(photographs / "deep" / "er" / "B.JPG", b"A")
    photograph(photographs / "C.jpg", b"another image of that name")
    photograph(photographs / "C.txt", b"C")
    found, without = from_results(results, photographs)
    assert [(s.id, s.image.name, s.mask.parent.name) for s in found] == [("A", "A.jpg", "B"), ("B", "B.JPG", "A")]
    assert without == ["C"]


def test_results_of_annotated_photographs_are_left_out_whatever_these_are_called(tmp_path: Path) -> None:
    results, photographs = tmp_path / "results", tmp_path / "photographs"
    for name in "AB":
        result(results, name, 0.1, 100)
        photograph(photographs / f"{name}.jpg", name.encode())
    annotated = [photograph(tmp_path / "val" / "renamed.jpg", b"A"), photograph(tmp_path / "val" / "B.jpg", b"other")]
    found, without = from_results(results, photographs, annotated)
    assert [s.id for s in found] == ["B"]
    assert without == []
    with pytest.raises(TrainingError, match="annotated ones only"):
        from_results(results, photographs, [*annotated, photographs / "B.jpg"])
    with pytest.raises(TrainingError, match=r"absent\.jpg cannot be read"):  # it might be any of the results'
        from_results(results, photographs, [tmp_path / "absent.jpg"])


def test_photographs_are_read_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result(tmp_path / "results", "A", 0.1, 100)
    paths = [photograph(tmp_path / "photographs" / f"{name}.jpg", name.encode()) for name in "ABC"]
    read: list[Path] = []
    monkeypatch.setattr("engine.training.data.sha256_of", lambda path: read.append(path) or sha256_of(path))
    from_results(tmp_path / "results", tmp_path / "photographs", paths[1:])
    assert sorted(read) == paths


def test_results_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    results, photographs = tmp_path / "results", tmp_path / "photographs"
    photographs.mkdir()
    with pytest.raises(TrainingError, match="no exported result"):
        from_results(results, photographs)
    broken = result(results, "A", 0.1, 100) / "result.json"
    with pytest.raises(TrainingError, match="not a folder"):
        from_results(results, tmp_path / "absent")
    with pytest.raises(TrainingError, match="no photograph"):
        from_results(results, photographs)
    huge = '{"image": {"width": 1, "height": 1}, "lesion_area_px": 1' + "0" * 400 + "}"
    for content in ("", "[]", "{}", '{"image": null}', huge):
        broken.write_text(content)
        with pytest.raises(TrainingError, match="not a result of DiffSeg"):
            from_results(results, photographs)


def test_pairs_hold_lesion_and_counterpart(pairs: Pairs, dataset: Path) -> None:
    assert pairs.images.shape == pairs.healthy.shape == (6, 3, 40, 40)
    assert pairs.masks.shape == (6, 1, 40, 40)
    assert pairs.paired.all()
    lesion = pairs.masks.bool().expand(-1, 3, -1, -1)
    assert (pairs.healthy[lesion].float().mean() - pairs.images[lesion].float().mean()) > 70
    assert torch.equal(pairs.healthy[..., :3, :3], pairs.images[..., :3, :3])
    again = load_pairs(from_folders(dataset / "images", dataset / "masks"), TINY.size, seed=0)
    assert torch.equal(pairs.healthy, again.healthy)


def test_pairs_are_the_same_however_many_are_read_at_a_time(
    pairs: Pairs, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads in (1, 4):
        monkeypatch.setattr("torch.get_num_threads", lambda threads=threads: threads)
        again = load_pairs(from_folders(dataset / "images", dataset / "masks"), TINY.size, seed=0)
        assert all(torch.equal(getattr(again, part), getattr(pairs, part)) for part in ("images", "healthy", "masks"))


def test_of_several_images_that_cannot_be_read_the_first_is_named(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.get_num_threads", lambda: 4)
    good = from_folders(dataset / "images", dataset / "masks")
    bad = [replace(good[0], image=tmp_path / f"{name}.jpg") for name in "BA"]
    with pytest.raises(ImageError, match=r"B\.jpg"):
        load_pairs([*good[:2], *bad, *good[2:]], TINY.size, seed=0)


def test_an_image_without_skin_is_kept_unpaired(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), "brown").save(tmp_path / "A.png")
    Image.new("L", (50, 50), 255).save(tmp_path / "A_segmentation.png")
    pairs = load_pairs(from_folders(tmp_path, tmp_path), TINY.size, seed=0)
    assert not pairs.paired.any()
    assert torch.equal(pairs.healthy, pairs.images)


def test_the_still_augmentation_only_mirrors() -> None:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8, generator=generator)
    masks = torch.randint(0, 2, (16, 1, 32, 32), dtype=torch.uint8, generator=generator)
    x, h, mask = augment(images, 255 - images, masks, 32, STILL, generator)
    plain = images / 127.5 - 1
    mirrored = [torch.allclose(one, before.flip(-1), atol=1e-3) for one, before in zip(x, plain, strict=True)]
    assert 0 < sum(mirrored) < 16
    flip = torch.tensor(mirrored).view(-1, 1, 1, 1)
    torch.testing.assert_close(x, torch.where(flip, plain.flip(-1), plain), atol=1e-3, rtol=0)
    torch.testing.assert_close(h, torch.where(flip, -plain.flip(-1), -plain), atol=1e-3, rtol=0)
    assert torch.equal(mask, torch.where(flip, masks.flip(-1), masks).float())


def test_image_counterpart_and_mask_move_together(pairs: Pairs) -> None:
    squares = pairs.masks.expand(-1, 3, -1, -1) * 255  # a picture of the mask itself
    moves = replace(STILL, rotation=math.pi, zoom=0.2, stretch=0.1, shift=0.08)
    x, h, mask = augment(squares, squares, pairs.masks, 32, moves, torch.Generator().manual_seed(1))
    assert torch.equal((x[:, :1] > 0).float(), mask)
    assert torch.equal(x, h)
    assert (mask.sum(dim=(1, 2, 3)) > 0).all()


def test_colours_change_alike_in_image_and_counterpart(pairs: Pairs) -> None:
    x, h, mask = augment(pairs.images, pairs.images, pairs.masks, 32, AugmentConfig(), torch.Generator().manual_seed(2))
    assert torch.equal(x, h)
    assert x.abs().max() <= 1
    assert set(mask.unique().tolist()) == {0.0, 1.0}
    inside = (x * mask).sum(dim=(1, 2, 3)) / mask.sum(dim=(1, 2, 3)) / 3
    outside = (x * (1 - mask)).sum(dim=(1, 2, 3)) / (1 - mask).sum(dim=(1, 2, 3)) / 3
    assert (outside - inside > 0.2).all()  # the lesion stays where the mask is


def test_a_transplanted_lesion_adds_to_the_next_skin_what_it_added_to_its_own() -> None:
    skin = torch.tensor([200, 120, 40], dtype=torch.uint8).view(-1, 1, 1, 1).expand(3, 3, 4, 4)
    lesion = torch.zeros(3, 1, 4, 4, dtype=torch.uint8)
    lesion[..., 1:3, 1:3] = 60
    donors = torch.tensor([True, True, False])
    images, healthy = transplant(skin - lesion * (skin > 50), skin, donors)
    assert healthy[:, 0, 0, 0].tolist() == [120, 40, 40]
    assert images[:, 0, 0, 0].tolist() == [120, 40, 40]
    assert images[:, 0, 1, 1].tolist() == [60, 0, 40]  # 40 - 60 is cut at black


def test_only_lesions_with_counterparts_move_and_only_onto_images_with_one() -> None:
    config = replace(CONFIG, augment=STILL, batch=12, healthy_share=0.0, transplant_share=1.0)
    paired = torch.arange(12) % 3 > 0
    plain = replace(plain_pairs(12), paired=paired)
    batch = draw_batch(plain, config, 0, 0, 1)
    order = draw_batch(plain, replace(config, transplant_share=0.0), 0, 0, 1).healthy.mean(dim=(1, 2, 3))
    moves = batch.paired & batch.paired.roll(-1)
    assert 0 < moves.sum() < 12
    torch.testing.assert_close(batch.healthy.mean(dim=(1, 2, 3)), torch.where(moves, order.roll(-1), order))


def test_a_batch_is_a_pure_function_of_seed_step_and_process(pairs: Pairs) -> None:
    def drawn(config: TrainConfig, step: int, rank: int) -> Tensor:
        return draw_batch(pairs, config, step, rank, world=2).eps

    assert torch.equal(drawn(CONFIG, 3, 1), drawn(CONFIG, 3, 1))
    others = [drawn(replace(CONFIG, seed=1), 3, 1), drawn(CONFIG, 4, 1), drawn(CONFIG, 3, 0)]
    assert not any(torch.equal(drawn(CONFIG, 3, 1), other) for other in others)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_changes_photographs_as_the_cpu_does_and_draws_its_own_noise(pairs: Pairs) -> None:
    cpu, cuda = (draw_batch(pairs, CONFIG, 3, 0, 1, kind) for kind in ("cpu", "cuda"))
    for name in ("t", "healthy", "paired", "style"):
        torch.testing.assert_close(getattr(cuda, name).cpu(), getattr(cpu, name), atol=0.01, rtol=0)
    photographs = (clean_image(batch.x_t, batch.t, batch.eps).cpu() for batch in (cuda, cpu))
    torch.testing.assert_close(*photographs, atol=0.01, rtol=0)
    assert not torch.equal(cuda.eps.cpu(), cpu.eps)
    assert torch.equal(cuda.eps, draw_batch(pairs, CONFIG, 3, 0, 1, "cuda").eps)


@pytest.mark.parametrize("world", [1, 2])
def test_every_image_is_drawn_once_an_epoch(world: int) -> None:
    config = replace(CONFIG, augment=STILL, batch=4, transplant_share=0.0)
    for epoch in range(3):
        steps = range(3 * epoch, 3 * epoch + 3)
        batches = [draw_batch(plain_pairs(12), config, step, rank, world) for step in steps for rank in range(world)]
        colours = torch.cat([(b.healthy.mean(dim=(1, 2, 3)) + 1) * 127.5 for b in batches])
        assert colours.round().int().sort().values.tolist() == list(range(12))


def test_a_batch_is_noised_at_the_timesteps_it_names(pairs: Pairs) -> None:
    batch = draw_batch(pairs, replace(CONFIG, batch=64, healthy_share=1.0, first_t=50, last_t=60), 0, 0, 1)
    assert (batch.t.min(), batch.t.max()) == (50, 60)
    torch.testing.assert_close(batch.x_t, add_noise(batch.healthy, batch.t, batch.eps))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_share_of_images_is_replaced_by_its_counterpart_with_an_empty_mask(pairs: Pairs, share: float) -> None:
    batch = draw_batch(pairs, replace(CONFIG, batch=400, healthy_share=share), 0, 0, 1)
    empty = batch.mask.sum(dim=(1, 2, 3)) == 0
    torch.testing.assert_close(batch.x_t[empty], add_noise(batch.healthy, batch.t, batch.eps)[empty])
    assert float(empty.float().mean()) == pytest.approx(share, abs=0.125)  # five standard errors


def test_an_unpaired_image_keeps_its_mask(pairs: Pairs) -> None:
    unpaired = replace(pairs, paired=torch.zeros(6).bool())
    batch = draw_batch(unpaired, replace(CONFIG, batch=24, healthy_share=1.0), 0, 0, 1)
    assert (batch.mask.sum(dim=(1, 2, 3)) > 0).all()
    assert not batch.paired.any()
