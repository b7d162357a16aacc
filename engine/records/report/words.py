"""The words of reports. English ones stand where they are used; here are those of other languages."""

from __future__ import annotations

from engine import NOTICE

LEGEND = (
    "Above: where the outlines disagree, the brighter the more. Left: the border (blue), and the lines where 10 and"
    " 90 % of them agree (white)."
)
NUMBERS = "Numbers: the places that are shown enlarged below."
OFTEN = "The model read the photograph {count} times, at {count} noise levels (GED {ged}). {words}"
ONCE = "The model read the photograph once, at one noise level. {words}"
RATIO = "The area of the largest outline is {ratio} times that of the smallest."
READERS = (
    "Two experts would agree on such a lesion with a Dice of about {value} ({low} to {high} in about four of five"
    " cases); that is no statement on whether this outline is right."
)
UNFAMILIAR = (
    "The photograph is unlike those that the model was trained on; if it is not a dermoscopy photograph, this outline"
    " means little."
)
ONE_PLACE = "The outlines disagree at one place: {place}; a person reviewed {decided} of 1."
MORE_PLACES = "The outlines disagree at {places} places, most at: {place}; a person reviewed {decided} of {places}."
SCRIBBLED = "The border follows scribbles that a person drew ({count}); the outlines are the model's, without these."
CHANGED_SCRIBBLED = "Left with the scribbles alone, right as corrected: {added} pixels added, {removed} removed."
FRAME = "{name} (frame {number})"
HEAD = "{name}, {width} x {height} pixels, analysed on {date}. {notice}"
HEAD_UNDATED = "{name}, {width} x {height} pixels. {notice}"
CHANGED = "Left as the model found it, right as corrected: {added} pixels added, {removed} removed."
MADE = (
    "DiffSeg {version}, model {model} ({digest}), on {device} ({precision}). Timesteps {steps}; delta {delta}; seed"
    " {seed}; {refined}; {size}. Photograph's SHA-256: {photograph}. The file result.json holds all settings; run again"
    " they give the same mask."
)

