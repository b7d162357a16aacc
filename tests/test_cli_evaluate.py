"""``diffseg evaluate``, from arguments to figures, files and exit codes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.cli import main

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
