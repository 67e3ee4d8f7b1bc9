"""MP4, QuickTime and M4A: ISO/IEC 14496-12 and Apple's QuickTime File Format.

A file is boxes within boxes. Those that playing takes are listed here and stay where they are, so that places in the file stay
right; all others become `free` and zeros, whatever their name. The same happens to tracks of anything but pictures and sound,
and to all bytes of the media data that belong to no sample of the others.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from practices.media.containers import iso_credits, nal_units
from practices.media.containers.sample_tables import Run, SampleTables
from practices.media.containers.source import Changes, Found, Source, damaged, too_complex, unplayable
from practices.media.outcome import Refused

MOST_BOXES = 200_000
_NAMES = {
    b"moov": b"mvhd trak mvex",
    b"trak": b"tkhd edts mdia",
    b"edts": b"elst",
    b"mdia": b"mdhd hdlr minf",
    b"minf": b"vmhd smhd hdlr dinf stbl",
    b"dinf": b"dref",
    b"stbl": b"stsd stts stss stps ctts cslg stsc stsz stz2 stco co64 sdtp sbgp sgpd",
    b"mvex": b"mehd trex",
    b"moof": b"mfhd traf",
    b"traf": b"tfhd tfdt trun sdtp sbgp sgpd",
    b"mfra": b"tfra mfro",
}
_PARTS = {name: set(parts.split()) for name, parts in _NAMES.items()}
_ENTRY_PARTS = set(b"avcC hvcC av1C vpcC dOps esds dvcC dvvC btrt pasp colr clap fiel mdcv clli chan".split())
_WAVE_PARTS = {b"frma", b"esds", b"mp4a", b"chan", bytes(4)}  # QuickTime's way to say the same of sounds
_PICTURES = set(b"avc1 avc3 hvc1 hev1 av01 vp08 vp09 dvh1 dvhe".split())
_SOUNDS = {b"mp4a", b"Opus"}
_PLAYED = {b"vide": _PICTURES, b"soun": _SOUNDS}
# Of others some name the camera.
_BRANDS = set(b"isom iso2 iso3 iso4 iso5 iso6 iso8 iso9 mp41 mp42 avc1 hvc1 av01 M4A M4V dash qt".split())
_QUICKTIME = b"qt  "
_PICTURE_HEAD, _SOUND_HEADS = 86, {0: 36, 1: 52, 2: 72}


class Box(NamedTuple):
    """A box: its whole from `start` to `end`, its content from `body` on. What is left over within another has no name."""

    name: bytes
    start: int
    body: int
    end: int


class Track(NamedTuple):
    """A track: what it is of, its number, its codecs, and the parts of its sample table."""

    box: Box
    handler: bytes
    number: int
    codecs: set[bytes]
    table: dict[bytes, tuple[int, int]]

    @property
    def is_played(self) -> bool:
        return bool(self.codecs) and self.codecs <= _PLAYED.get(self.handler, set())


def is_iso_media(head: bytes) -> bool:
    """Return whether a file that begins with `head` is one of these."""
    return head[4:8] == b"ftyp"


def examine(source: Source) -> Found:
    """Return what is to be changed in the recording; raises Refused where there is none, or one that can not be read."""
    return _IsoMedia(source).found()


class _IsoMedia:
    def __init__(self, source: Source):
        self.source = source
        self.changes = Changes()
        self.tables = SampleTables(source)
        self.runs = array("Q")  # each as its start and, in the lower half, its size
        self.media: list[Box] = []
        self.tracks: dict[int, Track] = {}
        self.kept: set[int] = set()  # where their boxes start
        self.sizes: dict[int, int] = {}  # of the samples of fragments, by track
        self.said: list[object] = []
        self.boxes_seen = 0
        self.end = source.size

    def found(self) -> Found:
        at_top = {
            b"ftyp": self._clean_brands,
            b"styp": self._clean_brands,
            b"moov": self._movie,
            b"moof": self._fragment,
        }
        for box in self._boxes(0, self.source.size, at_top=True):
            if box.name in at_top:
                at_top[box.name](box)
            elif box.name == b"mdat":
                self.media.append(box)
            elif box.name == b"mfra":
                self._clean(box)
            elif box.name != b"sidx":
                self._free(box)
        if not self.tracks:
            raise damaged()
        self._blank_between_samples()
        self.changes.keep(0, self.end)
        has_video = any(track.handler == b"vide" for track in self.tracks.values())
        return Found(".mp4" if has_video else ".m4a", has_video, self.said, self.changes)

    def _boxes(self, start: int, end: int, *, at_top: bool = False) -> Iterator[Box]:
        while start < end:
            self.boxes_seen += 1
            if self.boxes_seen > MOST_BOXES:
                raise too_complex()
            head = self.source.up_to(start, min(16, end - start))
            if len(head) < 8:
                head = bytes(8)  # not a box, but what QuickTime ends lists with
            size, name, body = int.from_bytes(head[:4], "big"), head[4:8], start + 8
            if size == 1 and len(head) == 16:
                size, body = int.from_bytes(head[8:], "big"), start + 16
            elif size == 0 and at_top and len(head) == 16:
                size = end - start
            following = start + size
            if following < body or following > end:
                if following > end and not (at_top and self.tracks and self.media and not _is_name(name)):
                    raise damaged()
                if at_top:
                    self.end = start  # what follows is no box, and is cut off
                else:
                    yield Box(b"", start, start, end)
                return
            yield Box(name, start, body, following)
            start = following

    def _within(self, box: Box) -> Iterator[Box]:
        return self._boxes(box.body, box.end)

    def _movie(self, box: Box) -> None:
        if self.tracks:
            raise damaged()
        tracks = []
        for part in self._within(box):
            if part.name == b"trak":
                tracks.append(self._track(part))
            elif part.name == b"mvex":
                self._note_sizes(part)
        self._choose(tracks)
        self._clean(box)
        for track in self.tracks.values():
            if track.table:
                self._add_runs(track, self.tables.runs(track.table))

    def _track(self, box: Box) -> Track:
        parts = {}
        for path in (b"tkhd", b"mdia hdlr", b"mdia minf stbl stsd"):
            parts[path] = self._part(box, path.split())
        stbl = self._part(box, [b"mdia", b"minf", b"stbl"])
        table = {part.name: (part.body, part.end) for part in self._within(stbl)} if stbl else {}
        tkhd, hdlr, stsd = parts.values()
        if not tkhd or not hdlr or not stsd:
            raise damaged()
        number = self._read(tkhd, 20 if self._read(tkhd, 0, 1)[0] else 12, 4)
        codecs = {entry.name for entry in self._boxes(stsd.body + 8, stsd.end)}
        return Track(box, self._read(hdlr, 8, 4), int.from_bytes(number, "big"), codecs, table)

    def _choose(self, tracks: list[Track]) -> None:
        """Keep the tracks that are played; raises Refused where pictures or sounds would be missing then."""
        self.tracks = {track.number: track for track in tracks if track.is_played}
        self.kept = {track.box.start for track in self.tracks.values()}
        kept = {track.handler for track in self.tracks.values()}
        missing = {track.handler for track in tracks if track.handler in _PLAYED} - kept
        if missing - {b"vide"} or not kept or (missing and not _are_stills(tracks)):
            raise unplayable()

    def _note_sizes(self, mvex: Box) -> None:
        for part in self._within(mvex):
            if part.name == b"trex":
                number, size = self._read(part, 4, 4), self._read(part, 16, 4)
                self.sizes[int.from_bytes(number, "big")] = int.from_bytes(size, "big")

    def _fragment(self, box: Box) -> None:
        if not self.tracks:
            raise damaged()
        following = box.start
        for part in self._within(box):
            if part.name == b"traf":
                following = self._fragment_of_track(box, part, following)
        self._clean(box)

    def _fragment_of_track(self, moof: Box, traf: Box, following: int) -> int:
        """Note the runs of `traf`; `following` is where they start should it not say so. Return where they end."""
        parts = list(self._within(traf))
        tfhd = next((part for part in parts if part.name == b"tfhd"), None)
        if not tfhd:
            raise damaged()
        flags, number = (int.from_bytes(self._read(tfhd, place, 4), "big") for place in (0, 4))
        place = 8
        base = moof.start if flags & 0x20000 else following
        if flags & 0x1:
            base, place = int.from_bytes(self._read(tfhd, place, 8), "big"), place + 8
        place += 4 * bool(flags & 0x2) + 4 * bool(flags & 0x8)
        size = int.from_bytes(self._read(tfhd, place, 4), "big") if flags & 0x10 else self.sizes.get(number, 0)
        track, at = self.tracks.get(number), base
        for part in parts:
            if part.name == b"trun":
                if int.from_bytes(self._read(part, 0, 4), "big") & 0x1:
                    at = base + int.from_bytes(self._read(part, 8, 4), "big", signed=True)
                run = self.tables.fragment_run(at, (part.body, part.end), size)
                at += run.size
                if track:
                    self._add_runs(track, iter([run]))
        return at

    def _add_runs(self, track: Track, runs: Iterator[Run]) -> None:
        notes = nal_units.Notes(self.source, self.changes, track.codecs, track.table.get(b"stsd"))
        for run in runs:
            if run.start < 0:
                raise damaged()
            self.runs.append(run.start << 32 | run.size)
            if run.sizes is not None:
                notes.blank_in(run.start, run.sizes)

    def _blank_between_samples(self) -> None:
        runs = sorted(self.runs)
        index = 0
        for box in self.media:
            place = box.body
            while index < len(runs) and runs[index] >> 32 < box.end:
                start, size = runs[index] >> 32, runs[index] & 0xFFFFFFFF
                if size and (start < box.body or start + size > box.end):
                    raise damaged()
                self.changes.blank(place, start)
                place = max(place, start + size)
                index += 1
            self.changes.blank(place, box.end)
        if any(run & 0xFFFFFFFF for run in runs[index:]):
            raise damaged()

    def _clean(self, box: Box) -> None:
        for part in self._within(box):
            if part.name not in _PARTS[box.name] or (box.name == b"moov" and not self._is_kept(part)):
                self._free(part)
            elif part.name in _PARTS:
                self._clean(part)
            elif part.name in _LEAVES:
                _LEAVES[part.name](self, part)

    def _is_kept(self, box: Box) -> bool:
        return box.name != b"trak" or box.start in self.kept

    def _free(self, box: Box) -> None:
        if box.name in iso_credits.HOLDERS:
            self.said += iso_credits.said_in(self.source, box.body, box.end, box.name)
        if box.name not in (b"", b"free", b"skip", b"wide"):
            self.changes.write(box.start + 4, b"free")
        self.changes.blank(box.body, box.end)

    def _clean_brands(self, box: Box) -> None:
        major = self._read(box, 0, 4)
        self.changes.write(box.body, b"mp42" if major == _QUICKTIME or major.strip() not in _BRANDS else major)
        self.changes.blank(box.body + 4, box.body + 8)
        for place in range(box.body + 8, box.end - 3, 4):
            if self.source.at(place, 4).rstrip() not in _BRANDS:
                self.changes.write(place, b"isom")

    def _clean_times(self, box: Box) -> None:
        width = 8 if self._read(box, 0, 1)[0] else 4
        self._read(box, 4, 2 * width)
        self.changes.blank(box.body + 4, box.body + 4 + 2 * width)

    def _clean_handler(self, box: Box) -> None:
        self._read(box, 0, 12)
        self.changes.blank(box.body + 12, box.end)  # its maker and its name

    def _clean_references(self, box: Box) -> None:
        for entry in self._boxes(box.body + 8, box.end):
            if not entry.name:
                self._free(entry)
            elif not int.from_bytes(self._read(entry, 0, 4), "big") & 1:
                raise Refused(
                    "Bild und Ton dieser Aufnahme liegen in anderen Dateien. Bitte exportieren Sie alles als eine MP4-Datei."
                )
            else:
                self.changes.blank(entry.body + 4, entry.end)

    def _clean_entries(self, box: Box) -> None:
        is_quicktime = self._read(box, 0, 1)[0] == 0
        for entry in self._boxes(box.body + 8, box.end):
            if not entry.name:
                self._free(entry)
            elif entry.name in _PICTURES:
                self._read(entry, 0, _PICTURE_HEAD - 8)
                self.changes.blank(entry.start + 20, entry.start + 32)  # vendor and qualities
                self.changes.blank(entry.start + 50, entry.start + 82)  # name of the compressor
                self._clean_entry(entry, entry.start + _PICTURE_HEAD)
            else:
                version = self._read(entry, 9, 1)[0] if is_quicktime else 0
                self.changes.blank(entry.start + 20, entry.start + 24)
                self._clean_entry(entry, entry.start + _SOUND_HEADS.get(version, 36))

    def _clean_entry(self, entry: Box, start: int) -> None:
        for part in self._boxes(start, entry.end):
            if part.name == b"wave":
                for inner in self._within(part):
                    if inner.name not in _WAVE_PARTS:
                        self._free(inner)
            elif part.name not in _ENTRY_PARTS:
                self._free(part)
            elif part.name == b"hvcC":
                nal_units.blank_in_configuration(self.source, self.changes, part.body, part.end)

    def _part(self, box: Box | None, path: list[bytes]) -> Box | None:
        for name in path:
            box = box and next((part for part in self._within(box) if part.name == name), None)
        return box

    def _read(self, box: Box, place: int, length: int) -> bytes:
        if box.body + place + length > box.end:
            raise damaged()
        return self.source.at(box.body + place, length)


_LEAVES = {
    b"mvhd": _IsoMedia._clean_times,
    b"tkhd": _IsoMedia._clean_times,
    b"mdhd": _IsoMedia._clean_times,
    b"hdlr": _IsoMedia._clean_handler,
    b"dref": _IsoMedia._clean_references,
    b"stsd": _IsoMedia._clean_entries,
}


def _is_name(name: bytes) -> bool:
    return name.isascii() and name.decode("ascii").isprintable()


def _are_stills(tracks: list[Track]) -> bool:
    """Return whether all there is to see are covers and pictures of chapters."""
    return all(track.codecs <= {b"jpeg", b"png "} for track in tracks if track.handler == b"vide")
