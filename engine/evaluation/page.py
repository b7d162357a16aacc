"""The report as one HTML file that needs nothing else: figures, diagrams, and the best and worst cases.

It shows photographs of patients: it is written where the user says, and nowhere else.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from engine import __version__
from engine.evaluation import figures
from engine.evaluation.table import WORDS, interval, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.evaluation.cases import Case

STYLE = """
:root { color-scheme: light dark; --back: #f4f5f6; --card: #ffffff; --ink: #1b2226; --muted: #5c686f; --line: #dfe3e6;
  --accent: #0b7285; --second: #b35309; }
@media (prefers-color-scheme: dark) { :root { --back: #14181b; --card: #1d2327; --ink: #e6ebee; --muted: #9aa7ae;
  --line: #333c42; --accent: #4cc9dd; --second: #f0a35c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .75rem; } h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 .75rem; } .muted, figcaption, th { color: var(--muted); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem;
  margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-top: 1px solid var(--line); font-weight: normal;
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
thead th { border-top: 0; font-size: .85rem; }
tr.main td { font-weight: 600; }
.scroll { overflow-x: auto; } .pair { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-top: 1.5rem; }
.pair figure { flex: 1 1 20rem; } figure { margin: 0; } figcaption { font-size: .85rem; margin-top: .35rem; }
figure > svg { width: 100%; height: auto; } svg text { font-family: system-ui, sans-serif !important; }
.case header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem;
  margin-bottom: .75rem; }
.maps { display: grid; grid-template-columns: 2fr 1fr; gap: .75rem; align-items: start; }
.maps .photo { grid-row: span 2; }
.maps img { display: block; width: 100%; border-radius: 4px; } .photo { position: relative; }
.maps figcaption { margin-top: .15rem; } .chapter { margin: 2rem 0 0; }
.photo svg { position: absolute; inset: 0; width: 100%; height: 100%; }
path.line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
path.edge { fill: none; stroke: #10181c; stroke-width: 4; vector-effect: non-scaling-stroke; opacity: .6; }
.refined { stroke: #40e0f0; } .annotation { stroke: #ffffff; stroke-dasharray: 6 4; }
.key { display: inline-block; width: 1.6rem; border-top: 3px solid; vertical-align: middle; margin-right: .35rem; }
.key.r { border-color: #22b8cc; } .key.a { border-top-style: dashed; border-color: var(--muted); }
@media (max-width: 40rem) { .maps { grid-template-columns: 1fr 1fr; }
  .maps .photo { grid-area: auto / 1 / auto / -1; } }
"""

Cells = tuple[str, ...]


def page(report: dict[str, Any], worst: list[Case], best: list[Case], made_with: str) -> str:
    """The whole document.

    report: of :func:`engine.evaluation.report.summary`; made_with: one line on the model and the recipe.
    """
    cases = [_cases("The worst", worst), _cases("The best", best)]
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DiffSeg: evaluation on {report["n"]} images</title>
<style>{STYLE}</style>
<main>
<h1>Evaluation on {report["n"]} images</h1>
<p class="muted">{escape(made_with)}<br>
DiffSeg {__version__}. Research use only. Not a medical device. This page shows photographs of
patients: handle it as such.</p>
{_masks(report)}
{_groups(report["groups"])}
{_doubt(report["uncertainty"], report["intervals"])}
{"".join(cases)}
</main>
</html>
"""


def _masks(report: dict[str, Any]) -> str:
    keys = ("dice", "jaccard", "precision", "recall")

    def row(name: str, figures_: dict[str, float], sure: str) -> Cells:
        dice, *rest = (number(figures_[key]) for key in keys)
        return name, dice, sure, *rest

    sure = report["intervals"]
    ours = [row(name, report[name], interval(sure[name]["dice"])) for name in ("refined", "consensus")]
    floors = [row(WORDS[name], values, "") for name, values in report["floors"].items()]
    head = ("against the annotation", "Dice", "95 %", "Jaccard", "precision", "recall")
    note = (
        f"Mean GED {report['ged_mean']:.3f}; {report['seconds_per_image']:.2f} s an image. The last rows are trivial"
        " masks of the same images: what any method must beat."
    )
    return _card("How good the masks are", f"<p>{note}</p>" + _table(head, [*ours, *floors], main=1))


def _groups(groups: dict[str, Any]) -> str:
    rows = [
        (WORDS[name], number(g["refined"]), interval(g["refined_interval"]), number(g["consensus"]), str(g["n"]))
        for name, g in groups.items()
    ]
    note = (
        "Size is the annotation's share of the image. Skin tone is the individual typology angle (ITA) of the skin"
        " around the lesion; from photographs that are not colour-calibrated it is rough, and a dim photograph"
        " or much hair reads as dark skin."
    )
    head = ("mean Dice by group", "refined", "95 %", "consensus", "images")
    return _card("For whom", f"<p>{note}</p>" + _table(head, rows))


def _doubt(found: dict[str, Any], sure: dict[str, Any]) -> str:
    auroc, ece, risk = found["ambiguity_error_auroc"], found["ece"], found["risk_coverage"]
    near = f"within {auroc['near_px']} px of the lesion"
    places = (("image", "whole image"), ("near", near))
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
    table = _table(("ambiguity, GED and consistency", "", "95 %"), rows)
    left = _figure(
        figures.reliability((ece["calibrated"] or ece)["bins"], auroc["near_px"]),
        f"Reliability: of the pixels with a {'calibrated probability' if ece['calibrated'] else 'consistency'}, how"
        " many the annotation calls lesion.",
    )
    area = f"{number(risk['aurc'])} {interval(sure['aurc'])}".rstrip()
    right = _figure(
        figures.risk_coverage(risk),
        f"Risk and coverage, images in the order of {WORDS['ged_iou']}: area {area}, random {number(risk['random'])},"
        f" oracle {number(risk['oracle'])}.",
    )
    note = (
        f"AUROC: how often ambiguity is higher at a wrong pixel of the consensus than at a right one."
        f" {auroc['near_px']} px are those of an image of {auroc['near_of']} on its longer side."
    )
    return _card("Does doubt point at errors?", f'<p>{note}</p>{table}<div class="pair">{left}{right}</div>')


def _cases(title: str, cases: list[Case]) -> str:
    if not cases:
        return ""
    key = (
        '<span class="key r"></span>refined mask, <span class="key a"></span>annotation (dashed). Beside the'
        " photograph: consistency from 0 (dark) to 1 (bright), and ambiguity from 0 (dark) to 0.25 (bright)."
    )
    return f'<h2 class="chapter">{title}</h2><p class="muted">{key}</p>' + "".join(map(_case, cases))


def _case(case: Case) -> str:
    score = case.score
    lines = "".join(
        f'<path class="edge" d="{data}"/><path class="line {name}" d="{data}"/>'
        for name, data in (("annotation", case.annotation), ("refined", case.refined))
    )
    name = escape(score.id)
    facts = (
        f"Dice {score.refined.dice:.3f} · precision {score.refined.precision:.3f} · recall {score.refined.recall:.3f}"
        f" · GED {score.ged:.3f}"
    )
    return f"""<section class="card case"><header><h3>{name}</h3><span class="muted">{facts}</span></header>
<div class="maps"><div class="photo"><img alt="photograph {name} with both borders" src="{case.photograph}">
<svg viewBox="0 0 {case.width} {case.height}" aria-hidden="true">{lines}</svg></div>
<figure><img alt="consistency of {name}" src="{case.consistency}"><figcaption>consistency</figcaption></figure>
<figure><img alt="ambiguity of {name}" src="{case.ambiguity}"><figcaption>ambiguity</figcaption></figure></div>
</section>
"""


def _card(title: str, inside: str) -> str:
    return f'<section class="card"><h2>{title}</h2>{inside}</section>\n'


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(head: Cells, rows: Iterable[Cells], main: int = 0) -> str:
    """An HTML table; the first ``main`` rows stand out."""
    titles = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr{' class=main' if place < main else ''}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for place, row in enumerate(rows)
    )
    return f'<div class="scroll"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'
