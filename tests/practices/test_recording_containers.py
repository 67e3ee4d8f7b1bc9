"""What recordings are packed in: nothing is kept of it but what playing takes, and whatever a file is made of ends in a result."""

import random
import struct
import time
from io import BytesIO
from pathlib import Path

import pytest

from practices.media.outcome import Refused
from practices.media.recordings import AUDIO, VIDEO, examine, take_in_place
from tests.practices.recordings import (
    SOUND,
    Track,
    box,
    comments,
    element,
    id3,
    m4a,
    movie,
    mp3,
    mp4,
    numbers,
    opus,
    page,
    webm,
)

EXAMPLE = Path(__file__).parents[2] / "practices/example/media/beispielvideo.mp4"
CANARY = b"KANARI+51.4700+006.8500/"
BEHIND = b"\7" * 8 + CANARY
PICTURE, TON = b"Bild ohne Worte", b"Ton ohne Worte"


def taken(content: bytes, kind: str = VIDEO, name: str = "aufnahme.mp4"):
    """Return what is stored of `content`, and what is known of it."""
    file = BytesIO(content)
    known = take_in_place(file, name, kind)
    return file.getvalue(), known


def metadata(key: bytes, value: bytes, *, full: bool = False) -> bytes:
    """Return a `meta` as phones write it: keys by name, and a list of values that refers to them by number."""
    keys = box(b"keys", numbers(0, 1), box(b"mdta", key))
    values = box(b"ilst", box(numbers(1), box(b"data", numbers(1, 0), value)))
    return box(b"meta", bytes(4) * full, box(b"hdlr", bytes(8), b"mdta", bytes(13)), keys, values)


def user_data(name: bytes, text: bytes) -> bytes:
    return box(b"udta", box(name, struct.pack(">HH", len(text), 0x55C4), text), bytes(4))


def film(**beside) -> bytes:
    return movie(Track([PICTURE]), Track([TON], SOUND, b"mp4a"), **beside)


def note(content: bytes) -> bytes:
    """Return a unit of H.264 with the user data of an encoder."""
    content = b"sechzehn Zeichen" + content
    return b"\x06\x05" + bytes([len(content)]) + content.replace(b"\0\0\0", b"\0\0\3\0") + b"\x80"


def units(*contents: bytes) -> bytes:
    return b"".join(numbers(len(content)) + content for content in contents)


