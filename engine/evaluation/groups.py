"""For whom the masks are good: groups by the lesion's size, by diagnosis and by the tone of the skin.

The tone is the individual typology angle, ITA = atan((L* - 50) / b*) 180 / pi in degrees (Chardon et al. 1991), of the
median colour of the skin around the lesion. From photographs that are not colour-calibrated, under polarised light and
after white balance, it is rough: it sorts images, it does not measure a person. A dimly exposed photograph, or one full
of hair, reads as dark skin: those with the lowest angles in ISIC 2017's validation split are such photographs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.evaluation.uncertainty import within
from engine.training.healthy import MARGIN, non_skin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from engine.arrays import Bools, Bytes

SMALL, LARGE = 0.03, 0.40  # of the image
LIGHT_SKIN = 28.0  # degrees of ITA; Chardon's "intermediate" ends here, "tan" and darker lie below
LEAST_SKIN = 0.01  # of the image: less does not tell a tone
DIAGNOSES = {  # of the column diagnosis, in HAM10000's words; melanoma and nevus are ISIC 2017's groups, too
    "mel": "melanoma",
    "nv": "nevus",
    "bkl": "benign_keratosis",
    "bcc": "basal_cell",
    "akiec": "actinic",
    "vasc": "vascular",
    "df": "dermatofibroma",
}
SIZES, TONES = ("small", "medium", "large"), ("light_skin", "dark_skin")
GROUPS = tuple(dict.fromkeys((*SIZES, "melanoma", "keratosis", "nevus", *DIAGNOSES.values(), *TONES)))

YES_NO = {"1": True, "1.0": True, "0": False, "0.0": False}


def skin_tone(pixels: Bytes, lab: NDArray[np.float64], annotation: Bools) -> float:
    """ITA in degrees, -180 to 180, of the skin outside the dilated annotation; NaN where less than 1 % is skin.

    pixels: uint8 (H, W, 3) RGB; lab: the same in CIE L*a*b*; annotation: bool (H, W). Vignettes and frames are no skin.
    """
    skin = ~within(annotation, MARGIN) & ~non_skin(pixels)
    if skin.mean() < LEAST_SKIN:
        return float("nan")
    lightness, _, yellow = np.median(lab[skin], axis=0)
    return float(np.degrees(np.arctan2(lightness - 50, yellow)))


def groups_of(area: float, tone: float, facts: Mapping[str, str]) -> tuple[str, ...]:
    """The names, out of GROUPS, of all groups that an image is in.

    area: the annotation's share of the image. tone: ITA, degrees. facts: the index's columns; an image belongs to a
    diagnosis only where the column diagnosis says so, or the columns melanoma and seborrheic_keratosis (0 or 1); nevus
    is neither.
    """
    found = ["small" if area < SMALL else "large" if area > LARGE else "medium"]
    melanoma, keratosis = (YES_NO.get(facts.get(name, "")) for name in ("melanoma", "seborrheic_keratosis"))
    found += ["melanoma"] if melanoma else []
    found += ["keratosis"] if keratosis else []
    found += ["nevus"] if melanoma is False and keratosis is False else []
    diagnosis = DIAGNOSES.get(facts.get("diagnosis", "").strip().lower())
    found += [diagnosis] if diagnosis and diagnosis not in found else []
    if np.isfinite(tone):
        found.append("light_skin" if tone > LIGHT_SKIN else "dark_skin")
    return tuple(found)
