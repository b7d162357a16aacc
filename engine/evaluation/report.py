"""The figures of all images, as one JSON-ready dictionary; a figure that its images do not define is null.

    n                       how many images
    consensus, refined      mean dice, jaccard, precision, recall of both masks
    borders
      consensus, refined      mean hd95, assd (% of the image's diagonal), pieces, holes, irregularity of both masks
      annotation              mean pieces, holes, irregularity of the annotation's own border
    ged_mean                mean D2, equation 5
    seconds_per_image       mean, from file to mask
    uncertainty
      ambiguity_error_auroc   how well ambiguity tells wrong pixels of the consensus mask from right ones
        image, near             all images' pixels together: the whole image, or at most near_px from the lesion
        image_mean, near_mean   mean of each image's own AUROC
        near_px                 24, in pixels of an image of near_of = 256 on its longer side
        calibrated              the same of p (1 - p), p the calibrated probability; null if the model has none
      ged_error_spearman      of 1 - Dice of the consensus with ged, ged_iou, ged_by_sqrt_area
      ece                     expected calibration error of the consistency: image, near; and the bins of its
                              reliability diagram: consistency, lesion (share of lesion), weight (share of pixels)
        calibrated              the same of the calibrated probability; null if the model has none
      risk_coverage           images kept in the order of ged_iou: coverage, risk (mean 1 - Dice of refined); aurc, the
                              mean risk, beside a random and an oracle order's
    groups                  by name: n, mean Dice of consensus and refined, refined_interval
    baselines               mean dice, jaccard, precision, recall of trivial masks: otsu, border_colour, disc
    clicks                  mean Dice before and after each click of a simulated user: scribble, brush; null without
    intervals               95 % bootstrap intervals, [low, high], of the figures above, under their names
    images                  a row for each image

The modules ``borders``, ``clicks``, ``uncertainty``, ``groups``, ``baselines`` and ``bootstrap`` define each of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.arrays import Doubles, Ints
from engine.evaluation import uncertainty
from engine.evaluation.bootstrap import LEVEL, RESAMPLES, SEED, Bootstrap
from engine.evaluation.groups import GROUPS
from engine.evaluation.uncertainty import REGIONS

if TYPE_CHECKING:
    from engine.evaluation.score import Score
    from engine.reading.agreement import Agreement

Tallies: TypeAlias = dict[str, Ints]  # region -> one table for each image
Figure: TypeAlias = Callable[[Any], Doubles]  # of tallies, whole numbers or sums of them

MASKS = ("consensus", "refined")
GED_FORMS = ("ged", "ged_iou", "ged_by_sqrt_area")


def summary(scores: list[Score]) -> dict[str, Any]:
    """All figures of at least one score."""
    bootstrap = Bootstrap(len(scores))
    tallies = {region: np.stack([s.tally[r] for s in scores]) for r, region in enumerate(REGIONS)}
    calibrated = _calibrated(scores)
    report = {
        "n": len(scores),
        **{mask: _mean([getattr(s, mask) for s in scores]) for mask in MASKS},
        "borders": {
            name: {key: _known_mean(column) for key, column in columns.items()}
            for name, columns in _borders(scores).items()
        },
        "ged_mean": float(np.mean([s.ged for s in scores])),
        "seconds_per_image": float(np.mean([s.seconds for s in scores])),
        "uncertainty": {
            "ambiguity_error_auroc": {
                **_auroc(tallies, uncertainty.ambiguity_auroc),
                "near_px": round(uncertainty.NEAR * 256),
                "near_of": 256,
                "calibrated": _auroc(calibrated, uncertainty.calibrated_auroc) if calibrated else None,
            },
            "ged_error_spearman": {form: _spearman(scores, form) for form in GED_FORMS},
            "ece": {**_ece(tallies), "calibrated": _ece(_by_label(calibrated)) if calibrated else None},
            "risk_coverage": _risk_coverage(scores),
        },
        "groups": _groups(scores),
        "baselines": {name: _mean([s.baselines[name] for s in scores]) for name in scores[0].baselines},
        "clicks": _clicks(scores),
        "intervals": _intervals(scores, tallies, calibrated, bootstrap),
        "images": [_row(score) for score in scores],
    }
    return dict(_plain(report))


def _calibrated(scores: list[Score]) -> Tallies | None:
    kept = [s.calibrated for s in scores if s.calibrated is not None]
    return {region: np.stack([one[r] for one in kept]) for r, region in enumerate(REGIONS)} if kept else None


def _borders(scores: list[Score]) -> dict[str, dict[str, Doubles]]:
    """Columns, one value an image, of the borders' figures, by mask and name."""
    found = {}
    for name in scores[0].tidiness:
        rows = [asdict(s.tidiness[name]) for s in scores]
        if name in scores[0].distances:  # the annotation has none from itself
            rows = [{**asdict(s.distances[name]), **row} for s, row in zip(scores, rows, strict=True)]
        found[name] = {key: np.array([row[key] for row in rows], dtype=np.float64) for key in rows[0]}
    return found


def _by_label(tallies: Tallies) -> Tallies:
    """Tallies of probabilities in the bins of their reliability diagram, without what the consensus says."""
    return {region: uncertainty.binned(table) for region, table in tallies.items()}


def _auroc(tallies: Tallies, figure: Figure) -> dict[str, float]:
    pooled = {region: float(figure(table.sum(axis=0))) for region, table in tallies.items()}
    return {**pooled, **{f"{region}_mean": _known_mean(figure(table)) for region, table in tallies.items()}}