AVCC = box(b"avcC", b"\x01\x42\x00\x1e\xff\xe0\x00")
HVCC = box(
    b"hvcC",
    bytes(21) + b"\x03\x01\x27\0\x01" + struct.pack(">H", len(CANARY) + 6),
    b"\x4e\x01\x05" + bytes([len(CANARY)]) + CANARY + b"\x80" + b"\0",
)
WITH_CANARY = {
    "QuickTime place of a phone": film(in_moov=metadata(b"com.apple.quicktime.location.ISO6709", CANARY)),
    "QuickTime maker": film(in_moov=metadata(b"com.apple.quicktime.make", CANARY), brand=b"qt  "),
    "key that nobody knows": film(in_moov=metadata(CANARY, b"x", full=True)),
    "place in user data": film(in_moov=user_data(b"\xa9xyz", CANARY)),
    "3GPP place": film(in_moov=box(b"udta", box(b"loci", bytes(6), CANARY, bytes(14)))),
    "user data of a track": movie(Track([PICTURE], beside=user_data(b"\xa9mod", CANARY))),
    "XMP": film(after=box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", CANARY)),
    "metadata beside the movie": film(between=metadata(b"x", CANARY)),
    "box that nobody knows": film(in_moov=box(b"xyz1", CANARY)),
    "free space": film(between=box(b"free", CANARY), in_moov=box(b"skip", CANARY)),
    "box to the end": film(after=b"\0\0\0\0mdat" + CANARY),
    "bytes behind the end": film(after=BEHIND),
    "names of handler and compressor": movie(Track([PICTURE], maker=CANARY)),
    "maker of sounds": movie(Track([PICTURE]), Track([TON], SOUND, b"mp4a", maker=CANARY)),
    "box of a codec": movie(Track([PICTURE], in_entry=box(b"cam1", CANARY))),
    "QuickTime box of sounds": movie(
        Track([PICTURE]), Track([TON], SOUND, b"mp4a", in_entry=box(b"wave", box(b"xyz1", CANARY)))
    ),
    "metadata track of a phone": movie(Track([PICTURE]), Track([CANARY, CANARY], b"meta", b"mebx")),
    "track of an action camera": movie(Track([CANARY], b"meta", b"gpmd"), Track([PICTURE])),
    "subtitles of a drone": movie(Track([PICTURE]), Track([b"\0\x18" + CANARY], b"sbtl", b"tx3g")),
    "time code": movie(Track([PICTURE]), Track([CANARY], b"tmcd", b"tmcd", beside=box(b"tref", CANARY))),
    "media data of no track": film(between=box(b"mdat", CANARY)),
    "note between pictures": movie(Track([units(b"\x09\xf0", note(CANARY), b"\x65Bild")], in_entry=AVCC)),
    "note with escapes": movie(Track([units(note(b"\0\0\0" + CANARY), b"\x65Bild")], in_entry=AVCC)),
    "unit that no standard knows": movie(Track([units(b"\x1f" + CANARY, b"\x65Bild")], in_entry=AVCC)),
    "group that nobody knows": movie(Track([PICTURE], in_table=box(b"sgpd", bytes(4), b"xyz1", CANARY))),
    "note beside the parameters": movie(Track([b"Bild"], codec=b"hvc1", in_entry=HVCC)),
    "WebM tags": webm(element(0x1254C367, element(0x7373, element(0x67C8, element(0x4487, CANARY))))),
    "WebM tags of many bytes a size": webm(element(0x1254C367, CANARY, width=4)),
    "WebM title, date and programs": webm(
        element(0x1549A966, *(element(name, CANARY) for name in (0x7BA9, 0x4461, 0x4D80, 0x5741)))
    ),
    "WebM attachment": webm(element(0x1941A469, element(0x61A7, element(0x465C, CANARY)))),
    "WebM chapters": webm(element(0x1043A770, CANARY)),
    "WebM void": webm(element(0xEC, CANARY)),
    "WebM track of texts": webm(
        tracks=element(0xAE, element(0xD7, b"\2"), element(0x83, b"\x11"), element(0x536E, CANARY)),
        in_cluster=element(0xA3, b"\x82\0\0\x80", CANARY)
        + element(0xA0, element(0xA1, b"\x82\0\0\x00", CANARY), element(0x9B, b"\1")),
    ),
    "WebM element that nobody knows": webm(in_cluster=element(0x4FFF, CANARY)),
    "bytes behind WebM": webm() + CANARY,
}
SOUNDS_WITH_CANARY = {
    "M4A": movie(Track([TON], SOUND, b"mp4a"), brand=b"M4A ", in_moov=user_data(b"\xa9xyz", CANARY)),
    "M4A with a cover": movie(Track([TON], SOUND, b"mp4a"), Track([CANARY], codec=b"jpeg")),
    "ID3v2": mp3(id3((b"GEOB", CANARY), (b"APIC", CANARY)) + id3((b"TXXX", CANARY), version=4)),
    "ID3v1": mp3(after=b"TAG" + CANARY.ljust(125, b"\0")),
    "APE and Lyrics3": mp3(after=b"APETAGEX" + CANARY + b"LYRICSBEGIN" + CANARY),
    "between frames": mp3(after=id3((b"TXXX", CANARY))) + mp3(),
    "Opus": opus(b"Programm " + CANARY, b"LOCATION=" + CANARY),
    "Vorbis": page(7, 0, 2, b"\x01vorbis" + bytes(23))
    + page(7, 1, 0, comments(b"\x03vorbis", b"Programm", b"DATE=" + CANARY) + b"\1", b"\x05vorbis")
    + page(7, 2, 4, b"Ton"),
    "other stream in Ogg": page(9, 0, 2, b"fishead\0" + CANARY) + opus(b"x"),
    "bytes behind Ogg": opus(b"x") + CANARY,
}


@pytest.mark.parametrize("case", [*WITH_CANARY, *SOUNDS_WITH_CANARY])
def test_nothing_says_where_when_by_whom_or_with_what(case):
    content = WITH_CANARY.get(case) or SOUNDS_WITH_CANARY[case]
    kind = VIDEO if case in WITH_CANARY else AUDIO
    assert CANARY in content or b"\3\0" + CANARY in content
    stored, _ = taken(content, kind)
    assert b"KANARI" not in stored
    assert taken(stored, kind)[0] == stored  # what was taken in comes out as it is


@pytest.mark.parametrize("version", [0, 1])
def test_times_are_left_out(version):
    stored, _ = taken(movie(Track([PICTURE], times=0xDEADBEEF), times=0xDEADBEEF))
    assert b"\xde\xad\xbe\xef" not in stored


def test_names_of_cameras_are_no_kind_of_file():
    stored, _ = taken(film(brand=b"GoPr"))
    assert b"GoPr" not in stored


@pytest.mark.parametrize("case", [case for case, content in WITH_CANARY.items() if content[4:8] == b"ftyp"])
def test_pictures_and_sounds_stay_where_they_are(case):
    content = WITH_CANARY[case]
    stored, _ = taken(content)
    for sample in (PICTURE, TON):
        if sample in content:
            assert stored.index(sample) == content.index(sample)
    assert len(stored) == len(content.removesuffix(BEHIND))


def test_notes_leave_the_pictures_around_them_alone():
    escaped = note(b"x" * 20 + b"\0\0\0" + b"y" * 20)
    captions = b"\x06\x04\x03abc\x80"
    stored, _ = taken(movie(Track([units(captions, escaped, b"\x65Bild")], in_entry=AVCC)))
    start = stored.index(units(captions))
    end = stored.index(units(b"\x65Bild"))
    assert end - start == len(units(captions, escaped))
    assert stored[start:end].endswith(b"\x80") and b"x" not in stored[start:end] and b"\0\0\3\0" in stored[start:end]


def test_the_example_plays_as_before():
    content = EXAMPLE.read_bytes()
    stored, known = taken(content.replace(b"isomiso2avc1mp41", b"isomGoPravc1mp41"))
    assert (len(stored), known.file_size) == (len(content), len(content))
    start = content.index(b"mdat") + 4
    end = start - 8 + int.from_bytes(content[start - 8 : start - 4], "big")
    changed = [place for place in range(start, end) if content[place] != stored[place]]
    at = content.find(b"x264 - core")
    assert all(at - 16 <= place < at + 1000 for place in changed)  # what the encoder says of itself


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (film(), VIDEO, "talk.mp4"),
        (film(brand=b"qt  "), VIDEO, "talk.mp4"),
        (webm(), VIDEO, "talk.webm"),
        (m4a(), AUDIO, "talk.m4a"),
        (mp3(), AUDIO, "talk.mp3"),
        (opus(b"x"), AUDIO, "talk.ogg"),
    ],
)
def test_the_ending_follows_from_the_content(content, kind, name):
    assert taken(content, kind, "talk.exe")[1].name == name


