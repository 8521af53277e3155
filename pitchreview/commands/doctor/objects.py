"""The journey of a small file through the object store, as a browser makes it: by presigned addresses.

Every request goes to the public address and names the page's origin, since that is where uploads fail
in practice: a part, its preflight, a ranged read, and a stranger who must be turned away.
"""

import secrets
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from types import MappingProxyType
from urllib.parse import urlsplit

from pitchreview.commands.doctor.findings import Finding, ok, problem, warning
from pitchreview.config import Settings
from pitchreview.errors import StoreUnavailable
from pitchreview.store import ObjectStore

CONTENT = b"PitchReview looks after what it is given. " * 50
TIMEOUT_SECONDS = 15
VALID_SECONDS = 300
LOOPBACKS = ("127.0.0.1", "localhost", "::1")
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-md5"}
CHECKSUM_OF_OTHER_BYTES = b64encode(bytes(16)).decode()
EVERY_INTERFACE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def exposes(self, name: str) -> bool:
        """May a page's script read this header?"""
        exposed = self.headers.get("Access-Control-Expose-Headers", "").lower()
        return name.lower() in [word.strip() for word in exposed.split(",")]


@dataclass(frozen=True)
class Visit:
    """A page of ours, as the store sees it."""

    store: ObjectStore
    origin: str
    host: str
    key: str = field(default_factory=lambda: f"doctor/{secrets.token_hex(8)}")

    def signed_get(self) -> str:
        return self.store.sign_get(self.key, host=self.host, seconds=VALID_SECONDS, content_type="video/mp4")

    def ask(
        self,
        method: str,
        address: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        return ask(method, address, body, {"Origin": self.origin, **headers})


def check_objects(settings: Settings) -> Iterator[Finding]:
    settings.require("S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_BUCKET")
    store = ObjectStore(settings)
    if not store.is_up():
        yield problem(
            f"{settings.s3_endpoint_url} does not show us the bucket {store.bucket}; look at address and "
            "keys, then run `pitchreview migrate`, which makes the bucket."
        )
        return
    yield ok(f"{settings.s3_endpoint_url} shows us the bucket {store.bucket}.")
    yield _lifecycle(store)
    if _is_elsewhere(settings):
        yield warning(
            f"S3_PUBLIC_URL is {settings.s3_public_url}, which from here is not the store (are we in a "
            "container?); what follows was tried at S3_ENDPOINT_URL instead."
        )
        store = ObjectStore(settings.model_copy(update={"s3_public_url": ""}))
    yield from _journey(_visit(settings, store))


def ask(method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    """One request; what is not a success is an answer too. This machine is asked without any proxy."""
    request = urllib.request.Request(address, data=body, method=method, headers=dict(headers))
    is_here = urlsplit(address).hostname in LOOPBACKS
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_here else []))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())
    except (OSError, urllib.error.URLError) as error:
        where = "/".join(address.split("/")[:3])
        raise StoreUnavailable(
            f"{where}, where browsers look for it (S3_PUBLIC_URL), does not answer: {error}"
        ) from error


def _is_elsewhere(settings: Settings) -> bool:
    """Browsers are told "localhost", but the store is on another host than we."""
    public, inside = (urlsplit(url).hostname for url in (settings.s3_public_url, settings.s3_endpoint_url))
    return public in LOOPBACKS and inside not in LOOPBACKS


def _visit(settings: Settings, store: ObjectStore) -> Visit:
    page = urlsplit(settings.site_address)
    host = page.hostname or LOOPBACKS[0]
    return Visit(
        store=store,
        origin=f"{page.scheme}://{page.netloc}",
        host=LOOPBACKS[0] if host in EVERY_INTERFACE else host,
    )


def _lifecycle(store: ObjectStore) -> Finding:
    if store.ends_stale_uploads():
        return ok("It ends uploads that nobody finishes.")
    return warning(
        "No lifecycle rule ends uploads that nobody finishes; their parts cost space. "
        "`pitchreview migrate` sets it."
    )


def _journey(visit: Visit) -> Iterator[Finding]:
    upload_id = visit.store.begin_multipart(visit.key, "video/mp4")
    try:
        address = visit.store.sign_part(visit.key, upload_id, 1, host=visit.host)
        yield _preflight(visit, address)
        yield _refuses_damage(visit, address)
        yield _send_part(visit, address)
        parts = visit.store.list_parts(visit.key, upload_id)
        if parts:
            visit.store.complete_multipart(visit.key, upload_id, parts)
            yield _read_range(visit)
            yield _turns_strangers_away(visit)
    finally:
        visit.store.abort_multipart(visit.key, upload_id)
        visit.store.delete([visit.key])


def _preflight(visit: Visit, address: str) -> Finding:
    answer = visit.ask("OPTIONS", address, headers=PREFLIGHT)
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    methods = answer.headers.get("Access-Control-Allow-Methods", "")
    headers = answer.headers.get("Access-Control-Allow-Headers", "").lower()
    is_allowed = "PUT" in methods and ("*" in headers or "content-md5" in headers)
    if answer.status < 300 and allowed in ("*", visit.origin) and is_allowed:
        return ok(f"Pages of {visit.origin} may upload (preflight).")
    return problem(
        f"Browsers will refuse to upload from {visit.origin}: the preflight got {answer.status}, allowed "
        f"origin {allowed or 'none'}. Set PUBLIC_URL or S3_CORS_ORIGINS and run `pitchreview migrate`."
    )


def _refuses_damage(visit: Visit, address: str) -> Finding:
    answer = visit.ask("PUT", address, body=CONTENT, headers={"Content-MD5": CHECKSUM_OF_OTHER_BYTES})
    if answer.status >= 400:
        return ok("A part that changed on its way is refused.")
    return warning(
        "The store, or a proxy before it, does not look at the checksum of a part (Content-MD5): what "
        "changes on its way is noticed when it is played, if at all."
    )


def _send_part(visit: Visit, address: str) -> Finding:
    answer = visit.ask("PUT", address, body=CONTENT)
    if answer.status != 200:
        return problem(f"A presigned part was refused with {answer.status}: {_reason(answer)}")
    if not answer.exposes("ETag"):
        return warning(
            "A presigned part arrived, but its ETag is hidden from pages; run `pitchreview migrate`."
        )
    return ok("A presigned part arrived, and pages may read its ETag.")


def _read_range(visit: Visit) -> Finding:
    answer = visit.ask("GET", visit.signed_get(), headers={"Range": "bytes=100-199"})
    if answer.status != 206 or answer.body != CONTENT[100:200]:
        return problem(
            f"A ranged read got {answer.status} and {len(answer.body)} bytes instead of 206 and 100; "
            "players cannot seek. Look for a proxy that drops the Range header."
        )
    if answer.headers.get_content_type() != "video/mp4":
        return problem("The store does not force the content type that a presigned address asks for.")
    return ok("A ranged read got exactly its bytes (206).")


def _turns_strangers_away(visit: Visit) -> Finding:
    answer = visit.ask("GET", visit.signed_get().partition("?")[0])
    if answer.status in (401, 403):
        return ok("Strangers without a signature are turned away.")
    return problem(
        f"A request without a signature got {answer.status}: anybody may read the bucket. "
        "Take its public access away."
    )


def _reason(answer: Answer) -> str:
    text = answer.body.decode("utf-8", "replace")
    return text.partition("<Message>")[2].partition("</Message>")[0] or "no reason given"
