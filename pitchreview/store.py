"""The object store: multipart uploads, presigned addresses, stat, fetch, put, delete. The only boto3.

Errors of the store come out as ours: a missing object or upload is `ObjectMissing`, a store that
does not answer is `StoreUnavailable`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import quote

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pitchreview.config import MEBIBYTE, Settings
from pitchreview.errors import ObjectMissing, PitchReviewError, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MISSING = {"NoSuchKey", "NoSuchUpload", "NoSuchBucket", "404", "NotFound"}

# S3 refuses parts under 5 MiB (except the last) and more than 10,000 of them.
SMALLEST_PART = 8 * MEBIBYTE
MOST_PARTS = 10_000
ABANDONED_UPLOAD_DAYS = 7

# What has come but is not on disk yet waits in memory: a few chunks are enough, the default is 25 MiB.
_TRANSFER = TransferConfig(
    multipart_threshold=32 * MEBIBYTE,
    multipart_chunksize=16 * MEBIBYTE,
    max_concurrency=2,
    max_io_queue=8,
    io_chunksize=256 * 1024,
)


@dataclass(frozen=True)
class Part:
    number: int
    size_bytes: int
    etag: str
    arrived_at: datetime


@dataclass(frozen=True)
class OpenUpload:
    key: str
    upload_id: str
    begun_at: datetime


@dataclass(frozen=True)
class ObjectStat:
    key: str
    size_bytes: int
    etag: str
    changed_at: datetime


def part_size_for(size_bytes: int) -> int:
    """Bytes per part for a file of this size: 8 MiB, more only where 10,000 parts would not do."""
    needed = -(-size_bytes // MOST_PARTS)
    return max(SMALLEST_PART, -(-needed // MEBIBYTE) * MEBIBYTE)


class ObjectStore:
    """One bucket. `host` in the signing methods fills `{host}` of the public address."""

    def __init__(self, settings: Settings, *, timeout_seconds: int = 10) -> None:
        self.bucket = settings.s3_bucket
        self._public_url = settings.s3_public_url or settings.s3_endpoint_url
        self._settings = settings
        self._timeout = timeout_seconds
        self._client = self._make_client(settings.s3_endpoint_url)
        # Clients are costly to make (half a second) and signing needs one per public address.
        self._signer_at = lru_cache(maxsize=16)(self._make_client)

    # --- the bucket -------------------------------------------------------------------------

    def prepare_bucket(self, cors_origins: list[str]) -> None:
        """Create the bucket if it is missing; set CORS and the rule that ends stale uploads."""
        with _our_errors():
            self._ensure_bucket()
            self._client.put_bucket_cors(
                Bucket=self.bucket,
                CORSConfiguration={
                    "CORSRules": [
                        {
                            "AllowedOrigins": cors_origins,
                            "AllowedMethods": ["GET", "HEAD", "PUT"],
                            "AllowedHeaders": ["*"],
                            "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"],
                            "MaxAgeSeconds": 3600,
                        }
                    ]
                },
            )
            self._client.put_bucket_lifecycle_configuration(
                Bucket=self.bucket,
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "ID": "abort-stale-uploads",
                            "Status": "Enabled",
                            "Filter": {"Prefix": ""},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_UPLOAD_DAYS},
                        }
                    ]
                },
            )

    def _ensure_bucket(self) -> None:
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
            self._client.create_bucket(Bucket=self.bucket)

    def is_up(self) -> bool:
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except (ClientError, BotoCoreError):
            return False
        return True

    def ends_stale_uploads(self) -> bool:
        """Is there a rule that aborts uploads which nobody finished?"""
        with _our_errors():
            try:
                answer = self._client.get_bucket_lifecycle_configuration(Bucket=self.bucket)
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchLifecycleConfiguration":
                    return False
                raise
        rules = answer.get("Rules", [])
        return any("AbortIncompleteMultipartUpload" in r and r["Status"] == "Enabled" for r in rules)

    def public_origin(self, host: str) -> str:
        """Scheme, name and port under which browsers reach the store, for the security policy."""
        return "/".join(self._public_url.replace("{host}", host).split("/")[:3])

    # --- multipart uploads from browsers ------------------------------------------------------

    def begin_multipart(self, key: str, content_type: str) -> str:
        with _our_errors():
            answer = self._client.create_multipart_upload(
                Bucket=self.bucket, Key=key, ContentType=content_type
            )
        return answer["UploadId"]

    def sign_part(self, key: str, upload_id: str, number: int, *, host: str, seconds: int = 900) -> str:
        return self._sign(
            "upload_part",
            {"Key": key, "UploadId": upload_id, "PartNumber": number},
            host=host,
            seconds=seconds,
        )

    def list_parts(self, key: str, upload_id: str) -> list[Part]:
        """The parts that have arrived, in order; of one sent twice some stores list both, the later last."""
        parts: list[Part] = []
        with _our_errors():
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self.bucket, Key=key, UploadId=upload_id
            )
            for page in pages:
                parts += [
                    Part(part["PartNumber"], part["Size"], part["ETag"], part["LastModified"])
                    for part in page.get("Parts", [])
                ]
        return sorted(parts, key=lambda part: (part.number, part.arrived_at))

    def complete_multipart(self, key: str, upload_id: str, parts: Iterable[Part]) -> None:
        with _our_errors():
            self._client.complete_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [
                        {"PartNumber": p.number, "ETag": p.etag}
                        for p in sorted(parts, key=lambda p: p.number)
                    ]
                },
            )

    def abort_multipart(self, key: str, upload_id: str) -> None:
        """End an upload and drop its parts; one that is gone already is no error."""
        try:
            with _our_errors():
                self._client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except ObjectMissing:
            return

    def abort_multiparts(self, prefix: str) -> None:
        """End every unfinished upload under a prefix, so that no late part brings anything back."""
        for upload in list(self.list_multiparts(prefix)):
            self.abort_multipart(upload.key, upload.upload_id)

    def list_multiparts(self, prefix: str) -> Iterator[OpenUpload]:
        """Uploads that were begun and neither completed nor aborted."""
        pages = self._client.get_paginator("list_multipart_uploads")
        with _our_errors():
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for upload in page.get("Uploads", []):
                    yield OpenUpload(upload["Key"], upload["UploadId"], upload["Initiated"])

    # --- objects ----------------------------------------------------------------------------

    def sign_get(
        self,
        key: str,
        *,
        host: str,
        seconds: int,
        content_type: str,
        download_as: str | None = None,
    ) -> str:
        """A GET address that works for `seconds`; the content type is forced, whatever the object says."""
        params: dict[str, Any] = {"Key": key, "ResponseContentType": content_type}
        if download_as is not None:
            params["ResponseContentDisposition"] = _attachment(download_as)
        return self._sign("get_object", params, host=host, seconds=seconds)

    def stat(self, key: str) -> ObjectStat:
        with _our_errors():
            answer = self._client.head_object(Bucket=self.bucket, Key=key)
        return ObjectStat(key, answer["ContentLength"], answer["ETag"], answer["LastModified"])

    def fetch(self, key: str, path: Path) -> None:
        """Download an object to a file; raises `StoreUnavailable` when bytes are missing.

        The bytes are counted as they come: a large object comes in ranges, and one that is too short leaves
        a hole in a file of the right length.
        """
        expected, received = self.stat(key).size_bytes, 0

        def count(length: int) -> None:
            nonlocal received
            received += length

        with _our_errors():
            self._client.download_file(self.bucket, key, str(path), Config=_TRANSFER, Callback=count)
        if received != expected or path.stat().st_size != expected:
            raise StoreUnavailable(f"The object store sent {received} of {expected} bytes.")

    def put_file(self, path: Path, key: str, content_type: str) -> None:
        with _our_errors():
            self._client.upload_file(
                str(path), self.bucket, key, ExtraArgs={"ContentType": content_type}, Config=_TRANSFER
            )

    def put_bytes(self, data: bytes, key: str, content_type: str) -> None:
        with _our_errors():
            self._client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)

    def read_range(self, key: str, first: int, last: int) -> bytes:
        with _our_errors():
            answer = self._client.get_object(Bucket=self.bucket, Key=key, Range=f"bytes={first}-{last}")
            return answer["Body"].read()

    def list_objects(self, prefix: str) -> Iterator[ObjectStat]:
        with _our_errors():
            for page in self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix
            ):
                for item in page.get("Contents", []):
                    yield ObjectStat(item["Key"], item["Size"], item["ETag"], item["LastModified"])

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects one by one (every S3 server can do that); missing ones are no error."""
        with _our_errors():
            for key in keys:
                self._client.delete_object(Bucket=self.bucket, Key=key)

    # --- helpers ----------------------------------------------------------------------------

    def _sign(self, operation: str, params: dict[str, Any], *, host: str, seconds: int) -> str:
        signer = self._signer_at(self._public_url.replace("{host}", host))
        return signer.generate_presigned_url(
            operation, Params={"Bucket": self.bucket, **params}, ExpiresIn=seconds
        )

    def _make_client(self, endpoint_url: str) -> "S3Client":
        # Without these options presigned addresses are SigV2 and many servers refuse the new checksums.
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": self._settings.s3_addressing_style},  # type: ignore[arg-type]
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=3,
            read_timeout=self._timeout,
            retries={"max_attempts": 2, "mode": "standard"},
            max_pool_connections=20,
        )
        return boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=self._settings.s3_region,
            aws_access_key_id=self._settings.s3_access_key_id.get_secret_value(),
            aws_secret_access_key=self._settings.s3_secret_access_key.get_secret_value(),
            config=config,
        )


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _translated(error) from error
    except (BotoCoreError, Boto3Error) as error:
        # Transfers wrap what the store said in errors of their own, which tell it only in words
        raise StoreUnavailable(
            "The object store does not answer. Nothing is lost; try again soon."
        ) from error


def _translated(error: ClientError) -> PitchReviewError:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _MISSING:
        return ObjectMissing(f"The object store has no such thing ({code}).")
    return StoreUnavailable(f"The object store refused ({code}). Nothing is lost; try again soon.")


def _attachment(name: str) -> str:
    """Saved under this name, without control characters, quotes or path parts (RFC 6266).

    Once in letters that every program knows, and once as it is written.
    """
    kept = "".join(c for c in name if c.isprintable() and c not in '"\\/;%').strip()[:120] or "pitch"
    bare = normalize("NFKD", kept).encode("ascii", "ignore").decode() or "pitch"
    return f"attachment; filename=\"{bare}\"; filename*=UTF-8''{quote(kept, safe='')}"
