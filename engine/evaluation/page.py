"""The report as one HTML file that needs nothing else: figures, diagrams, and the best and worst cases.

It shows photographs of patients: it is written where the user says, and nowhere else. What stands in the tables is
decided here; how it looks, and the sentences around it, are the template's (``page.html.j2``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine import __version__
from engine.evaluation import figures
from engine.evaluation.table import WORDS, interval, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.evaluation.cases import Case

Cells: TypeAlias = tuple[str, ...]

FILLER = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
FILLER.filters["number"] = number


@dataclass(frozen=True)
class Table:
    """Headings and rows of text; the first ``main`` rows stand out."""

    head: Cells
    rows: Sequence[Cells]
    main: int = 0


def page(report: dict[str, Any], worst: list[Case], best: list[Case], made_with: str) -> str:
    """The whole document.

    report: of :func:`engine.evaluation.report.summary`; made_with: one line on the model and the recipe.
    """
    found, sure = report["uncertainty"], report["intervals"]
    auroc, ece, risk = found["ambiguity_error_auroc"], found["ece"], found["risk_coverage"]
    return FILLER.get_template("page.html.j2").render(
        report=report,
        made_with=made_with,
        version=__version__,
        masks=_masks(report),
        borders=_borders(report),
        groups=_groups(report["groups"]),
        doubt=_doubt(found, sure),
        near={"px": auroc["near_px"], "of": auroc["near_of"]},
        calibrated=ece["calibrated"] is not None,
        reliability=figures.reliability((ece["calibrated"] or ece)["bins"], auroc["near_px"]),
        risk_coverage=figures.risk_coverage(risk),
        risk=risk,
        area=interval(sure["aurc"]),
        order=WORDS["ged_iou"],
        chapters=(("The worst", worst), ("The best", best)),
    )


def _masks(report: dict[str, Any]) -> Table:
    keys = ("dice", "jaccard", "precision", "recall")

    def row(name: str, figures_: dict[str, float], sure: str) -> Cells:
        dice, *rest = (number(figures_[key]) for key in keys)
        return name, dice, sure, *rest

    sure = report["intervals"]
    ours = [row(name, report[name], interval(sure[name]["dice"])) for name in ("refined", "consensus")]
    trivial = [row(WORDS[name], values, "") for name, values in report["baselines"].items()]
    head = ("against the annotation", "Dice", "95 %", "Jaccard", "precision", "recall")
    return Table(head, [*ours, *trivial], main=1)


def _borders(report: dict[str, Any]) -> Table:
    rows = []
    for name in ("refined", "consensus", "annotation"):
        figures_, sure = report["borders"][name], report["intervals"]["borders"][name]
        between = interval(sure["hd95"], 2) if "hd95" in sure else ""
        rest = (number(figures_.get(key), 2) for key in ("assd", "pieces", "holes", "irregularity"))
        rows.append((name, number(figures_.get("hd95"), 2), between, *rest))
    head = ("means of images", "HD95, %", "95 %", "ASSD, %", "pieces", "holes", "irregularity")
    return Table(head, rows, main=1)


def _groups(groups: dict[str, Any]) -> Table:
    rows = [
        (WORDS[name], number(g["refined"]), interval(g["refined_interval"]), number(g["consensus"]), str(g["n"]))
        for name, g in groups.items()
    ]
    return Table(("mean Dice by group", "refined", "95 %", "consensus", "images"), rows)


def _doubt(found: dict[str, Any], sure: dict[str, Any]) -> Table:
    auroc, ece = found["ambiguity_error_auroc"], found["ece"]
    places = (("image", "whole image"), ("near", f"within {auroc['near_px']} px of the lesion"))
    kinds = [("", auroc, ece, sure["ambiguity_error_auroc"], sure["ece"])]
    if auroc["calibrated"]:
        kinds.append(("calibrated: ", *(one["calibrated"] for one in kinds[0][1:])))
    rows: list[Cells] = [
        (f"{kind}AUROC, {place}", number(found_[region]), interval(sure_[region]))
        for kind, found_, _, sure_, _ in kinds
        for region, place in places
    ]
    rows += [
        (f"Spearman of 1 − Dice with {WORDS[form]}", number(value), interval(sure["ged_error_spearman"][form]))
        for form, value in found["ged_error_spearman"].items()
    ]
    rows += [
        (f"{kind}expected calibration error, {place}", number(found_[region]), interval(sure_[region]))
        for kind, _, found_, _, sure_ in kinds
        for region, place in places
    ]
    return Table(("ambiguity, GED and consistency", "", "95 %"), rows)
