"""``maps.npz``: what NumPy reads back, and bytes that do not tell when they were written."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from engine.records.writers.maps import npz


def test_numpy_reads_back_what_was_written() -> None:
    rng = np.random.default_rng(0)
    arrays = {"difference": rng.random((3, 40, 50), np.float32), "consistency": np.zeros((40, 50), np.float32)}
    data = npz(arrays)
    assert len(data) < arrays["difference"].nbytes, "it is compressed"
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        assert found.files == list(arrays)
        for name, array in arrays.items():
            assert found[name].dtype == np.float32
            assert np.array_equal(found[name], array)


def test_the_bytes_do_not_tell_when_they_were_written() -> None:
    with zipfile.ZipFile(io.BytesIO(npz({"a": np.ones((2, 2), np.float32), "b": np.zeros(3, np.float32)}))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {3}
