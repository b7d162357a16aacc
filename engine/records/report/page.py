"""Pages as lists of words, pictures and lines in their places, which a PDF, a screen and a printer draw alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.records.report.fonts import MM, width_of

MARGIN = 15.0  # mm
FOOT = 16.0  # mm that stay free at the end of a page but for its foot
PLAIN, SMALL = 8.5, 7.0  # sizes of letters, points
LEADING = 4.5  # mm from line to line
INK, GREY, PALE = 25, 100, 200  # of 255


@dataclass(frozen=True)
class Words:
    """A line of text: its left end on its base line, in mm from the page's upper left corner. size: in points."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    grey: int = INK


@dataclass(frozen=True)
class Picture:
    """A picture, as the bytes of its file, in a rectangle in mm."""

    x: float
    y: float
    width: float
    height: float
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Rule:
    """A thin line from left to right, in mm."""

    x: float
    y: float
    width: float
    grey: int = PALE


Item = Words | Picture | Rule


@dataclass
class Report:
    """width, height: of each page, in mm. pages: what is on them."""

    title: str
    width: float
    height: float
    foot: str
    pages: list[list[Item]] = field(default_factory=list)
    y: float = 0.0  # where the next thing goes

    def __post_init__(self) -> None:
        self.add_page()

    @property
    def inner(self) -> float:
        """The width between the margins, mm."""
        return self.width - 2 * MARGIN

    def add_page(self) -> None:
        """Go on at the head of a new page."""
        self.pages.append([])
        self.y = MARGIN
        foot = f"{self.foot}   {len(self.pages)}"
        self.put(foot, self.width - MARGIN - width_of(foot, SMALL), self.height - 10, SMALL, grey=GREY)

    def room(self, height: float) -> None:
        """A new page where this many mm do not fit any more."""
        if self.y + height > self.height - FOOT:
            self.add_page()

    def put(self, text: str, x: float, y: float, size: float = PLAIN, bold: bool = False, grey: int = INK) -> None:
        """A line of text, wherever on this page."""
        self.pages[-1].append(Words(x, y, text, size, bold, grey))

    def picture(self, data: bytes, x: float, width: float, ratio: float, y: float | None = None) -> None:
        """A picture at the present height, or at another; ratio: its height to its width."""
        self.pages[-1].append(Picture(x, self.y if y is None else y, width, width * ratio, data))

    def heading(self, text: str, size: float = 11) -> None:
        """A line that something follows."""
        self.room(size * 2)
        self.block(text, MARGIN, self.inner, size, size * 0.5, bold=True)
        self.y += 1.5

    def paragraph(self, text: str) -> None:
        """Lines of text over the whole width; a long one goes on on the next page."""
        for line in wrapped(text, self.inner, PLAIN):
            self.room(LEADING)
            self.block(line, MARGIN, self.inner)
        self.y += 3

    def block(
        self, text: str, x: float, width: float, size: float = PLAIN, leading: float = LEADING, bold: bool = False,
        grey: int = INK,
    ) -> None:  # fmt: skip
        """Lines of text in a column of this page."""
        for line in wrapped(text, width, size, bold):
            self.put(line, x, self.y + leading / 2 + 0.35 * size * MM, size, bold, grey)
            self.y += leading

    def row(self, cells: tuple[str, ...], widths: tuple[float, ...], grey: int = INK) -> None:
        """A line of a table, with a rule below."""
        height, x = 5.5, MARGIN
        self.room(height)
        for cell, width in zip(cells, widths, strict=True):
            self.put(cell, x, self.y + height / 2 + 0.35 * PLAIN * MM, grey=grey)
            x += width
        self.y += height
        self.pages[-1].append(Rule(MARGIN, self.y, sum(widths)))


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """A text in lines that are no wider than this many mm; a word that is, is broken."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, size, bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while width_of(line, size, bold) > width and len(line) > 1:
                count = next(n for n in range(len(line), 0, -1) if n == 1 or width_of(line[:n], size, bold) <= width)
                lines.append(line[:count])
                line = line[count:]
        lines.append(line)
    return lines