GERMAN = {
    "Border of a skin lesion": "Begrenzung einer Hautläsion",
    NOTICE: "Nur für Forschungszwecke. Kein Medizinprodukt.",
    FRAME: "{name} (Bild {number})",
    HEAD: "{name}, {width} x {height} Pixel, analysiert am {date}. {notice}",
    HEAD_UNDATED: "{name}, {width} x {height} Pixel. {notice}",
    LEGEND: (
        "Oben: wo die Umrisse voneinander abweichen, je heller, desto mehr. Links: die Begrenzung (blau) und die"
        " Linien, an denen 10 und 90 % der Umrisse übereinstimmen (weiß)."
    ),
    NUMBERS: "Ziffern: die unten vergrößerten Stellen.",
    "How sure the border is": "Wie sicher die Begrenzung ist",
    "Measures": "Messwerte",
    "value": "Wert",
    "range of all outlines": "Spanne über alle Umrisse",
    "{low} to {high}{unit}": "{low} bis {high}{unit}",
    "Area": "Fläche",
    "Perimeter": "Umfang",
    "Largest diameter": "Größter Durchmesser",
    "Smallest diameter": "Kleinster Durchmesser",
    "Asymmetry": "Asymmetrie",
    "Border irregularity": "Unregelmäßigkeit der Begrenzung",
    OFTEN: "Das Modell hat die Läsion {count}-mal umrissen, auf {count} Rauschstufen (GED {ged}). {words}",
    ONCE: "Das Modell hat die Läsion einmal umrissen, auf einer Rauschstufe. {words}",
    RATIO: "Der größte Umriss hat das {ratio}-Fache der Fläche des kleinsten.",
    READERS: (
        "Zwei Fachleute würden bei einer solchen Läsion mit einem Dice-Wert von etwa {value} übereinstimmen ({low} bis"
        " {high} in etwa vier von fünf Fällen); ob dieser Umriss richtig ist, sagt das nicht."
    ),
    UNFAMILIAR: (
        "Die Aufnahme ist anders als die, an denen das Modell trainiert wurde; ist sie keine dermatoskopische Aufnahme,"
        " hat dieser Umriss wenig Aussagekraft."
    ),
    ONE_PLACE: (
        "Die Umrisse weichen an einer Stelle voneinander ab ({place}); von einer Person beurteilt: {decided} von 1."
    ),
    MORE_PLACES: (
        "Die Umrisse weichen an {places} Stellen voneinander ab, am stärksten hier: {place}; von einer Person"
        " beurteilt: {decided} von {places}."
    ),
    "There is one reading only: nothing to compare.": "Es gibt nur einen Umriss und nichts zu vergleichen.",
    "No reading finds a lesion.": "Auf keiner findet sich eine Läsion.",
    "The model's readings agree.": "Die Umrisse stimmen überein.",
    "The model's readings agree on most of the lesion.": "Die Umrisse stimmen im größten Teil der Läsion überein.",
    "The model's readings differ: look at the doubtful places, or judge by eye.": (
        "Die Umrisse weichen voneinander ab: bitte die zweifelhaften Stellen ansehen oder selbst beurteilen."
    ),
    "Places where the outlines disagree": "Stellen, an denen die Umrisse voneinander abweichen",
    "Not shown: {count} more, where they disagree less.": "Nicht gezeigt: {count} weitere mit geringerer Abweichung.",
    "accepted": "akzeptiert",
    "extended, to the 10 % line": "erweitert bis zur 10-%-Linie",
    "retracted, to the 90 % line": "verkleinert bis zur 90-%-Linie",
    "undecidable": "nicht entscheidbar",
    "not reviewed": "nicht beurteilt",
    "whole border": "gesamter Rand",
    "Corrected by hand": "Von Hand korrigiert",
    SCRIBBLED: (
        "Die Begrenzung folgt Strichen, die eine Person zog ({count}); die Umrisse sind die des Modells, ohne sie."
    ),
    CHANGED_SCRIBBLED: (
        "Links nur mit den Strichen, rechts wie korrigiert: {added} Pixel hinzugefügt, {removed} Pixel entfernt."
    ),
    CHANGED: (
        "Links wie vom Modell gefunden, rechts wie korrigiert: {added} Pixel hinzugefügt, {removed} Pixel entfernt."
    ),
    "Verdict and note": "Gesamturteil und Notiz",
    "good": "gut",
    "usable": "brauchbar",
    "not usable": "nicht brauchbar",
    "What made it": "Wie dieses Ergebnis entstand",
    MADE: (
        "DiffSeg {version}, Modell {model} ({digest}), auf {device} ({precision}). Zeitschritte {steps}; Delta {delta};"
        " Startwert {seed}; {refined}; {size}. SHA-256 der Aufnahme: {photograph}. Die Datei result.json enthält alle"
        " Einstellungen, mit denen sich dieselbe Maske noch einmal ergibt."
    ),
    "The model's licence: {licence}.": "Lizenz des Modells: {licence}.",
    "refined by DenseCRF": "mit DenseCRF verfeinert",
    "not refined": "nicht verfeinert",
    "no ruler was laid, so lengths are in pixels": "kein Maßstab angelegt, daher Längen in Pixeln",
    "one pixel is {mm} mm by the ruler": "ein Pixel entspricht laut Maßstab {mm} mm",
    "one pixel is {mm} mm by the file": "ein Pixel entspricht laut Bilddatei {mm} mm",
}

# Directions, as seen from the middle of the lesion, and how a place is made of one.
DIRECTIONS = {
    "right": "rechts",
    "lower right": "unten rechts",
    "lower": "unten",
    "lower left": "unten links",
    "left": "links",
    "upper left": "oben links",
    "upper": "oben",
    "upper right": "oben rechts",
}
PLACES = {
    "{where} border": "Rand {where}",
    "satellite, {where}": "Satellit {where}",
    "interior, {where}": "Inneres {where}",
}
GERMAN |= {
    place.format(where=where): said.format(where=there)
    for place, said in PLACES.items()
    for where, there in DIRECTIONS.items()
}
CATALOGUES: dict[str, dict[str, str]] = {"de": GERMAN}


def say(english: str, language: str, **values: object) -> str:
    """A sentence in a language, with its values filled in; what has no words there stays English."""
    said = CATALOGUES.get(language, {}).get(english, english)
    return said.format(**values) if values else said
