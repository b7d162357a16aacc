"""Every setting that decides a result: frozen, compared by value, to and from JSON. One node per stage.

What suits one model does not suit another, so only settings that have nothing to do with the model have defaults here;
a model's own recipe stands in its description (:mod:`engine.networks.description`).
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from engine.errors import RecipeError
from engine.formats import format_of

FORMAT = 2  # 1, and 0, without a number: no combine, smooth, cut, drop; see :func:`_of_format_1`
DELTA_MAX = 2.0  # images in [-1, 1] cannot differ by more
MOST_TIMESTEPS = 50  # the masks are compared pair by pair
BACKENDS = ("lattice", "pydensecrf")
SOFT, EQUATION_12 = "soft", "equation 12"
COMBINATIONS = (SOFT, EQUATION_12)
TIMESTEPS = tuple[int, ...]
KINDS = {
    TIMESTEPS: "a list of whole numbers",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "a text",
}


@dataclass(frozen=True)
class NoiseSettings:
    """Stage 1. timesteps: noise levels, ascending, 1..1000. draws: noises averaged at each. seed: of all noise.

    turn: each evaluation sees the photograph in another of its eight orientations.
    """

    timesteps: tuple[int, ...]
    draws: int = 1
    seed: int = 0
    turn: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "timesteps", tuple(sorted(set(self.timesteps))))
        if not self.timesteps:
            raise RecipeError("At least one timestep is needed; select one or more.")
        if len(self.timesteps) > MOST_TIMESTEPS:
            raise RecipeError(f"At most {MOST_TIMESTEPS} timesteps can be compared; choose fewer.")
        _within("timesteps", self.timesteps[0], 1, 1000)
        _within("timesteps", self.timesteps[-1], 1, 1000)
        _within("draws", self.draws, 1, 64)
        _within("seed", self.seed, 0, 2**31 - 1)


@dataclass(frozen=True)
class VoteSettings:
    """Stage 2. delta: threshold on the difference, clean-image units (images in [-1, 1]); auto: Otsu's instead."""

    delta: float
    auto: bool = False

    def __post_init__(self) -> None:
        _within("delta", self.delta, 0.0, DELTA_MAX)


@dataclass(frozen=True)
class CrfSettings:
    """Stage 3. The ensemble DenseCRF, in equation 10's names.

    w1, w2: weights of the appearance and the smoothness kernel. theta_alpha, theta_gamma: their spatial widths, in
    pixels of the paper's 128-pixel grid (scaled to side). theta_beta: colour width, grey levels of 255.
    tau: softness of P(lesion) = sigmoid((difference - delta) / tau). iterations: mean-field updates. rounds: K.
    subset: masks drawn per round. side: longest side of the grid that it works on, pixels. seed: of the draws. backend:
    "lattice" (ours, all masks at once) or "pydensecrf" (the reference, one by one).

    What becomes of the refined masks. combine: "equation 12" binarises each round and takes the majority of the rounds,
    as printed; "soft" takes the mean of the rounds' probabilities. smooth: standard deviation of the Gaussian that the
    combined map is smoothed with, in pixels of the 128-pixel grid. cut: the probability above which is lesion. drop:
    pieces and holes smaller than this share of the largest piece are left out. The defaults are equation 12 and
    nothing more.
    """

    w1: float
    theta_alpha: float
    theta_beta: float
    w2: float
    theta_gamma: float
    tau: float
    iterations: int
    rounds: int
    subset: int
    side: int
    seed: int = 0
    backend: str = "lattice"
    combine: str = EQUATION_12
    smooth: float = 0.0
    cut: float = 0.5
    drop: float = 0.0

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise RecipeError(f"There is no CRF backend {self.backend!r}; choose one of {', '.join(BACKENDS)}.")
        if self.combine not in COMBINATIONS:
            raise RecipeError(f"Masks cannot be combined by {self.combine!r}; choose {' or '.join(COMBINATIONS)}.")
        _within("w1", self.w1, 0.0, 100.0)
        _within("w2", self.w2, 0.0, 100.0)
        for name in ("theta_alpha", "theta_beta", "theta_gamma"):
            _within(name, getattr(self, name), 0.5, 500.0)
        _within("tau", self.tau, 1e-3, 10.0)
        _within("iterations", self.iterations, 1, 100)
        _within("rounds", self.rounds, 1, 100)
        _within("subset", self.subset, 1, 1000)
        _within("seed", self.seed, 0, 2**31 - 1)
        _within("side", self.side, 32, 512)
        _within("smooth", self.smooth, 0.0, 10.0)
        _within("cut", self.cut, 0.05, 0.95)
        _within("drop", self.drop, 0.0, 0.5)


FORMAT_1_END = {"combine": EQUATION_12, "smooth": 0.0, "cut": 0.5, "drop": 0.0}  # what formats 0 and 1 do not name
NODES = {"noise": NoiseSettings, "vote": VoteSettings, "crf": CrfSettings}


