"""A report as lines of text for the terminal."""

from __future__ import annotations

from typing import Any

WORDS = {
    "otsu": "Otsu on luminance",
    "border_colour": "border's colour",
    "disc": "centred disc",
    "small": "small (< 3 %)",
    "medium": "medium",
    "large": "large (> 40 %)",
    "melanoma": "melanoma",
    "keratosis": "seborrhoeic keratosis",
    "nevus": "nevus",
    "benign_keratosis": "benign keratosis",
    "basal_cell": "basal cell carcinoma",
    "actinic": "actinic keratosis, Bowen's",
    "vascular": "vascular lesion",
    "dermatofibroma": "dermatofibroma",
    "light_skin": "ITA > 28° (light skin)",
    "dark_skin": "ITA ≤ 28° (dark or dim)",
    "ged": "GED",
    "ged_iou": "GED with 1 − IoU",
    "ged_by_sqrt_area": "GED / √area",
}


WIDE = 12  # characters of a column in the table of several sets
COMPARED = ("Dice", "low", "high", "consensus", "Jaccard", "precision", "recall", "HD95, %", "AUROC near", "ECE near")


def number(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def interval(pair: list[float | None], digits: int = 3) -> str:
    """``[low, high]``, or nothing where there is none."""
    low, high = pair
    return "" if low is None or high is None else f"[{low:.{digits}f}, {high:.{digits}f}]"


def lines(report: dict[str, Any]) -> list[str]:
    """The report's figures in blocks: the masks and the baselines, the groups, and uncertainty."""
    sure = report["intervals"]
    text = [f"{report['n']} images, GED {report['ged_mean']:.3f}, {report['seconds_per_image']:.2f} s an image", ""]
    text.append(_columns("", "Dice", "95 %", "Jaccard", "precision", "recall"))
    for name in ("refined", "consensus"):
        text.append(_mask(name, report[name], interval(sure[name]["dice"])))
    text += [_mask(WORDS[name], figures, "") for name, figures in report["baselines"].items()]
    text += ["", *_borders(report["borders"], sure["borders"])]
    if report["clicks"]:
        text += ["", *_clicks(report["clicks"])]
    text += ["", _columns("refined, by group", "Dice", "95 %", "n")]
    for name, group in report["groups"].items():
        text.append(
            _columns(WORDS[name], number(group["refined"]), interval(group["refined_interval"]), str(group["n"]))
        )
    return [*text, "", *_uncertainty(report["uncertainty"], sure)]


def several(reports: dict[str, dict[str, Any]]) -> list[str]:
    """Several sets' reports, by name: a row each with the figures that matter most, then all of each set's."""
    wide = max(map(len, reports)) + 2
    head = f"{'':<{wide}}{'n':>6}" + "".join(f"{name:>{WIDE}}" for name in COMPARED)
    rows = [f"{name:<{wide}}{report['n']:>6}" + "".join(_compared(report)) for name, report in reports.items()]
    whole = [line for name, report in reports.items() for line in ("", "", name, "=" * len(name), *lines(report))]
    return [head, *rows, *whole]


def _compared(report: dict[str, Any]) -> list[str]:
    """COMPARED of one report, each WIDE characters."""
    found, refined = report["uncertainty"], report["refined"]
    auroc, ece = (found[name]["calibrated"] or found[name] for name in ("ambiguity_error_auroc", "ece"))
    masks = (refined["dice"], *report["intervals"]["refined"]["dice"], report["consensus"]["dice"])
    rest = (*masks, refined["jaccard"], refined["precision"], refined["recall"])
    hd95 = number(report["borders"]["refined"]["hd95"], 2)
    figures = (*map(number, rest), hd95, number(auroc["near"]), number(ece["near"]))
    return [f"{figure:>{WIDE}}" for figure in figures]


def _borders(found: dict[str, Any], sure: dict[str, Any]) -> list[str]:
    text = [_columns("borders, % of the diagonal", "HD95", "95 %", "ASSD", "pieces", "holes", "irregularity")]
    for name in ("refined", "consensus", "annotation"):
        figures = found[name]
        between = interval(sure[name]["hd95"], 2) if "hd95" in sure[name] else ""
        rest = [number(figures.get(key), 2) for key in ("assd", "pieces", "holes", "irregularity")]
        text.append(_columns(name, number(figures.get("hd95"), 2), between, *rest))
    return text


def _clicks(found: dict[str, list[float]]) -> list[str]:
    head = f"{'Dice after so many clicks':<31}" + "".join(f"{n:>7}" for n in range(len(found["scribble"])))
    rows = (f"{name:<31}" + "".join(f"{dice:>7.3f}" for dice in found[name]) for name in found)
    return [head, *rows]


def _uncertainty(found: dict[str, Any], sure: dict[str, Any]) -> list[str]:
    auroc, ece, risk = found["ambiguity_error_auroc"], found["ece"], found["risk_coverage"]
    text = [_columns("does doubt point at errors?", "", "95 %")]
    kinds = [("", auroc, ece, sure["ambiguity_error_auroc"], sure["ece"])]
    if auroc["calibrated"]:
        kinds.append(("calibrated, ", *(one["calibrated"] for one in kinds[0][1:])))
    places = (("image", "whole image"), ("near", f"within {auroc['near_px']} px"))
    for kind, figures, _, intervals, _ in kinds:
        for region, where in places:
            mean = f"mean of images {number(figures[f'{region}_mean'])}"
            text.append(_columns(f"AUROC, {kind}{where}", number(figures[region]), interval(intervals[region]), mean))
    for form, value in found["ged_error_spearman"].items():
        text.append(_columns(f"Spearman, {WORDS[form]}", number(value), interval(sure["ged_error_spearman"][form])))
    for kind, _, figures, _, intervals in kinds:
        for region, where in places:
            text.append(_columns(f"ECE, {kind}{where}", number(figures[region]), interval(intervals[region])))
    beside = f"random {number(risk['random'])}, oracle {number(risk['oracle'])}"
    text.append(_columns("AURC", number(risk["aurc"]), interval(sure["aurc"]), beside))
    return text


def _mask(name: str, figures: dict[str, float], sure: str) -> str:
    rest = [number(figures[key]) for key in ("jaccard", "precision", "recall")]
    return _columns(name, number(figures["dice"]), sure, *rest)


def _columns(name: str, figure: str, sure: str, *rest: str) -> str:
    return (f"{name:<31}{figure:>7}  {sure:<16}" + "".join(f"{cell:>13}" for cell in rest)).rstrip()