@pytest.mark.parametrize(
    ("content", "kind", "credit"),
    [
        (film(in_moov=user_data(b"\xa9ART", b"Ada") + user_data(b"\xa9cpy", b"ZAQ 2024")), VIDEO, "Ada, ZAQ 2024"),
        (film(in_moov=metadata(b"com.apple.quicktime.author", b"Ada")), VIDEO, "Ada"),
        (film(in_moov=box(b"udta", box(b"cprt", bytes(6), b"ZAQ\0"))), VIDEO, "ZAQ"),
        (
            webm(
                element(
                    0x1254C367,
                    element(0x7373, element(0x67C8, element(0x45A3, b"ARTIST"), element(0x4487, b"Ada"))),
                )
            ),
            VIDEO,
            "Ada",
        ),
        (mp3(id3((b"TPE1", b"\0Ada"), (b"TCOP", b"\1" + "ZAQ".encode("utf-16")))), AUDIO, "Ada, ZAQ"),
        (opus(b"x", b"artist=Ada", b"LICENSE=CC0"), AUDIO, "Ada, CC0"),
    ],
)
def test_whose_it_is_is_read_first(content, kind, credit):
    assert taken(content, kind)[1].credit == credit


def checksum(page: bytes) -> int:
    """Return the checksum of a page bit by bit, as RFC 3533 describes it."""
    value = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 1 << 31 else 0)) & 0xFFFFFFFF
    return value