def _spearman(scores: list[Score], form: str) -> float:
    return float(uncertainty.spearman(_column(scores, form), _error(scores, "consensus")))


def _ece(tallies: Tallies) -> dict[str, Any]:
    sums = {region: table.sum(axis=0) for region, table in tallies.items()}
    return {
        **{region: float(uncertainty.ece(total)) for region, total in sums.items()},
        "bins": {region: _bins(total) for region, total in sums.items()},
    }


def _bins(total: Ints) -> list[dict[str, float]]:
    lesion, weight = uncertainty.calibration(total)
    values = np.linspace(0, 1, len(total))
    return [
        {"consistency": c, "lesion": s, "weight": w}
        for c, s, w in zip(values.tolist(), lesion.tolist(), weight.tolist(), strict=True)
    ]


def _risk_coverage(scores: list[Score]) -> dict[str, Any]:
    curve = uncertainty.risk_coverage(_column(scores, "ged_iou"), _error(scores, "refined"))
    return {
        "aurc": curve.aurc,
        "random": curve.random,
        "oracle": curve.oracle,
        "coverage": curve.coverage.tolist(),
        "risk": curve.risk.tolist(),
    }


def _clicks(scores: list[Score]) -> dict[str, list[float]] | None:
    made = [asdict(score.clicks) for score in scores if score.clicks is not None]
    return {way: np.mean([one[way] for one in made], axis=0).tolist() for way in made[0]} if made else None


def _groups(scores: list[Score]) -> dict[str, Any]:
    """Only groups with images: without the index's columns there are no diagnoses."""
    found = {}
    for name in GROUPS:
        members = [s for s in scores if name in s.groups]
        if members:
            dice = {mask: 1 - _error(members, mask) for mask in MASKS}
            found[name] = {
                "n": len(members),
                **{mask: float(values.mean()) for mask, values in dice.items()},
                "refined_interval": Bootstrap(len(members)).of_mean(dice["refined"]),
            }
    return found


def _intervals(
    scores: list[Score], tallies: Tallies, calibrated: Tallies | None, bootstrap: Bootstrap
) -> dict[str, Any]:
    agreements = {
        mask: {key: bootstrap.of_mean(np.array([asdict(getattr(s, mask))[key] for s in scores])) for key in asdict(one)}
        for mask in MASKS
        for one in [getattr(scores[0], mask)]
    }
    auroc = _auroc_intervals(tallies, uncertainty.ambiguity_auroc, bootstrap)
    ece = _ece_intervals(tallies, bootstrap)
    if calibrated:
        auroc["calibrated"] = _auroc_intervals(calibrated, uncertainty.calibrated_auroc, bootstrap)
        ece["calibrated"] = _ece_intervals(_by_label(calibrated), bootstrap)
    error, risk = (_error(scores, mask) for mask in MASKS)
    return {
        **agreements,
        "borders": {
            name: {key: bootstrap.of_mean(column) for key, column in columns.items()}
            for name, columns in _borders(scores).items()
        },
        "ged_mean": bootstrap.of_mean(_column(scores, "ged")),
        "ambiguity_error_auroc": auroc,
        "ged_error_spearman": {
            form: bootstrap.of_columns(uncertainty.spearman, _column(scores, form), error) for form in GED_FORMS
        },
        "ece": ece,
        "aurc": bootstrap.of_columns(uncertainty.aurc, _column(scores, "ged_iou"), risk),
        "level": LEVEL,
        "resamples": RESAMPLES,
        "seed": SEED,
    }


def _auroc_intervals(tallies: Tallies, figure: Figure, bootstrap: Bootstrap) -> dict[str, Any]:
    pooled = {region: bootstrap.of_sums(figure, table) for region, table in tallies.items()}
    return {**pooled, **{f"{region}_mean": bootstrap.of_mean(figure(table)) for region, table in tallies.items()}}


def _ece_intervals(tallies: Tallies, bootstrap: Bootstrap) -> dict[str, Any]:
    return {region: bootstrap.of_sums(uncertainty.ece, table) for region, table in tallies.items()}


def _row(score: Score) -> dict[str, Any]:
    auroc = uncertainty.ambiguity_auroc(score.tally).tolist()
    return {
        "id": score.id,
        **asdict(score.refined),
        "consensus_dice": score.consensus.dice,
        **asdict(score.distances["refined"]),
        **asdict(score.tidiness["refined"]),
        "annotation_irregularity": score.tidiness["annotation"].irregularity,
        **{form: getattr(score, form) for form in GED_FORMS},
        **{f"ambiguity_error_auroc_{region}": value for region, value in zip(REGIONS, auroc, strict=True)},
        "area": score.area,
        "skin_tone": score.tone,
        "groups": score.groups,
        "seconds": score.seconds,
    }


def _column(scores: list[Score], name: str) -> Doubles:
    return np.array([getattr(s, name) for s in scores], dtype=np.float64)


def _error(scores: list[Score], mask: str) -> Doubles:
    return np.array([1 - getattr(s, mask).dice for s in scores])


def _mean(agreements: list[Agreement]) -> dict[str, float]:
    rows = [asdict(a) for a in agreements]
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def _known_mean(values: Doubles) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def _plain(value: Any) -> Any:
    """Figures as JSON knows them: lists for tuples, null for NaN."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
