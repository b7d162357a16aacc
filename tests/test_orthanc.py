"""A round trip through an archive that clinics run: what ``diffseg send`` stores in Orthanc comes back as it was."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from PIL import Image

from engine.cli import main
from engine.records.dicom.files import KINDS
from engine.records.sending import PASSWORD, TOKEN, USER
from tests.engine import dicoms

if TYPE_CHECKING:
    from collections.abc import Iterator

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
ORTHANC = shutil.which("Orthanc", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
LOGIN = ("jane", "sécret")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ORTHANC is None or not PLUGIN.exists(), reason="needs orthanc and orthanc-dicomweb"),
]


@pytest.fixture
def orthanc(tmp_path: Path) -> Iterator[str]:
    """An empty Orthanc of this computer alone; its DICOMweb's address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path / "orthanc"
    folder.mkdir()
    settings = {
        "StorageDirectory": str(folder), "IndexDirectory": str(folder), "HttpPort": port, "DicomServerEnabled": False,
        "RemoteAccessAllowed": False, "AuthenticationEnabled": True, "RegisteredUsers": dict([LOGIN]),
        "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([str(ORTHANC), str(folder / "settings.json")], stdout=log, stderr=log)
        try:
            _wait(process, port, folder / "log")
            yield f"http://127.0.0.1:{port}/dicom-web"
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it listens."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text())


def client(url: str) -> Any:
    """What asks the archive back."""
    from dicomweb_client.web import DICOMwebClient
    from requests import Session

    session = Session()
    session.trust_env = False
    session.auth = tuple(part.encode() for part in LOGIN)
    return DICOMwebClient(url, session)


def test_what_is_sent_comes_back_as_it_was_under_the_right_study(
    orthanc: str,
    model_path: Path,
    photo_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    pixels = np.asarray(Image.open(photo_path).convert("RGB").resize((800, 600)))  # more than one piece of a megabyte
    study = {"StudyInstanceUID": "1.2.3.4711", "SeriesInstanceUID": "1.2.3.4712"}
    (tmp_path / "arm.dcm").write_bytes(dicoms.native(pixels, **study))
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "60,100", "--also", "dicom-sr"]
    out = tmp_path / "out"
    assert main(["segment", str(tmp_path / "arm.dcm"), *fixed, "-o", str(out / "own"), "--patient"]) == 0
    assert main(["segment", str(tmp_path / "arm.dcm"), *fixed, "-o", str(out / "nobody")]) == 0
    folders = [out / "own" / "arm", out / "nobody" / "arm"]
    command = ["send", *map(str, folders), "--to", orthanc, "--yes"]
    assert main(command) == 1
    assert "127.0.0.1 wants to know who sends" in capsys.readouterr().err

    monkeypatch.setenv(USER, LOGIN[0])
    monkeypatch.setenv(PASSWORD, LOGIN[1])
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "5 of 5 files stored" in said
    archive = client(orthanc)
    for folder, patient in zip(folders, ("ID-4711", ""), strict=True):
        sent = [pydicom.dcmread(path) for kind in KINDS if (path := folder / "dicom" / f"{kind}.dcm").exists()]
        (uid,) = {data.StudyInstanceUID for data in sent}
        assert (uid == study["StudyInstanceUID"]) == bool(patient)
        (found,) = archive.search_for_studies(search_filters={"StudyInstanceUID": uid}, fields=["PatientID"])
        assert pydicom.Dataset.from_json(found).get("PatientID", "") == patient
        there = archive.search_for_instances(uid)
        assert {pydicom.Dataset.from_json(one).SOPInstanceUID for one in there} == {
            data.SOPInstanceUID for data in sent
        }
        for data in sent:
            back = archive.retrieve_instance(uid, data.SeriesInstanceUID, data.SOPInstanceUID)
            assert back == data, data.SOPClassUID.name
            assert back.get("PixelData") == data.get("PixelData")

    assert main(command) == 0, "the same again is no error"
    assert "5 of 5 files stored" in capsys.readouterr().out
