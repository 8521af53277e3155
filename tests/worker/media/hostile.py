"""Files that mean harm, built byte by byte: playlists in disguise, lying headers, references to elsewhere."""

import struct
import zlib

FRAME = bytes(16 * 16 * 3)
FTYP = struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0, b"qt  ")
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
ITSELF = struct.pack(">I4sI", 12, b"url ", 1)


def box(kind: bytes, *inner: bytes, claims: int | None = None) -> bytes:
    """A box of MP4 and MOV; it may claim another size than it has."""
    body = b"".join(inner)
    return struct.pack(">I4s", 8 + len(body) if claims is None else claims, kind) + body


def movie(
    *,
    width: int = 16,
    height: int = 16,
    codec: bytes = b"raw ",
    frames: tuple[bytes, ...] = (FRAME, FRAME),
    samples: int = 2,
    same_size: int = 0,
    per_chunk: int = 2,
    seconds: int = 1,
    reference: bytes = ITSELF,
    tracks: int = 1,
    more: bytes = b"",
) -> bytes:
    """A MOV of uncompressed pictures, each part of which can be made to lie."""
    mdat = box(b"mdat", *frames)
    sizes = b"" if same_size else struct.pack(f">{len(frames)}I", *map(len, frames))
    entry = struct.pack(">6xH16xHHII4xH32xHh", 1, width, height, 72 << 16, 72 << 16, 1, 24, -1)
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(codec, entry)),
        box(b"stts", struct.pack(">IIII", 0, 1, samples, max(1, seconds * 1000 // samples))),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, per_chunk, 1)),
        box(b"stsz", struct.pack(">III", 0, same_size, samples), sizes),
        box(b"stco", struct.pack(">III", 0, 1, len(FTYP) + 8)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, seconds * 1000, 0, 0)),
        box(b"hdlr", struct.pack(">I4s4s12xB", 0, b"mhlr", b"vide", 0)),
        box(
            b"minf",
            box(b"vmhd", struct.pack(">I8x", 1)),
            box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), reference)),
            table,
        ),
    )
    head = box(
        b"mvhd", struct.pack(">IIIIIIH10x", 0, 0, 0, 1000, seconds * 1000, 0x10000, 256), MATRIX, bytes(28)
    )
    track_head = struct.pack(">IIIIIIQHHHH", 7, 0, 0, 1, 0, seconds * 1000, 0, 0, 0, 0, 0)
    size = struct.pack(">II", width << 16 & 0xFFFFFFFF, height << 16 & 0xFFFFFFFF)
    track = box(b"trak", box(b"tkhd", track_head, MATRIX, size), media)
    return FTYP + mdat + box(b"moov", head, track * tracks, more)


def pointing_to(address: str) -> bytes:
    """A reference that says: the pictures are over there."""
    return box(b"url ", struct.pack(">I", 0), address.encode(), b"\0")


def alias_of(path: str) -> bytes:
    """The same as an old Macintosh would say it, with an absolute path."""
    name = path.encode()
    record = (
        bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12) + bytes([1]) + b"x".ljust(63, b"\0")
    )
    record += bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    record += struct.pack(">HH", 2, len(name)) + name + bytes(len(name) % 2) + struct.pack(">h", -1)
    return box(b"alis", struct.pack(">I", 0), record)


def packed_index() -> bytes:
    """An index that claims to unpack to two gigabytes."""
    packed = zlib.compress(bytes(4_000_000))
    cmov = box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", struct.pack(">I", 0x7FFFFFFF), packed))
    return FTYP + box(b"moov", cmov)


def nested(depth: int) -> bytes:
    """Boxes in boxes; the sizes of all are right."""
    return FTYP + b"".join(struct.pack(">I4s", 8 * (depth - level), b"moov") for level in range(depth))


def element(number: int, *inner: bytes) -> bytes:
    """An element of Matroska and WebM."""
    body = b"".join(inner)
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body


def integer(number: int, value: int) -> bytes:
    return element(number, value.to_bytes(8, "big"))


def webm(
    *,
    width: int = 64,
    height: int = 64,
    tracks: int = 1,
    seconds: float = 0.066,
    packed: bytes = b"",
    inside: bytes = b"",
) -> bytes:
    """A Matroska file whose tracks promise VP8; `packed` is the zlib stream of a frame."""
    unpacking = integer(0x4254, 0)
    encoding = (
        element(0x6D80, element(0x6240, integer(0x5032, 1), element(0x5034, unpacking))) if packed else b""
    )
    picture = element(0xE0, integer(0xB0, width), integer(0xBA, height))
    entries = (
        element(
            0xAE,
            integer(0xD7, number),
            integer(0x73C5, number),
            integer(0x83, 1),
            element(0x86, b"V_VP8"),
            picture,
            encoding,
        )
        for number in range(1, tracks + 1)
    )
    info = element(
        0x1549A966, integer(0x2AD7B1, 1_000_000), element(0x4489, struct.pack(">d", seconds * 1000))
    )
    blocks = (element(0xA3, b"\x81", struct.pack(">h", at), b"\x80", packed or b"\0" * 20) for at in (0, 33))
    cluster = element(0x1F43B675, integer(0xE7, 0), *blocks)
    head = element(0x1A45DFA3, element(0x4282, b"matroska"))
    return head + element(0x18538067, info, element(0x1654AE6B, *entries), inside, cluster)


def matryoshka(depth: int) -> bytes:
    """Groups of blocks in groups of blocks."""
    inner = b""
    for _ in range(depth):
        inner = element(0xA0, inner)
    return element(0x1F43B675, inner)


def avi_with_subtitles(text: bytes) -> bytes:
    """Text that asks to be opened as a file of its own: the door by which playlists once came in."""
    note = b"GAB2\0" + struct.pack("<HIHHI", 2, 2, 0, 4, len(text)) + text
    picture = struct.pack("<IIIHHIIiiII", 40, 16, 16, 1, 24, 0, len(FRAME), 0, 0, 0, 0)
    lists = [
        _riff(b"avih", struct.pack("<14I", 40000, 0, 0, 0x10, 2, 0, 2, 0, 16, 16, 0, 0, 0, 0)),
        _list(b"strl", _stream(b"vids"), _riff(b"strf", picture)),
        _list(b"strl", _stream(b"txts"), _riff(b"strf", b"")),
    ]
    frames = (_riff(b"01tx", note), _riff(b"00db", FRAME), _riff(b"00db", FRAME))
    body = b"AVI " + _list(b"hdrl", *lists) + _list(b"movi", *frames)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _stream(kind: bytes) -> bytes:
    return _riff(
        b"strh", struct.pack("<4s4s11IHHHH", kind, b"\0" * 4, 0, 0, 0, 1, 25, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)
    )


def _list(kind: bytes, *inner: bytes) -> bytes:
    return _riff(b"LIST", kind + b"".join(inner))


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def png(width: int, height: int) -> bytes:
    """A picture that claims a size and holds a few rows of it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes((width * 3 + 1) * min(height, 16)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
