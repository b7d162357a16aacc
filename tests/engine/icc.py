"""Colour profiles to test with: Pillow makes none for other primaries than sRGB's."""

from __future__ import annotations

import struct

DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))  # XYZ, D50
GAMMA = 2.2


def matrix_profile(primaries: tuple[tuple[float, float, float], ...] = DISPLAY_P3, name: str = "Display P3") -> bytes:
    """An ICC profile, version 2, of an RGB display with these primaries and a gamma of 2.2."""
    desc = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + bytes(79)
    tags = {"desc": desc, "cprt": b"text" + bytes(4) + b"none\0", "wtpt": _xyz((0.9642, 1.0, 0.8249))}
    tags |= {f"{colour}XYZ": _xyz(primary) for colour, primary in zip("rgb", primaries, strict=True)}
    tags |= {f"{colour}TRC": _gamma() for colour in "rgb"}
    return _profile(b"RGB ", tags)


def grey_profile(name: str = "Dark grey") -> bytes:
    """An ICC profile of one grey channel whose gamma is 2.2."""
    desc = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + bytes(79)
    tags = {"desc": desc, "cprt": b"text" + bytes(4) + b"none\0", "wtpt": _xyz((0.9642, 1.0, 0.8249)), "kTRC": _gamma()}
    return _profile(b"GRAY", tags)


def _gamma() -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(GAMMA * 256))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def _profile(space: bytes, tags: dict[str, bytes]) -> bytes:
    place = 128 + 4 + 12 * len(tags)
    table, body = [struct.pack(">I", len(tags))], []
    for name, data in tags.items():
        table.append(name.encode() + struct.pack(">II", place, len(data)))
        body.append(data + bytes(-len(data) % 4))
        place += len(body[-1])
    header = struct.pack(">I4sI4s4s4s", place, bytes(4), 0x02400000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header + bytes(128 - len(header)) + b"".join(table) + b"".join(body)
