"""The object store, a real one: parts, addresses that expire, types that we choose."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import md5
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pitchreview import db
from pitchreview.config import MEBIBYTE, Settings
from pitchreview.errors import ObjectMissing, StoreUnavailable
from pitchreview.local import ports
from pitchreview.store import MOST_PARTS, SMALLEST_PART, ObjectStore, part_size_for
from tests.sending import ask

HTML = b"<script>alert(1)</script>"


@pytest.fixture
def key() -> str:
    return f"tests/{uuid4()}"


# --- parts ------------------------------------------------------------------------------------------


@given(st.integers(min_value=1, max_value=5 * 1024**4))
def test_any_file_fits_into_the_parts_that_s3_allows(size: int) -> None:
    part = part_size_for(size)
    assert part >= SMALLEST_PART
    assert part % MEBIBYTE == 0
    assert -(-size // part) <= MOST_PARTS


@pytest.mark.parametrize(
    ("size", "part_mebibytes"),
    [
        (1, 8),
        (5 * 1024**3, 8),
        (MOST_PARTS * SMALLEST_PART, 8),
        (MOST_PARTS * SMALLEST_PART + 1, 9),
        (1024**4, 105),
    ],
)
def test_parts_grow_only_where_ten_thousand_would_not_do(size: int, part_mebibytes: int) -> None:
    assert part_size_for(size) == part_mebibytes * MEBIBYTE


# --- reading ----------------------------------------------------------------------------------------


def test_what_is_put_can_be_read_listed_and_deleted(store: ObjectStore, key: str, tmp_path: Path) -> None:
    store.put_bytes(b"0123456789", f"{key}/a", "text/plain")
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(b"xyz")
    store.put_file(source, f"{key}/b", "video/mp4")
    store.fetch(f"{key}/b", copy)
    assert copy.read_bytes() == b"xyz"
    assert store.read_range(f"{key}/a", 2, 4) == b"234"
    assert [(found.key, found.size_bytes) for found in store.list_objects(f"{key}/")] == [
        (f"{key}/a", 10),
        (f"{key}/b", 3),
    ]
    store.delete([f"{key}/a", f"{key}/b", f"{key}/never-there"])
    assert list(store.list_objects(f"{key}/")) == []


@pytest.mark.parametrize(
    "look",
    [
        lambda store, key, path: store.stat(key),
        lambda store, key, path: store.fetch(key, path),
        lambda store, key, path: store.read_range(key, 0, 1),
        lambda store, key, path: store.list_parts(key, "no-such-upload"),
    ],
    ids=["stat", "fetch", "range", "parts"],
)
def test_what_is_not_there_is_said_to_be_missing(
    store: ObjectStore, key: str, tmp_path: Path, look: Callable[[ObjectStore, str, Path], object]
) -> None:
    with pytest.raises(ObjectMissing):
        look(store, key, tmp_path / "copy")


def test_a_part_that_changed_on_its_way_is_refused(store: ObjectStore, key: str) -> None:
    upload_id = store.begin_multipart(key, "video/mp4")
    address = store.sign_part(key, upload_id, 1, host="localhost")
    told = {"Content-MD5": b64encode(md5(b"as it was", usedforsecurity=False).digest()).decode()}
    assert ask(address, method="PUT", content=b"as it is?", **told).status == 400
    assert store.list_parts(key, upload_id) == []
    assert ask(address, method="PUT", content=b"as it was", **told).status == 200
    assert [part.size_bytes for part in store.list_parts(key, upload_id)] == [9]


def test_ending_an_upload_that_is_gone_is_no_error(store: ObjectStore, key: str) -> None:
    upload_id = store.begin_multipart(key, "video/mp4")
    for _ in range(2):
        store.abort_multipart(key, upload_id)


def test_every_unfinished_upload_under_a_prefix_is_ended(store: ObjectStore, key: str) -> None:
    address = store.sign_part(f"{key}/a", store.begin_multipart(f"{key}/a", "video/mp4"), 1, host="localhost")
    assert ask(address, method="PUT", content=b"early").status == 200
    store.abort_multiparts(f"{key}/")
    assert ask(address, method="PUT", content=b"late").status == 404
    assert list(store.list_objects(f"{key}/")) == []


def test_a_store_that_is_away_says_so_in_our_words(settings: Settings, key: str) -> None:
    away = ObjectStore(settings.model_copy(update={"s3_endpoint_url": f"http://127.0.0.1:{ports.choose()}"}))
    assert not away.is_up()
    with pytest.raises(StoreUnavailable, match="Nothing is lost"):
        away.stat(key)


def test_a_store_that_refuses_says_so_in_our_words(settings: Settings, key: str) -> None:
    stranger = ObjectStore(settings.model_copy(update={"s3_access_key_id": SecretStr("nobody")}))
    with pytest.raises(StoreUnavailable, match="refused"):
        stranger.begin_multipart(key, "video/mp4")


# --- addresses --------------------------------------------------------------------------------------


@pytest.fixture
def hostile(store: ObjectStore, key: str) -> str:
    """An object that claims to be a page with a script."""
    store.put_bytes(HTML, key, "text/html")
    return key


def sign(store: ObjectStore, key: str, *, seconds: int = 60, download_as: str | None = None) -> str:
    return store.sign_get(
        key, host="localhost", seconds=seconds, content_type="video/mp4", download_as=download_as
    )


def test_an_object_comes_as_the_type_we_say_whatever_it_says(store: ObjectStore, hostile: str) -> None:
    answer = ask(sign(store, hostile))
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "video/mp4", HTML)


def test_a_range_of_an_object_can_be_asked_for(store: ObjectStore, hostile: str) -> None:
    answer = ask(sign(store, hostile), Range="bytes=1-6")
    assert (answer.status, answer.body) == (206, HTML[1:7])
    assert answer.headers["Content-Range"] == f"bytes 1-6/{len(HTML)}"


@pytest.mark.parametrize(
    ("name", "sent", "whole"),
    [
        ("pitch.mp4", "pitch.mp4", "pitch.mp4"),
        ('a".mp4\r\nSet-Cookie: a=b', "a.mp4Set-Cookie: a=b", "a.mp4Set-Cookie%3A%20a%3Db"),
        ("../../x.mp4", "....x.mp4", "....x.mp4"),
        ("größe\x00\u202e.mp4", "groe.mp4", "gr%C3%B6%C3%9Fe.mp4"),
        ("沈黙", "pitch", "%E6%B2%88%E9%BB%99"),
        ("\\", "pitch", "pitch"),
        ("a;filename=b.mp4", "afilename=b.mp4", "afilename%3Db.mp4"),
        ("x" * 5000, "x" * 120, "x" * 120),
    ],
)
def test_a_download_has_a_plain_name_and_its_header_stays_whole(
    store: ObjectStore, hostile: str, name: str, sent: str, whole: str
) -> None:
    answer = ask(sign(store, hostile, download_as=name))
    assert answer.status == 200
    told = answer.headers["Content-Disposition"]
    assert told == f"attachment; filename=\"{sent}\"; filename*=UTF-8''{whole}"
    assert answer.headers["Set-Cookie"] is None


def test_an_address_dies_when_its_time_is_over(store: ObjectStore, hostile: str) -> None:
    with time_machine.travel(db.now().timestamp() - 301, tick=False):
        old = sign(store, hostile, seconds=300)
    with time_machine.travel(db.now().timestamp() - 60, tick=False):
        young = sign(store, hostile, seconds=300)
    assert (ask(old).status, ask(young).status) == (403, 200)


def test_an_address_is_good_for_nothing_else(store: ObjectStore, hostile: str, key: str) -> None:
    store.put_bytes(b"other", f"{key}-other", "text/plain")
    address = sign(store, hostile)
    forged = (
        address.replace(key, f"{key}-other"),
        address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        address.replace("video%2Fmp4", "text%2Fhtml"),
        address.replace("X-Amz-Signature=", "X-Amz-Signature=0"),
        address.split("?")[0],
    )
    for attempt in forged:
        assert attempt != address
        assert ask(attempt).status == 403, attempt
    for method in ("PUT", "DELETE", "POST"):
        assert ask(address, method=method, content=b"x").status in (403, 405), method
    assert ask(address).body == HTML


def test_a_put_address_writes_its_own_key_only(store: ObjectStore, key: str) -> None:
    upload_id = store.begin_multipart(key, "application/octet-stream")
    address = store.sign_part(key, upload_id, 1, host="localhost")
    assert ask(address.replace(key, f"{key}-other"), method="PUT", content=b"x").status == 403
    assert ask(address.replace(upload_id, "another"), method="PUT", content=b"x").status == 403
    assert ask(address).status == 403


@pytest.mark.parametrize(
    ("public_url", "host", "origin"),
    [
        ("", "pitch.example", None),
        ("https://media.example", "pitch.example", "https://media.example"),
        ("https://media.example/store/", "x", "https://media.example"),
        ("http://{host}:9000", "192.168.1.7", "http://192.168.1.7:9000"),
        ("http://{host}:9000", "[::1]", "http://[::1]:9000"),
    ],
)
def test_browsers_are_sent_to_the_public_address(
    settings: Settings, public_url: str, host: str, origin: str | None
) -> None:
    store = ObjectStore(settings.model_copy(update={"s3_public_url": public_url}))
    expected = origin or settings.s3_endpoint_url
    assert store.public_origin(host) == expected
    signed = store.sign_get("a", host=host, seconds=60, content_type="video/mp4")
    assert signed.startswith(f"{expected}/")


# --- the bucket -------------------------------------------------------------------------------------


def test_preparing_the_bucket_again_changes_nothing(store: ObjectStore, hostile: str) -> None:
    store.prepare_bucket(["http://localhost"])
    assert store.stat(hostile).size_bytes == len(HTML)


def test_our_pages_may_upload_and_see_what_a_part_was_called(store: ObjectStore, key: str) -> None:
    address = store.sign_part(key, store.begin_multipart(key, "video/mp4"), 1, host="localhost")
    asked = {
        "Origin": "http://localhost",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-md5",
    }
    preflight = ask(address, method="OPTIONS", **asked)
    assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (200, "http://localhost")
    assert "content-md5" in preflight.headers["Access-Control-Allow-Headers"].lower()
    sent = ask(address, method="PUT", content=b"x", Origin="http://localhost")
    assert sent.headers["ETag"]
    assert "etag" in sent.headers["Access-Control-Expose-Headers"].lower()


def test_pages_of_other_sites_may_not(store: ObjectStore, hostile: str) -> None:
    answer = ask(sign(store, hostile), Origin="https://evil.example")
    assert answer.headers["Access-Control-Allow-Origin"] is None
