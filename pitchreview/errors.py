"""What can go wrong in this house, as one small tree.

    PitchReviewError            every message is written for the person who reads it
    ├── InvalidInput            what was typed or sent does not fit (400 / beside the field)
    ├── NotFound                it does not exist, or not for this person (404)
    ├── NotAllowed              seen, but not theirs to do (403)
    ├── InvalidState            the thing is past or before the point where this can be done (409)
    ├── TooMany                 slow down (429), knows `retry_after_seconds`
    ├── TooLarge                over a limit that was told beforehand (413)
    ├── StoreUnavailable        the object store does not answer (503)
    ├── ObjectMissing           the object store has no such object
    ├── BrokenMedia             the file cannot become a pitch; the message says why in human words
    └── Misconfigured           a setting is missing or unfit; the message names it

Models and actions raise; `web/errors.py` and the worker's task runner are the only broad catchers.
"""


class PitchReviewError(Exception):
    """The root of the tree."""

    @property
    def message(self) -> str:
        return str(self)


class InvalidInput(PitchReviewError):
    """What was typed or sent does not fit; `field` names the place when there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(PitchReviewError):
    pass


class NotAllowed(PitchReviewError):
    pass


class InvalidState(PitchReviewError):
    pass


class TooMany(PitchReviewError):
    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooLarge(PitchReviewError):
    pass


class StoreUnavailable(PitchReviewError):
    pass


class ObjectMissing(PitchReviewError):
    pass


class BrokenMedia(PitchReviewError):
    pass


class Misconfigured(PitchReviewError):
    pass
