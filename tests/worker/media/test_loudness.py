"""How loud, and how much louder it may become."""

import pytest

from worker.media import loudness
from worker.media.errors import OutputRefused
from worker.media.loudness import Loudness, listen
from worker.media.probe import probe


def measured(tools, clips, folder, name):
    heard = listen(tools, clips(name), probe(tools, clips(name)), folder)
    return heard and heard.loudness


def test_a_steady_tone_is_measured(tools, clips, folder):
    found = measured(tools, clips, folder, "sound.wav")

    # Half of an eighth is -24.1 dB, and a mono track loses 3 dB on its way to two loudspeakers
    assert found.true_peak_db == pytest.approx(-27.1, abs=0.2)
    assert found.integrated_lufs == pytest.approx(-28.2, abs=0.5)


def test_silence_is_left_alone_and_said(tools, clips, folder):
    found = measured(tools, clips, folder, "nothing-heard.m4a")

    assert found.gain_db == 0.0
    assert "silent" in found.warnings[0]


def test_no_sound_has_no_loudness(tools, clips, folder):
    assert measured(tools, clips, folder, "silent.mp4") is None


@pytest.mark.parametrize(
    ("integrated", "peak", "gain"),
    [
        (-16, -2, 0),
        (-20, -10, 4),
        (-10, 0, -6),
        # The limiter takes eight decibels off the peaks and no more
        (-31, -1.5, 8),
        # What is nearly silent is not blown up to noise
        (-60, -50, 24),
    ],
)
def test_the_gain_goes_as_far_as_the_peaks_allow(integrated, peak, gain):
    assert Loudness(integrated, peak).gain_db == gain


def test_what_stays_quiet_is_said():
    assert Loudness(-20, -10).warnings == ()
    assert Loudness(-31, -1.5).warnings == (
        "This recording is quiet and stays 7 dB below the usual loudness.",
    )


def test_a_report_that_is_missing_is_the_tools_fault():
    with pytest.raises(OutputRefused):
        loudness._read("nothing to see")
