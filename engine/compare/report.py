"""The comparison as a Markdown page: accuracy in the form of the paper's table 1, doubts, costs, and how it was done.

Every number comes from the results; sentences are written only where what they say was done.
"""

from __future__ import annotations

from typing import Any

from engine.compare.plans import MEMBERS
from engine.compare.readers import DROPOUT_PASSES
from engine.compare.rows import LOSS_DELTA, PRETRAINED, PUBLISHED_CRF, SHIPPED
from engine.evaluation.table import number

MISSING = "–"


def page(found: dict[str, Any], command: str) -> str:
    """The page of what :func:`engine.compare.run.compare` returned. command: the line that made it."""
    rows = found["rows"].values()
    return "\n\n".join(
        [
            "# Comparison",
            _how(found),
            f"```\n{command}\n```",
            "## Agreement with the annotation",
            _table(("Method", "Dice", "95 %", "Precision", "Recall", "Jaccard"), _accuracy(rows)),
            "## Does the uncertainty point at the errors?",
            _doubts_explained(),
            _table(
                ("Method", "AUROC, whole image", "95 %", "AUROC, within 24 px", "95 %", "Spearman", "95 %",
                 "Disagreement"),
                _doubts(rows),
            ),
            "## What it costs",
            _table(
                ("Method", "Parameters", "GFLOP an image", "CPU s an image", "Images seen", "CPU minutes of training"),
                _costs(rows),
            ),
        ]
    ) + "\n"  # fmt: skip


def _accuracy(rows: Any) -> list[list[str]]:
    return [
        [
            _name(row, line),
            number(one["dice"]),
            _interval(one["interval"]),
            *(number(one[name]) for name in ("precision", "recall", "jaccard")),
        ]
        for row in rows
        for line, one in row["scores"]["lines"].items()
    ]


def _doubts(rows: Any) -> list[list[str]]:
    table = []
    for row in rows:
        doubt = row["scores"]["doubt"]
        for title, one in ((row["title"], doubt), (f"{row['title']}, calibrated", doubt.get("calibrated"))):
            if not one:
                continue
            cells = []
            for name in ("auroc_image", "auroc_near", "spearman"):
                cells += [number(one.get(name)), _interval(one.get(f"{name}_interval"))]
            table.append([title, *cells, number(one.get("disagreement"))])
    return table


def _costs(rows: Any) -> list[list[str]]:
    table = []
    for row in rows:
        facts, lines = row["facts"], row["scores"]["lines"]
        seconds = " / ".join(number(one["seconds"], 2) for one in lines.values())
        images, minutes = facts["images"], facts["cpu_minutes"]
        table.append(
            [
                row["title"],
                f"{facts['parameters'] / 1e6:.2f} M",
                f"{facts['gflop']:.1f}",
                seconds,
                MISSING if images is None else f"{images:,}",
                number(minutes, 1),
            ]
        )
    return table


def _how(found: dict[str, Any]) -> str:
    data, setting, rows = found["data"], found["setting"], found["rows"]
    threads = f"{setting['threads']} thread" + ("s" if setting["threads"] > 1 else "")
    sentences = [
        f"DiffSeg {setting['version']}. Trained on the {data['trained']} images of the split `train` of"
        f" `{data['index']}`, evaluated on {data['evaluated']} of `{data['split']}` at their own size.",
        f"Every network was trained for {setting['budget']}, at {setting['size']} x {setting['size']} pixels, batch"
        f" {setting['batch']}, seed {setting['seed']}{_seeds(rows)}, on the same images in the same order with the same"
        " augmentation, with AdamW, a cosine learning-rate schedule over the budget and an exponential moving average"
        " (EMA) of the weights; no checkpoint was selected.",
        f"CPU ({setting['processor']}), {threads}, {setting['precision']}; times are CPU times of the process.",
        "Intervals are 95 % percentile bootstrap intervals over images.",
    ]
    if any(name.startswith("diffseg") for name in rows):
        sentences.append(
            f"DiffSeg trained here is thresholded at the delta of its loss, {LOSS_DELTA.delta:g}"
            + (", or, trained unpaired, at Otsu's threshold" if "diffseg-unpaired" in rows else "")
            + f"; its refinement is equation 12 with CRF settings that were chosen on validation images{_crf(rows)}."
        )
    if SHIPPED in rows:
        sentences.append(
            "The shipped model had its own, longer training, with further photographs, and its own recipe; its"
            " weights, delta and CRF settings were chosen on validation images."
        )
    if any(name in PRETRAINED for name in rows):
        sentences.append("Pretrained encoders start from EfficientNet-Lite0's published ImageNet weights.")
    return " ".join(sentences)


def _seeds(rows: dict[str, Any]) -> str:
    return f" (the ensemble: {MEMBERS} consecutive seeds)" if "ensemble" in rows else ""


def _crf(rows: dict[str, Any]) -> str:
    if "diffseg-published-crf" not in rows:
        return ""
    crf = PUBLISHED_CRF
    return (
        f", or the published ones (w1 = {crf.w1:g}, theta_alpha = {crf.theta_alpha:g}, theta_beta = {crf.theta_beta:g},"
        f" w2 = {crf.w2:g}, theta_gamma = {crf.theta_gamma:g}; spatial widths in pixels of a 128-pixel grid)"
    )


def _doubts_explained() -> str:
    return (
        "AUROC: the chance that a wrong pixel of the mask (DiffSeg: the consensus) is more uncertain than a right one;"
        " uncertainty is p (1 - p), p being the averaged probability of a supervised network, the share of DiffSeg's"
        " timesteps that vote for lesion, or its calibrated probability. Spearman: the rank correlation, over images,"
        " of the disagreement between a method's masks (generalised energy distance with 1 - IoU; MC dropout:"
        f" {DROPOUT_PASSES} passes) with 1 - Dice. Disagreement: its mean."
    )


def _name(row: dict[str, Any], line: str) -> str:
    return f"{row['title']}, {line}" if line else str(row["title"])


def _interval(values: list[float | None] | None) -> str:
    return MISSING if not values or None in values else " .. ".join(f"{v:.3f}" for v in values)


def _table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
