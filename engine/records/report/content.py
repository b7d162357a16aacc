"""What stands in a report: the border, how sure it is, measures, doubtful places, correction, and what made it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from engine.method.consensus import agreement_in_words
from engine.reading.measures import TITLES
from engine.reading.regions import regions
from engine.reading.scale import RULER
from engine.records.close_ups import ambiguity, before_correction, close_up, whole
from engine.records.png import png
from engine.records.report.page import GREY, MARGIN, Report
from engine.records.report.words import (
    CHANGED,
    CHANGED_SCRIBBLED,
    FRAME,
    HEAD,
    HEAD_UNDATED,
    LEGEND,
    MADE,
    MORE_PLACES,
    NUMBERS,
    OFTEN,
    ONCE,
    ONE_PLACE,
    RATIO,
    READERS,
    SCRIBBLED,
    UNFAMILIAR,
    say,
)
from engine.records.style import PAPERS
from engine.records.text import plain

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.reading.regions import Region
    from engine.records.record import Record

GAP = 4.0  # mm between pictures
TALLEST = 110.0  # mm of a picture of the whole photograph
LARGE = 116.0  # mm of its width at most
SHOWN = 6  # places that are shown enlarged
CHOICES = {
    "accept": "accepted",
    "extend": "extended, to the 10 % line",
    "retract": "retracted, to the 90 % line",
    "undecidable": "undecidable",
}


def report(record: Record) -> Report:
    """The pages of a record, in its style. It names the photograph's file, and nothing else of where it came from."""
    return _Writer(record).pages()


