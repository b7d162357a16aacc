"""What a network has from others: published weights for its encoder, an earlier model's weights, a teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import TrainingError
from engine.networks.backbone import load_published
from engine.networks.description import NOT_STATED, read_description
from engine.networks.segmenter import load_segmenter
from engine.networks.weights import load_model
from engine.recipe import SOFT, CrfSettings, NoiseSettings, Recipe, VoteSettings
from engine.training.data import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.registry import Network

# A new model's own settings until somebody finds better ones: the paper's timesteps, and the bundled model's CRF.
STARTING_NOISE = NoiseSettings(timesteps=tuple(range(60, 151, 10)))
STARTING_CRF = CrfSettings(
    w1=4.0, theta_alpha=15.0, theta_beta=5.0, w2=6.0, theta_gamma=3.0, tau=0.03, iterations=5, rounds=3, subset=4,
    side=256, combine=SOFT, smooth=0.65, cut=0.4, drop=0.03,
)  # fmt: skip
SUPERVISED = "supervised U-Net"


@dataclass(frozen=True)
class Inherited:
    """What a model in training has from what it began with, as known at that time.

    about: the backbone's name, and the earlier model's and the teacher's, each with how it was trained.
    """

    recipe: Recipe
    licence: str
    about: dict[str, Any]


@dataclass(frozen=True)
class Start:
    """What a network begins with; by default, nothing.

    backbone: a file of published weights, for a pretrained encoder. model: an earlier model of the same kind, whatever
    the side of its square; of another shape, it gives the weights that fit, and the others begin anew. licence: of the
    model that comes; None: that of the models it has something from, or not stated. teacher: an earlier model, or a
    supervised network, whose answers it learns too (:mod:`engine.training.teacher`).
    """

    backbone: Path | None = None
    model: Path | None = None
    licence: str | None = None
    teacher: Path | None = None

    def fill(self, network: Network) -> None:
        """Put the weights into a network of the kind that they belong to. Raises :class:`TrainingError` if not so."""
        if self.backbone is not None:
            if network.encoder is None:
                raise TrainingError("This network has no encoder to fill from a backbone; leave out --backbone.")
            load_published(network.encoder, self.backbone)
        if self.model is not None:
            earlier = load_model(self.model).network
            if earlier.config.kind != network.config.kind:
                raise TrainingError(f"The network of {self.model} is of another kind; start from one of the same.")
            own = network.state_dict()
            theirs = earlier.state_dict()
            fitting = {name: theirs[name] for name in own if name in theirs and theirs[name].shape == own[name].shape}
            network.load_state_dict(own | fitting)

    def inherited(self, delta: float) -> Inherited:
        """What is handed on to the model that comes. delta: the loss's, at which a new model votes.

        Raises :class:`ModelError` where an earlier model's description cannot be read, and :class:`TrainingError` where
        it is not clear which licence the model has.
        """
        about: dict[str, Any] = {} if self.backbone is None else {"backbone": self.backbone.name}
        earlier = {role: _earlier(path) for role, path in self._models.items()}
        about |= {role: model.about for role, model in earlier.items()}
        licences = {model.licence for model in earlier.values()} or {NOT_STATED}
        if self.licence is None and len(licences) > 1:
            raise TrainingError(f"The licences of {self.model} and {self.teacher} differ; give --licence.")
        recipe = read_description(self.model).recipe if self.model else _starting(delta)
        return Inherited(recipe, self.licence or licences.pop(), about)

    @property
    def _models(self) -> dict[str, Path]:
        given = {"model": self.model, "teacher": self.teacher}
        return {role: path for role, path in given.items() if path is not None}


NOTHING = Start()


@dataclass(frozen=True)
class _Earlier:
    """What is known of a network that another has something from. about: its name, its digest, how it was trained."""

    licence: str
    about: dict[str, Any]


def _earlier(path: Path) -> _Earlier:
    """A model's own description, or of a supervised network, which has none, its weights' digest."""
    if load_segmenter(path) is not None:
        training = {"kind": SUPERVISED}
        return _Earlier(NOT_STATED, {"name": path.stem, "sha256": sha256_of(path), "training": training})
    model = read_description(path)
    return _Earlier(model.licence, {"name": model.name, "sha256": model.sha256, "training": model.training})


def _starting(delta: float) -> Recipe:
    return Recipe(STARTING_NOISE, VoteSettings(delta), STARTING_CRF)