def test_checksums_of_changed_pages_are_right():
    stored, _ = taken(opus(b"x", b"DATE=2024" * 100), AUDIO)
    start, end = (place for place in range(1, len(stored)) if stored.startswith(b"OggS", place))
    assert int.from_bytes(stored[start + 22 : start + 26], "little") == checksum(stored[start:end])


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "Bitte wandeln Sie die Aufnahme um"),
        (b"MZ\x90\0" + bytes(500), "Bitte wandeln Sie die Aufnahme um"),
        (b"<html><script>alert(1)</script></html>", "Bitte wandeln Sie die Aufnahme um"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Bitte wandeln Sie die Aufnahme um"),
        (b"Nur Text", "Bitte wandeln Sie die Aufnahme um"),
        (b"\x89PNG\r\n\x1a\n", "Bitte wandeln Sie die Aufnahme um"),
        (box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(40)), "Bitte exportieren Sie sie noch einmal"),
        (movie(Track([b"x"], codec=b"apcn")), "Diese Aufnahme können Browser nicht abspielen."),
        (movie(Track([b"x"]), Track([b"y"], SOUND, b"sowt")), "Diese Aufnahme können Browser nicht abspielen."),
        (webm(kind=b"matroska"), "Diese Aufnahme können Browser nicht abspielen."),
        (page(7, 0, 2, b"Speex   "), "Diese Aufnahme können Browser nicht abspielen."),
        (m4a(), "Bitte nehmen Sie sie als Tonaufnahme auf"),
        (film().replace(b"url \0\0\0\1", b"url \0\0\0\0"), "liegen in anderen Dateien"),
    ],
)
def test_what_is_no_video_is_refused_with_advice(content, advice):
    with pytest.raises(Refused, match=advice) as refusal:
        taken(content)
    assert len(str(refusal.value)) <= 255


def test_a_refused_file_stays_as_it_is():
    file = BytesIO(film()[:-1])
    with pytest.raises(Refused):
        take_in_place(file, "a.mp4", VIDEO)
    assert file.getvalue() == film()[:-1]


def nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = struct.pack(">I", 8 + len(content)) + b"moov" + content
    return content


def with_table(name: bytes, content: bytes) -> bytes:
    """Return a film whose table `name` is another one."""
    start = (whole := film()).index(name) - 4
    return whole[: start + 8] + content + whole[start + 8 + len(content) :]


