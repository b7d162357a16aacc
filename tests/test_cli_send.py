"""``diffseg send``: what is asked before, what leaves, who is let in, and a sentence for each way that it can fail."""

from __future__ import annotations

import io
import shutil
import socket
import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest

from engine.cli import main
from engine.records.dicom.files import KINDS, dicom_files
from engine.records.export import export
from engine.records.filing import NOBODY, Filing
from engine.records.sending import MISSING, PASSWORD, TOKEN, USER
from engine.records.writers import writers
from tests.archive import Answer, archive, said, stored
from tests.engine import dicoms
from tests.engine.records_setup import reading_of, result
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

from engine.photograph.read import read_image

pytestmark = pytest.mark.slow

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever runs the tests is known to no archive."""
    for name in (USER, PASSWORD, TOKEN, "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))


@pytest.fixture
def make(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> Make:
    """Results in ``tmp_path / "out"``, with their DICOM files."""

    def made(name: str = "arm", filing: Filing = NOBODY, also: tuple[str, ...] = ("dicom-sr",)) -> Path:
        path = tmp_path / f"{name}.dcm"
        entries = {"StudyInstanceUID": "1.2.3.4711", "SeriesInstanceUID": "1.2.3.4712"}
        path.write_bytes(dicoms.native(photo.pixels, **entries, PatientName="Doe^Jane", PatientID="47"))
        found = result(evidence, read_image(path))
        export(found, tmp_path / "out" / name, reading_of(found), also, filing)
        return tmp_path / "out" / name

    return made


def send(*arguments: object) -> int:
    """Run the command without a question."""
    return main(["send", *map(str, arguments), "--yes"])


def test_each_file_is_sent_as_it_lies_there_and_told_in_a_line(
    make: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder, other = make(), make("leg", Filing(as_source=True))
    with archive() as pacs:
        assert send(folder.parent, "--to", pacs.url + "/") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"To {pacs.url}:",
        "  without a patient: 4 files of 1 photograph (1 photograph, 1 segmentation, 1 probability, 1 report)",
        "  Doe, Jane, ID 47: 3 files of 1 photograph (1 segmentation, 1 probability, 1 report)",
    ]
    paths = [folder / "dicom" / f"{kind}.dcm" for kind in KINDS] + [
        other / "dicom" / f"{kind}.dcm" for kind in KINDS[1:]
    ]
    assert lines[3:-1] == [f"{path}: stored" for path in paths]
    assert lines[-1] == "7 of 7 files stored"
    assert pacs.files == [pydicom.dcmread(path) for path in paths]
    assert all("Authorization" not in headers for headers in pacs.headers)


def test_the_files_that_are_sent_are_those_that_are_written() -> None:
    written = {name for writer in writers().values() if writer.filed for name in writer.leftovers}
    assert written == {f"dicom/{kind}.dcm" for kind in KINDS}


def test_a_large_photograph_goes_in_pieces(make: Make, tmp_path: Path) -> None:
    folder = make()
    path = folder / "dicom" / "photograph.dcm"
    data = pydicom.dcmread(path)
    data.Rows = data.Columns = 1000
    data.PixelData = bytes(range(250)) * 12_000
    data.save_as(path)
    with archive() as pacs:
        assert send(folder, "--to", pacs.url) == 0
    assert pacs.headers[0]["Transfer-Encoding"] == "chunked"
    assert pacs.files[0].PixelData == data.PixelData


@pytest.mark.parametrize(("typed", "sent"), [("y\n", 4), ("YES\n", 4), ("\n", 0), ("n\n", 0), ("", 0)])
def test_a_person_is_asked_and_says_yes_or_nothing_leaves(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, sent: int
) -> None:
    folder, keyboard = make(), io.StringIO(typed)
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", keyboard)
    with archive() as pacs:
        assert main(["send", str(folder), "--to", pacs.url]) == (0 if sent else 1)
    assert len(pacs.files) == sent
    said = capsys.readouterr().out
    assert "Send 4 files? [y/N]" in said
    assert ("Nothing was sent." in said) == (not sent)


def test_where_nobody_can_answer_nothing_is_sent(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make()
    with archive() as pacs:
        usage_error(["send", folder, "--to", pacs.url])
    assert pacs.files == []
    assert "add --yes to send without a question" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({USER: "jäne", PASSWORD: "secret"}, f"Basic {b64encode('jäne:secret'.encode()).decode()}"),
        ({TOKEN: "abc.def"}, "Bearer abc.def"),
        ({"NETRC": "netrc"}, f"Basic {b64encode(b'joan:hidden').decode()}"),
    ],
    ids=["user", "token", "netrc"],
)
def test_who_sends_is_told_in_the_header_and_nowhere_else(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    environment: dict[str, str],
    header: str,
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login joan password hidden\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with archive() as pacs:
        assert send(make(), "--to", pacs.url) == 0
        assert {headers["Authorization"] for headers in pacs.headers} == {header}
        pacs.answer = lambda _: (401, {}, b"")
        assert send(tmp_path / "out", "--to", pacs.url) == 1
    told = "".join(capfd.readouterr())
    assert "does not accept this user" in told
    for secret in ("secret", "hidden", "abc.def", header.split()[1]):
        assert secret not in told


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda uid: said("00081198", uid, 409, **{"00081197": 0x0122}), "it takes no files of this kind (0122)."),
        (lambda uid: said("00081198", uid, 202, **{"00081197": 0xA701}), "it has no room (A701)."),
        (lambda uid: said("00081198", uid, 200, **{"00081197": 0xC123}), "it does not understand the file (C123)."),
        (lambda uid: said("00081198", uid, 409), "it does not say why."),
        (lambda _: (409, {}, b""), "409 Conflict."),
        (lambda _: (413, {"Content-Type": "text/html"}, b"<html>"), f"413 {HTTPStatus(413).phrase}."),
        (lambda _: (503, {}, b""), "503 Service Unavailable."),
        (lambda _: (200, {}, b""), "does not confirm that it has"),
        (lambda _: (200, {"Content-Type": "text/html"}, b"<html>Log in</html>"), "does not confirm that it has"),
        (lambda _: (200, {"Content-Type": "application/json"}, b"[1"), "does not confirm that it has"),
        (lambda _: (200, {"Content-Type": "application/json"}, b"[1]"), "does not confirm that it has"),
        (lambda _: stored("1.2.3"), "does not confirm that it has"),
    ],
)
def test_a_file_that_is_refused_is_a_sentence_and_the_others_are_sent(
    make: Make, capsys: pytest.CaptureFixture[str], answer: Callable[[str], Answer], sentence: str
) -> None:
    folder = make()
    refused = dicom_files(folder)[1].uid
    with archive(lambda uid: answer(uid) if uid == refused else stored(uid)) as pacs:
        assert send(folder, "--to", pacs.url) == 1
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert str(folder / "dicom" / "segmentation.dcm") in line
    assert sentence in line
    assert told.out.splitlines()[-1] == "3 of 4 files stored"


def test_what_an_archive_changed_is_told(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    with archive(lambda uid: stored(uid, **{"00081196": 0xB000})) as pacs:
        assert send(make(), "--to", pacs.url) == 0
    assert "report.dcm: stored, with warning B000\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "headers", "sentence"),
    [
        (401, {}, f"wants to know who sends; say it in {USER} and {PASSWORD}, or {TOKEN}"),
        (403, {}, "This user may not store files at"),
        (404, {}, "stores no DICOM files (404 Not Found); check the address."),
        (307, {"Location": "http://192.0.2.1/"}, "leads to http://192.0.2.1/, where nothing is sent unasked"),
        (302, {"Location": "/login"}, "leads to /login, where nothing is sent unasked"),
    ],
)
def test_what_holds_for_all_files_is_told_once(
    make: Make, capsys: pytest.CaptureFixture[str], status: int, headers: dict[str, str], sentence: str
) -> None:
    with archive(lambda _: (status, headers, b"")) as pacs:
        assert send(make(), "--to", pacs.url) == 1
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert sentence in line
    assert len(pacs.files) == 1
    assert told.out.splitlines()[-1] == "0 of 4 files stored"


def test_what_does_not_answer_is_told(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert send(folder, "--to", f"http://127.0.0.1:{port}", "--timeout", 1) == 1
        assert "127.0.0.1 did not answer within 1 s" in capsys.readouterr().err
    for url, sentence in (
        (f"http://127.0.0.1:{port}", "127.0.0.1 cannot be reached; check the address"),
        ("https://nobody.invalid/dicom-web", "No computer of the name nobody.invalid is known"),
    ):
        assert send(folder, "--to", url) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert sentence in line
    with archive() as pacs:
        assert send(folder, "--to", pacs.url.replace("http:", "https:")) == 1
        assert "does not speak HTTPS as it should" in capsys.readouterr().err
        pacs.answer = lambda _: None
        assert send(folder, "--to", pacs.url) == 1
        assert "The connection to 127.0.0.1 broke off" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate")
def test_a_certificate_is_trusted_only_where_its_authority_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    of_this_computer = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate]
    subprocess.run([*map(str, command), *of_this_computer], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    folder = make()
    with archive(context=context) as pacs:
        assert send(folder, "--to", pacs.url) == 1
        assert pacs.files == []
        assert "The certificate of 127.0.0.1 is not trusted" in capsys.readouterr().err
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert send(folder, "--to", pacs.url) == 0


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://pacs.example.org/dicom-web", "for everybody on the way to read"),
        ("http://192.0.2.1:8042", "for everybody on the way to read"),
        ("http://localhost.example.org", "for everybody on the way to read"),
        ("https://jane:secret@pacs.example.org", "Leave user and password out of the address"),
        ("pacs.example.org/dicom-web", "is no address of an archive"),
        ("ftp://pacs.example.org", "is no address of an archive"),
        ("https://", "is no address of an archive"),
        ("https://a..b/dicom-web", "is no address of an archive"),
        ("https://pacs.example.org:x", "is no address of an archive"),
        ("https://pacs.example.org/?a=b", "is no address of an archive"),
    ],
)
def test_addresses_that_are_none_or_unsafe_are_refused(
    capsys: pytest.CaptureFixture[str], url: str, sentence: str
) -> None:
    usage_error(["send", "out", "--to", url, "--yes"])
    told = capsys.readouterr().err
    assert sentence in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "environment", [{USER: "jane"}, {PASSWORD: "secret"}, {TOKEN: "abc\ndef"}, {TOKEN: "ä"}], ids=str
)
def test_half_a_login_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    usage_error(["send", "out", "--to", "https://pacs.example.org", "--yes"])
    told = capsys.readouterr().err
    assert next(iter(environment)) in told
    assert "secret" not in told


def test_a_result_without_dicom_files_names_the_command_that_makes_them(
    make: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bare = make("bare", also=())
    with archive() as pacs:
        assert send(bare, "--to", pacs.url) == 1
        assert f"diffseg export {bare} --to dicom-sr -o {bare.parent}" in capsys.readouterr().err
        assert (
            main(["export", str(bare), "--to", "dicom-sr", "-o", str(bare.parent), "--photographs", str(tmp_path)]) == 0
        )
        assert send(bare, "--to", pacs.url) == 0
        (make() / "dicom" / "report.dcm").write_bytes(b"no DICOM")
        assert send(tmp_path / "out", "--to", pacs.url) == 1, "the others are sent"
    assert "report.dcm cannot be read as a DICOM file" in capsys.readouterr().err
    assert len(pacs.files) == 8


def test_files_of_two_exports_are_not_mixed(make: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder, other = make(), make("leg", Filing(as_source=True))
    shutil.copy(other / "dicom" / "report.dcm", folder / "dicom")
    with archive() as pacs:
        assert send(folder, "--to", pacs.url) == 1
    assert pacs.files == []
    assert "filed under several patients or studies" in capsys.readouterr().err


def test_an_export_under_another_patient_leaves_nothing_of_the_one_before(make: Make, tmp_path: Path) -> None:
    folder = make()
    again = ["export", str(folder), "-o", str(folder.parent), "--photographs", str(tmp_path), "--to", "dicom-seg"]
    for filing, left in (
        ([], {"photograph", "segmentation", "probability", "report"}),
        (["--patient"], {"segmentation", "probability"}),
        ([], {"photograph", "segmentation", "probability"}),
    ):
        assert main([*again, *filing]) == 0
        assert {path.stem for path in (folder / "dicom").iterdir()} == left
        assert {file.patient for file in dicom_files(folder)} == {"Doe, Jane, ID 47" if filing else ""}


def test_without_the_library_a_sentence_says_how_to_have_it(make: Make) -> None:
    script = "import sys; sys.modules['requests'] = None; from engine.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "send", str(make()), "--to", "https://pacs.example.org", "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 1
    assert done.stderr == f"diffseg: {MISSING}\n"


def test_no_library_prints_a_word(make: Make) -> None:
    """As a process of its own, for pytest takes what is logged."""
    command = [sys.executable, "-m", "engine.cli", "send", str(make()), "--to", "http://127.0.0.1:1", "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 1
    assert done.stderr == "diffseg: 127.0.0.1 cannot be reached; check the address, and whether the archive runs.\n"
