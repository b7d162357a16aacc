"""A wall around Python's sockets: no connection leaves this computer, and no name is looked up.

It stands on the audit events that all of Python's sockets raise, whichever library made them and in which thread.
Local sockets (AF_UNIX) pass, as the windows of X11 and Wayland come through them.
"""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
LOCAL = getattr(socket, "AF_UNIX", None)  # Windows may lack it

_hooked: list[bool] = []  # once: an audit hook cannot be taken away again
_walls: list[list[str]] = []  # what each wall that stands has held back


class NetworkError(Exception):
    """Something wanted to use the network."""


@contextmanager
def no_network() -> Iterator[list[str]]:
    """Every use of the network raises :class:`NetworkError`, and is noted in the list, which is to stay empty."""
    tried: list[str] = []
    if not _hooked:
        sys.addaudithook(_refuse)
        _hooked.append(True)
    _walls.append(tried)
    try:
        yield tried
    finally:
        _walls.remove(tried)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if not _walls or not event.startswith("socket."):
        return
    if event in LOOK_UPS or (event in SENDING and getattr(arguments[0], "family", None) != LOCAL):
        for tried in _walls:
            tried.append(f"{event} {arguments[1:] if event in SENDING else arguments}")
        raise NetworkError(f"{event}: this program uses no network")