class _Writer:
    """Fills pages from top to bottom."""

    def __init__(self, record: Record) -> None:
        self.record, self.said, self.style = record, record.said, record.style
        self.width, self.height = record.found.image.width, record.found.image.height
        self.regions = regions(record.found.consensus, self.width, self.height)
        self.page = Report(
            self.say("Border of a skin lesion"), *PAPERS[self.style.paper], self.say(record.said["notice"])
        )

    def say(self, english: str, **values: object) -> str:
        """In the report's language."""
        return say(english, self.style.language, **values)

    def pages(self) -> Report:
        """All of it."""
        page, image = self.page, self.record.found.image
        name = plain(image.path.name)
        if image.frame is not None:
            name = self.say(FRAME, name=name, number=image.frame + 1)
        page.heading(page.title, 16)
        date = str(self.said.get("made", ""))[:10]  # none of results by early versions
        facts = {"width": self.width, "height": self.height, "date": date, "notice": self.say(self.said["notice"])}
        page.block(self.say(HEAD if date else HEAD_UNDATED, name=name, **facts), MARGIN, page.inner, 9, grey=GREY)
        page.y += 2
        self._photograph()
        page.heading(self.say("How sure the border is"))
        page.paragraph(self._in_words())
        self._measures()
        self._places()
        if self.record.is_corrected:
            self._correction()
        self._own_words()
        page.heading(self.say("What made it"))
        page.paragraph(self._made_with())
        if licence := self.said["model"].get("licence"):
            page.paragraph(self.say("The model's licence: {licence}.", licence=plain(str(licence))))
        return page

    def _photograph(self) -> None:
        """The whole photograph, and the ambiguity beside it."""
        page, ratio, top = self.page, self.height / self.width, self.page.y
        left = min(LARGE, TALLEST / ratio)
        page.picture(_jpeg(whole(self.record, 1400, self.regions[:SHOWN])), MARGIN, left, ratio)
        right, x = page.inner - left - GAP, MARGIN + left + GAP
        small = min(right, TALLEST / 2 / ratio)
        page.picture(png(ambiguity(self.record)), x, small, ratio)
        page.y = top + small * ratio + 1
        legend = [self.say(LEGEND), *([self.say(NUMBERS)] if self.regions else [])]
        page.block(" ".join(legend), x, right, leading=4)
        page.y = max(top + left * ratio, page.y) + GAP

    def _measures(self) -> None:
        page, widths = self.page, (70.0, 45.0, self.page.inner - 115.0)
        page.heading(self.say("Measures"))
        page.row(("", self.say("value"), self.say("range of all outlines")), widths, GREY)
        for name, measure in self.said["measures"].items():
            unit = f" {measure['unit']}" if measure["unit"] else ""
            value, low, high = (self._figure(measure[key], measure["unit"]) for key in ("value", "low", "high"))
            said = self.say("{low} to {high}{unit}", low=low, high=high, unit=unit)
            page.row((self.say(TITLES[name]), f"{value}{unit}", said), widths)
        page.y += 3

    def _places(self) -> None:
        """The places where the timesteps disagree most, enlarged, each with what was decided."""
        page, listed = self.page, self.regions
        if not listed:
            return
        side = (page.inner - 2 * GAP) / 3
        page.room(side + 22)
        page.heading(self.say("Places where the outlines disagree"))
        for first in range(0, min(len(listed), SHOWN), 3):
            page.room(side + 14)
            top = page.y
            for n, region in enumerate(listed[first : first + 3]):
                self._place(region, MARGIN + n * (side + GAP), top, side)
            page.y = top + side + 11
        if len(listed) > SHOWN:
            page.paragraph(self.say("Not shown: {count} more, where they disagree less.", count=len(listed) - SHOWN))

    def _place(self, region: Region, x: float, top: float, side: float) -> None:
        choices = {one["number"]: one.get("decision") for one in self.said["regions"]}
        decided = self.say(CHOICES.get(choices[region.number] or "", "not reviewed"))
        self.page.picture(_jpeg(close_up(self.record, region.box, 500)), x, side, 1, top)
        self.page.y = top + side + 1
        self.page.block(f"{region.number}. {self.say(region.place)}: {decided}", x, side, leading=4)

    def _correction(self) -> None:
        """Before and after a person's correction, side by side."""
        page, ratio = self.page, self.height / self.width
        side = min((page.inner - GAP) / 2, TALLEST / ratio)
        page.room(side * ratio + 16)
        page.heading(self.say("Corrected by hand"))
        page.picture(_jpeg(before_correction(self.record, 900)), MARGIN, side, ratio)
        page.picture(_jpeg(whole(self.record, 900)), MARGIN + side + GAP, side, ratio)
        page.y += side * ratio + 1
        made = self.said["reading"]
        added, removed = (self.style.number(made[name]) for name in ("added_px", "removed_px"))
        words = CHANGED_SCRIBBLED if self.record.found.scribbles else CHANGED
        page.paragraph(self.say(words, added=added, removed=removed))

    def _own_words(self) -> None:
        """The verdict and the note of a person who gave them."""
        reading = self.said.get("reading") or {}
        words = [self.say(reading["verdict"])] if reading.get("verdict") else []
        words += [plain(str(reading["note"]))] if reading.get("note") else []
        if words:
            self.page.heading(self.say("Verdict and note"))
            self.page.paragraph("\n".join(words))

    def _in_words(self) -> str:
        """How far the timesteps disagree, in sentences that need no formula."""
        found, area, ged = self.record.found, self.said["measures"]["area"], self.said["ged"]
        count, words = len(found.evidence.timesteps), self.say(agreement_in_words(found.consensus))
        said = [self.say(UNFAMILIAR)] if (self.said.get("familiarity") or {}).get("out_of_depth") else []
        said.append(self.say(ONCE if count == 1 else OFTEN, count=count, words=words, ged=self.style.number(ged, 3)))
        if drawn := len(self.record.found.scribbles):
            said.append(self.say(SCRIBBLED, count=drawn))
        if area["low"] > 0 and count > 1:
            ratio = self.style.number(area["high"] / area["low"], 2)
            said.append(self.say(RATIO, ratio=ratio))
        if expected := self.said.get("expected_agreement"):
            figures = {name: self.style.number(expected[name], 2) for name in ("value", "low", "high")}
            said.append(self.say(READERS, **figures))
        if listed := self.said["regions"]:
            place = self.say(listed[0]["place"])
            decided, places = sum("decision" in region for region in listed), len(listed)
            said.append(
                self.say(ONE_PLACE if places == 1 else MORE_PLACES, place=place, decided=decided, places=places)
            )
        return " ".join(said)

    def _figure(self, value: float, unit: str) -> str:
        return self.style.number(value, 0 if unit.startswith("px") else 1 if unit else 2)

    def _made_with(self) -> str:
        made, said = self.record.provenance, self.said
        return self.say(
            MADE,
            version=made["version"],
            model=plain(made["model"]),
            digest=made["model_sha256"][:16],
            device=said["device"],
            precision=said["device_detail"]["precision"],
            steps=", ".join(map(str, made["timesteps"])),
            delta=self.style.short(made["delta"]),
            seed=self.record.found.recipe.noise.seed,
            refined=self.say("refined by DenseCRF" if said["refined"] else "not refined"),
            size=self._scale(),
            photograph=made["photograph_sha256"],
        )

    def _scale(self) -> str:
        """Where millimetres are known from."""
        scale: dict[str, Any] | None = self.said.get("scale")
        if scale is None and (laid := self.record.reading.mm_per_px) is not None:  # of results from before
            scale = {"mm_per_px": laid, "source": RULER}
        if scale is None:
            return self.say("no ruler was laid, so lengths are in pixels")
        sentence = (
            "one pixel is {mm} mm by the ruler" if scale["source"] == RULER else "one pixel is {mm} mm by the file"
        )
        return self.say(sentence, mm=self.style.short(scale["mm_per_px"], 4))


def _jpeg(picture: Image) -> bytes:
    """A picture as a JPEG file, which a page takes as it is."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