FTYP = box(b"ftyp", b"isom", bytes(4))
HOSTILE = {
    "size 0": FTYP + b"\0\0\0\0moov",
    "size 1 without more": FTYP + b"\0\0\0\1moov",
    "64 bits": FTYP + b"\0\0\0\1moov" + b"\xff" * 8,
    "64 bits, too small": FTYP + b"\0\0\0\1moov" + bytes(8) + bytes(16),
    "beyond the end": FTYP + b"\x7f\xff\xff\xffmoov",
    "10,000 within one another": FTYP + nested(10_000),
    "a million boxes": FTYP + box(b"free") * 1_000_000,
    "a million boxes in the movie": FTYP + box(b"moov", box(b"trak") * 1_000_000),
    "2^32 samples": with_table(b"stsz", numbers(0, 0, 0xFFFFFFFF)),
    "2^32 samples of one size": with_table(b"stsz", numbers(0, 0xFFFFFFFF, 0xFFFFFFFF)),
    "2^32 chunks": with_table(b"stco", numbers(0, 0xFFFFFFFF)),
    "chunk in front of the file": with_table(b"stco", numbers(0, 1, 0)),
    "chunk behind the file": with_table(b"stco", numbers(0, 1, 0xFFFFFFFF)),
    "chunks backwards": with_table(b"stsc", numbers(0, 1, 0)),
    "2^32 samples in a chunk": with_table(b"stsc", numbers(0, 1, 1, 0xFFFFFFFF)),
    "fragment in front of the file": film()
    + box(b"moof", box(b"traf", box(b"tfhd", numbers(0x20000, 1)), box(b"trun", numbers(1, 1, 0x80000000)))),
    "fragment of 2^32 samples": film()
    + box(b"moof", box(b"traf", box(b"tfhd", numbers(0x20010, 1, 9)), box(b"trun", numbers(1, 0xFFFFFFFF, 0)))),
    "two movies": film() + film(),
    "EBML without end": webm()[:20] + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + b"\x16\x54\xae\x6b\xff",
    "EBML of no size": b"\x1a\x45\xdf\xa3\0",
    "EBML beyond the end": b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 6 + b"\xfe",
    "a million elements": webm(b"\xec\x80" * 1_000_000),
    "ID3 beyond the end": b"ID3\3\0\0\x7f\x7f\x7f\x7f",
    "a million ID3": id3() * 1_000_000,
    "a million marks of frames": b"\xff\xfb\x10" * 1_000_000,
    "Ogg without end": page(7, 0, 2, b"OpusHead") + b"OggS\0" + bytes(21) + b"\xff" + b"\xff" * 255,
    "a million pages": page(7, 0, 2, b"OpusHead") * 1_000_000,
    "comments without end": page(7, 0, 2, b"OpusHead\1") + page(7, 1, 0, b"x" * 10_000)[:-20],
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("kind", [VIDEO, AUDIO])
def test_hostile_files_end_soon(case, kind):
    started = time.process_time()
    try:
        stored, _ = taken(HOSTILE[case], kind)
    except Refused as refusal:
        assert "Bitte" in str(refusal)
    else:
        assert taken(stored, kind)[0] == stored
    assert time.process_time() - started < 20


def test_files_are_not_read_to_be_looked_through(tmp_path):
    path = tmp_path / "gross.mp4"
    path.write_bytes(film())
    with path.open("r+b") as file:
        file.truncate(3 * 1024**3)
        with pytest.raises(Refused, match="höchstens 2 GB"):
            examine(file, VIDEO)
        file.seek(0)
        file.write(FTYP + struct.pack(">I", 1024**3 - 24) + b"free")
        file.seek(1024**3 - 24 + len(FTYP))
        file.write(m4a())
        file.truncate()
        started = time.process_time()
        with pytest.raises(Refused):  # its chunk lies in the free space
            examine(file, AUDIO)
        assert time.process_time() - started < 1


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_refused_or_come_out_right(seed):
    chance = random.Random(seed)  # noqa: S311 -- the same every time
    files = [(content, VIDEO) for content in WITH_CANARY.values()]
    files += [(content, AUDIO) for content in SOUNDS_WITH_CANARY.values()]
    for _ in range(400):
        content, kind = chance.choice(files)
        damaged = bytearray(content)
        for _ in range(chance.choice((0, 1, 3, 10))):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        try:
            stored, _ = taken(bytes(damaged), kind)
        except Refused:
            continue
        assert taken(stored, kind)[0] == stored


@pytest.mark.parametrize("content", [film(), mp4(), webm()])
def test_wherever_a_file_is_cut_off_it_is_refused_or_right(content):
    for end in range(len(content)):
        try:
            taken(content[:end])
        except Refused:
            continue
