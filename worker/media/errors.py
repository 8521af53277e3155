"""What can go wrong with a tool, as opposed to the file (which is `pitchreview.errors.BrokenMedia`).

MediaToolError
├── ToolsMissing    no usable ffmpeg, ffprobe or sandbox on this machine
├── ToolFailed      the tool ended badly; trying again may help
│   ├── WroteTooMuch    a file or the job's folder grew beyond what this run may need
│   └── OutputRefused   it claims success, but its output does not hold what it should
├── TimedOut        it hung or took longer than it may
└── Aborted         we ended it because somebody asked for it
"""

from pitchreview.errors import PitchReviewError


class MediaToolError(PitchReviewError):
    pass


class ToolsMissing(MediaToolError):
    pass


class ToolFailed(MediaToolError):
    """`complaints` is its last words."""

    def __init__(self, message: str, returncode: int = 0, complaints: str = "") -> None:
        super().__init__(message)
        self.returncode = returncode
        self.complaints = complaints

    @property
    def was_killed(self) -> bool:
        """A signal ended it: negative from our own child, 128 + n from the sandbox.

        ffmpeg's own errors lie above (183: invalid data, 228: no space).
        """
        return self.returncode < 0 or 128 < self.returncode < 160

    @property
    def ran_out_of_room(self) -> bool:
        return "No space left on device" in self.complaints or "File too large" in self.complaints


class WroteTooMuch(ToolFailed):
    pass


class OutputRefused(ToolFailed):
    pass


class TimedOut(MediaToolError):
    def __init__(self, message: str, complaints: str = "") -> None:
        super().__init__(message)
        self.complaints = complaints


class Aborted(MediaToolError):
    pass
