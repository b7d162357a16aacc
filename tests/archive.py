"""A DICOMweb archive of a few lines, which answers as a test wants it to."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pydicom

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

Answer = tuple[int, dict[str, str], bytes] | None  # status, headers, content; None: it hangs up


@dataclass
class Archive:
    """Where it is, what it answers to a file's identifier, and what it was sent: headers, and files as pydicom's."""

    url: str
    answer: Callable[[str], Answer]
    headers: list[dict[str, str]] = field(default_factory=list)
    files: list[pydicom.Dataset] = field(default_factory=list)


def stored(uid: str, **more: Any) -> Answer:
    """The answer that the archive has the file. more: further values of its item, by tag."""
    return said("00081199", uid, 200, **more)


def said(sequence: str, uid: str, status: int, **more: Any) -> Answer:
    """An answer with an item about the file in this sequence."""
    item = {"00081155": {"vr": "UI", "Value": [uid]}, **{tag: {"vr": "US", "Value": [of]} for tag, of in more.items()}}
    content = json.dumps({sequence: {"vr": "SQ", "Value": [item]}}).encode()
    return status, {"Content-Type": "application/dicom+json"}, content


@contextmanager
def archive(answer: Callable[[str], Answer] = stored, context: ssl.SSLContext | None = None) -> Iterator[Archive]:
    """One on a free port of this computer. context: to speak HTTPS."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length")
            body = self.rfile.read(int(length)) if length else b"".join(iter(self._chunk, b""))
            data = pydicom.dcmread(BytesIO(body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]))
            made.headers.append(dict(self.headers))
            made.files.append(data)
            if (answer := made.answer(str(data.SOPInstanceUID))) is None:
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _chunk(self) -> bytes:
            size = int(self.rfile.readline(), 16)
            return self.rfile.read(size + 2)[:-2]

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Archive(f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/dicom-web", answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