@dataclass(frozen=True)
class Recipe:
    """All settings of a run. refine=False stops after the votes."""

    noise: NoiseSettings
    vote: VoteSettings
    crf: CrfSettings
    refine: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the format's number and nested dictionaries of JSON-ready values."""
        recipe = asdict(self)
        recipe["noise"]["timesteps"] = list(self.noise.timesteps)
        return {"format": FORMAT, **recipe}

    @classmethod
    def from_json(cls, data: object, defaults: Recipe | None = None) -> Recipe:
        """Build a recipe from :meth:`to_json`'s form.

        defaults: where settings come from that are left out, as a person's hand does; without them a recipe must be
        whole. Raises :class:`RecipeError` for an unknown name, a wrong type, a value out of range or a newer format.
        """
        number = format_of(data, FORMAT, "The recipe", RecipeError)
        given = _known(data, {"format", *(f.name for f in fields(cls))}, "recipe")
        if number < 2:
            given = _of_format_1(given)
        plain = {name: value for name, value in given.items() if name not in ("format", *NODES)}
        values = _typed(plain, cls, "recipe")
        for name, node in NODES.items():
            values[name] = _node(node, given.get(name, {}), name, getattr(defaults, name, None))
        return cls(**values) if defaults is None else replace(defaults, **values)


def read_recipe(path: str | Path, defaults: Recipe) -> Recipe:
    """Read a recipe from a JSON file: a recipe itself, or a result.json, whose ``recipe`` is taken.

    defaults: of the model, for what the file leaves out. Raises :class:`RecipeError` with the file's name.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise RecipeError(f"The recipe {path} cannot be read ({reason}).") from None
    except json.JSONDecodeError as error:
        raise RecipeError(f"The recipe {path} is not JSON (line {error.lineno}).") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets without end
        raise RecipeError(f"The recipe {path} is not JSON that can be read.") from None
    if isinstance(data, dict) and "recipe" in data:
        data = data["recipe"]
    try:
        return Recipe.from_json(data, defaults)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from None


def parse_timesteps(text: str) -> tuple[int, ...]:
    """Parse ``first:last:step`` (both ends included) or a comma-separated list. Raises :class:`RecipeError`."""
    try:
        if ":" in text:
            first, last, step = (int(part) for part in text.split(":"))
            values = tuple(range(first, last + 1, step)[:1001])  # more cannot all be timesteps
            if not values:
                raise RecipeError(f"Timesteps {text!r} run backwards; name the lower end first, as in 60:150:10.")
        else:
            values = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise RecipeError(f"Timesteps {text!r} are not first:last:step or a list such as 60,100,150.") from None
    return NoiseSettings(timesteps=values).timesteps


def _of_format_1(given: dict[str, Any]) -> dict[str, Any]:
    """A recipe of format 0 or 1 as one of format 2.

    Whole CRF settings, as DiffSeg writes them, mean equation 12 there, whatever the model's own say. A person may have
    named a few of them, or none: what is left out is the model's own.
    """
    crf = given.get("crf")
    of_then = {f.name for f in fields(CrfSettings)} - set(FORMAT_1_END)
    if not isinstance(crf, dict) or not of_then <= set(crf):
        return given
    return {**given, "crf": {**FORMAT_1_END, **crf}}


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RecipeError(f"{name} = {value} is outside {low} .. {high}.")


def _known(data: object, names: set[str], name: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RecipeError(f"{name!r} must be a set of named settings, not {data!r}.")
    unknown = set(data) - names
    if unknown:
        raise RecipeError(f"{name!r} has no setting {sorted(unknown)[0]!r}.")
    return data


def _node(node: type, data: object, name: str, defaults: Any) -> Any:
    """One stage's settings from JSON, completed by ``defaults``."""
    given = _typed(_known(data, {f.name for f in fields(node)}, name), node, name)
    if defaults is not None:
        return replace(defaults, **given)
    missing = [f.name for f in fields(node) if f.default is MISSING and f.name not in given]
    if missing:
        raise RecipeError(f"{name!r} lacks the setting {missing[0]!r}; add it.")
    return node(**given)


def _typed(data: dict[str, Any], node: type, name: str) -> dict[str, Any]:
    """Check JSON values against the types of the node's fields; whole numbers may stand for floats."""
    types, checked = get_type_hints(node), {}
    for key, value in data.items():
        wanted = types[key]
        if wanted == TIMESTEPS and isinstance(value, list) and all(type(v) is int for v in value):
            checked[key] = tuple(value)
            continue
        if wanted is float and type(value) is int:
            with suppress(OverflowError):
                value = float(value)
        if type(value) is not wanted:
            raise RecipeError(f"{name}.{key} = {value!r} is not {KINDS[wanted]}.")
        checked[key] = value
    return checked
