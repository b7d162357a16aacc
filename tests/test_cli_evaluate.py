"""``diffseg evaluate``, from arguments to figures, files and exit codes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.cli import main
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from pathlib import Path

FAST = ("--timesteps", "60,100,150")


@pytest.mark.parametrize("source", ["folders", "index"])
def test_evaluate_reports_means_and_survives_bad_files(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    where = ["--index", dataset / "index.csv"]
    if source == "folders":
        where = ["--images", dataset / "images", "--masks", dataset / "masks", "--limit", 3]
    options = ["--model", model_path, "--device", "cpu", "--json", tmp_path / "report.json", *FAST]
    assert main([*map(str, ("evaluate", *where, *options))]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report) >= {"n", "consensus", "refined", "ged_mean", "seconds_per_image"}
    assert report["n"] == (3 if source == "folders" else 2)
    for mask in ("consensus", "refined"):
        assert set(report[mask]) == {"dice", "jaccard", "precision", "recall"}
        assert all(0 <= value <= 1 for value in report[mask].values())
    printed = capsys.readouterr().out
    assert f"{report['n']} images" in printed
    assert f"{report['refined']['dice']:.3f}" in printed


def test_photographs_without_a_mask_are_counted(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    for number in (2, 5):
        name = f"L{number}_segmentation.png"
        (masks / name).write_bytes((dataset / "masks" / name).read_bytes())
    where = ("--images", dataset / "images", "--masks", masks)
    assert main([*map(str, ("evaluate", *where, "--model", model_path, "--device", "cpu", *FAST))]) == 0
    said = capsys.readouterr()
    assert said.err == f"diffseg: 4 of 6 photographs have no mask in {masks} and are left out (first: L0.png).\n"
    assert "2 images" in said.out


def test_a_split_of_no_index_is_refused(dataset: Path, model_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ("--images", dataset / "images", "--masks", dataset / "masks")
    for command in (("evaluate", *folders), ("calibrate", *folders), ("familiarity", "--photographs", folders[1])):
        usage_error([*command, "--split", "test", "--model", model_path])
        assert "--split names a part of an index" in capsys.readouterr().err


def test_images_named_in_two_ways_are_refused(
    dataset: Path, model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ("--images", dataset / "images", "--masks", dataset / "masks", "--index", dataset / "index.csv")
    for command in (("evaluate",), ("calibrate",)):
        usage_error([*command, *both, "--model", model_path])
        assert "--index names its own images and masks" in capsys.readouterr().err


def test_figures_cannot_be_written_over_a_folder(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usage_error(["evaluate", "--index", dataset / "index.csv", "--json", tmp_path])
    assert f"{tmp_path} is a folder; name a file in it" in capsys.readouterr().err


def test_evaluate_reports_uncertainty_groups_baselines_and_each_image(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index.csv"
    head, *rows = (dataset / "index.csv").read_text().replace(",images", f",{dataset}/images").splitlines()
    facts = [f"{row.replace(',masks', f',{dataset}/masks')},{number % 2},0" for number, row in enumerate(rows)]
    index.write_text("\n".join([f"{head},melanoma,seborrheic_keratosis", *facts]))
    files = ["--json", tmp_path / "report.json", "--page", tmp_path / "pages" / "report.html"]
    options = ["--index", index, "--split", "train", "--model", model_path, "--device", "cpu", *files, *FAST]
    assert main([*map(str, ("evaluate", *options))]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report) >= {"borders", "uncertainty", "groups", "baselines", "intervals", "images"}
    found = report["uncertainty"]
    assert set(found) == {"ambiguity_error_auroc", "ged_error_spearman", "ece", "risk_coverage"}
    assert set(found["ambiguity_error_auroc"]) >= {"image", "near", "image_mean", "near_mean"}
    assert set(found["ged_error_spearman"]) == {"ged", "ged_iou", "ged_by_sqrt_area"}
    assert len(found["ece"]["bins"]["near"]) == 4
    assert found["risk_coverage"]["coverage"] == [0.25, 0.5, 0.75, 1]
    assert report["groups"]["melanoma"]["n"] == report["groups"]["nevus"]["n"] == 2
    assert "keratosis" not in report["groups"]
    assert report["baselines"]["otsu"]["dice"] > 0.9
    borders = report["borders"]
    assert set(borders["refined"]) == set(borders["consensus"]) == {*borders["annotation"], "hd95", "assd"}
    assert borders["annotation"]["pieces"] == 1
    assert borders["annotation"]["irregularity"] == pytest.approx(1.0, abs=0.1)
    low, high = report["intervals"]["borders"]["refined"]["hd95"]
    assert low <= borders["refined"]["hd95"] <= high
    assert np.mean([row["hd95"] for row in report["images"]]) == pytest.approx(borders["refined"]["hd95"])
    low, high = report["intervals"]["refined"]["dice"]
    assert low <= report["refined"]["dice"] <= high
    low, high = report["intervals"]["aurc"]
    assert low <= found["risk_coverage"]["aurc"] <= high
    assert [row["id"] for row in report["images"]] == ["L0", "L1", "L2", "L3"]
    assert np.mean([row["dice"] for row in report["images"]]) == pytest.approx(report["refined"]["dice"])
    said = capsys.readouterr()
    assert said.err == ""
    assert re.search(rf"AURC +{found['risk_coverage']['aurc']:.3f}  \[{low:.3f}, {high:.3f}\]  ", said.out)
    assert all(word in said.out for word in ("melanoma", "HD95", "Otsu", "AUROC", "Spearman", "ECE"))
    assert all(f">{row['id']}<" in (tmp_path / "pages" / "report.html").read_text() for row in report["images"])


@pytest.mark.parametrize("option", ["--page", "--json"])
def test_figures_are_printed_even_if_a_file_cannot_be_written(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    where = ["--index", dataset / "index.csv", option, tmp_path / "file" / "report"]
    assert main([*map(str, ("evaluate", *where, "--model", model_path, "--device", "cpu", *FAST))]) == 1
    said = capsys.readouterr()
    assert "2 images" in said.out
    [sentence] = said.err.splitlines()
    assert "could not be written" in sentence


def test_evaluate_names_images_that_cannot_be_used(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["id,split,image,mask", f"A,val,{dataset}/images/L0.png,{dataset}/masks/L0_segmentation.png"]
    rows += ["B,val,absent.png,absent.png"]
    index = tmp_path / "index.csv"
    index.write_text("\n".join(rows))
    options = ["--model", str(model_path), "--device", "cpu", *FAST]
    assert main(["evaluate", "--index", str(index), *options]) == 1
    said = capsys.readouterr()
    assert "diffseg: " in said.err
    assert "absent.png" in said.err
    assert "1 images" in said.out
    index.write_text("\n".join([rows[0], rows[2]]))
    assert main(["evaluate", "--index", str(index), *options]) == 1


def test_a_simulated_user_clicks_both_ways(
    dataset: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--index", dataset / "index.csv", "--json", tmp_path / "report.json", "--clicks", 2]
    assert main([*map(str, ("evaluate", *where, "--model", model_path, "--device", "cpu", *FAST))]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report["clicks"]) == {"scribble", "brush"}
    for means in report["clicks"].values():
        assert len(means) == 3
        assert means[0] == pytest.approx(report["refined"]["dice"])
    assert report["clicks"]["scribble"][2] > report["clicks"]["scribble"][0]
    printed = capsys.readouterr().out
    assert re.search(rf"scribble +{means[0]:.3f} +{report['clicks']['scribble'][1]:.3f}", printed)


@pytest.fixture
def two_sets(dataset: Path, tmp_path: Path) -> list[Path]:
    """Two indices of the same photographs, in folders ``first`` and ``second``."""
    head, *rows = (dataset / "index.csv").read_text().splitlines()
    found = []
    for name, kept in (("first/index.csv", rows[:3]), ("second/few.csv", rows[2:])):
        path = tmp_path / name
        path.parent.mkdir()
        whole = [row.replace(",images", f",{dataset}/images").replace(",masks", f",{dataset}/masks") for row in kept]
        path.write_text("\n".join([f"{head},diagnosis", *(f"{row},bcc" for row in whole)]))
        found.append(path)
    return found


def test_several_sets_are_rows_of_one_table_and_blocks_of_their_own(
    two_sets: list[Path], model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--model", str(model_path), "--device", "cpu", *FAST]
    alone = []
    for path, split in zip(two_sets, ("train", "val"), strict=True):
        json_path = tmp_path / f"{split}.json"
        assert main(["evaluate", "--index", str(path), "--split", split, "--json", str(json_path), *model]) == 0
        alone.append((json.loads(json_path.read_text()), capsys.readouterr().out))
    where = [word for path in two_sets for word in ("--index", str(path))]
    options = [*where, "--split", "train", "--split", "val", "--json", str(tmp_path / "both.json")]
    assert main(["evaluate", *options, *model]) == 0
    sets = json.loads((tmp_path / "both.json").read_text())["sets"]
    assert list(sets) == ["first train", "second/few val"]
    printed = capsys.readouterr().out
    for (report, said), (name, found) in zip(alone, sets.items(), strict=True):
        assert found["refined"] == report["refined"]
        assert found["groups"]["basal_cell"]["n"] == found["n"] == report["n"]
        dice, n = f"{report['refined']['dice']:.3f}", report["n"]
        assert re.search(rf"^{name} +{n} +{dice} +\d", printed, re.MULTILINE)
        block = said.splitlines()[1:]  # the first line has the time
        assert "\n".join(block) in printed
        assert f"{name}\n{'=' * len(name)}\n" in printed


def test_one_split_is_for_all_sets_and_what_does_not_go_together_is_refused(
    two_sets: list[Path], model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--model", str(model_path), "--device", "cpu", *FAST]
    where = [word for path in two_sets for word in ("--index", str(path))]
    assert main(["evaluate", *where, "--split", "train", "--limit", "1", *model]) == 0
    assert "second/few train" in capsys.readouterr().out
    for wrong, said in (
        (["--split", "a", "--split", "b", "--split", "c"], "one --split for every --index"),
        (["--page", str(tmp_path / "page.html")], "A page shows one set"),
        ([*where[:2], "--split", "train"], "is named twice"),
    ):
        with pytest.raises(SystemExit):
            main(["evaluate", *where, *wrong, *model])
        assert said in capsys.readouterr().err


def test_a_set_without_a_usable_image_leaves_the_others(
    two_sets: list[Path], model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_sets[0].write_text("id,split,image,mask\nA,train,absent.png,absent.png")
    where = [word for path in two_sets for word in ("--index", str(path))]
    options = ["--split", "train", "--limit", "1", "--model", str(model_path), "--device", "cpu", *FAST]
    assert main(["evaluate", *where, *options]) == 1
    said = capsys.readouterr()
    assert "absent.png" in said.err
    assert "second/few train" in said.out
    assert "first train" not in said.out
