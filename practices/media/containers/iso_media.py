"""MP4, QuickTime and M4A: ISO/IEC 14496-12 and Apple's QuickTime File Format.

A file is boxes within boxes. Those that playing takes are listed here and stay where they are, so that places in the file stay
right; all others become `free` and zeros, whatever their name. The same happens to tracks of anything but pictures and sound,
and to all bytes of the media data that belong to no sample of the others.
"""

from array import array
from collections.abc import Collection, Iterator
from typing import NamedTuple

from practices.media.containers import iso_credits, nal_units
from practices.media.containers.iso_boxes import Box, Boxes
from practices.media.containers.iso_leaves import CLEANERS, PICTURES, SOUNDS, clean_brands, free
from practices.media.containers.sample_tables import Run, SampleTables
from practices.media.containers.source import Changes, Found, Source, damaged, unplayable

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
_PLAYED = {b"vide": PICTURES, b"soun": SOUNDS}
_STILLS = {b"jpeg", b"png "}


class Track(NamedTuple):
    """A track: what it is of, its number, its codecs, and for each part of its sample table where its body starts and ends."""

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
        self.boxes = Boxes(source)
        self.source = source
        self.changes = Changes()
        self.tables = SampleTables(source)
        self.runs = array("Q")  # each as its start and, in the lower half, its size
        self.media: list[Box] = []
        self.tracks: dict[int, Track] = {}  # those that are kept
        self.sizes: dict[int, int] = {}  # of the samples of fragments, by track
        self.said: list[object] = []

    def found(self) -> Found:
        end = self.source.size
        for box in self.boxes.at_top():
            if box.name in (b"ftyp", b"styp"):
                clean_brands(self.boxes, self.changes, box)
            elif box.name == b"moov":
                self._movie(box)
            elif box.name == b"moof":
                self._fragment(box)
            elif box.name == b"mdat":
                self.media.append(box)
            elif box.name == b"mfra":
                self._clean(box)
            elif not box.name:
                end = box.start  # it is cut off
            elif box.name != b"sidx":
                self._free(box)
        if not self.tracks:
            raise damaged()
        self._blank_between_samples()
        self.changes.keep(0, end)
        has_video = any(track.handler == b"vide" for track in self.tracks.values())
        return Found(".mp4" if has_video else ".m4a", has_video, self.said, self.changes)

    def _movie(self, box: Box) -> None:
        if self.tracks:
            raise damaged()
        tracks = []
        for part in self.boxes.within(box):
            if part.name == b"trak":
                tracks.append(self._track(part))
            elif part.name == b"mvex":
                self._note_sizes(part)
        self._choose(tracks)
        kept = {track.box for track in self.tracks.values()}
        self._clean(box, dropped={track.box for track in tracks} - kept)
        for track in self.tracks.values():
            self._add_runs(track, self.tables.runs(track.table))

    def _track(self, box: Box) -> Track:
        tkhd, hdlr = self.boxes.part(box, b"tkhd"), self.boxes.part(box, b"mdia", b"hdlr")
        stbl = self.boxes.part(box, b"mdia", b"minf", b"stbl")
        stsd = self.boxes.part(stbl, b"stsd")
        if not tkhd or not hdlr or not stbl or not stsd:
            raise damaged()
        number = self.boxes.number(tkhd, 20 if self.boxes.number(tkhd, 0, 1) else 12)
        codecs = {entry.name for entry in self.boxes.between(stsd.body + 8, stsd.end) if entry.name}
        table = {part.name: (part.body, part.end) for part in self.boxes.within(stbl)}
        return Track(box, self.boxes.read(hdlr, 8, 4), number, codecs, table)

    def _choose(self, tracks: list[Track]) -> None:
        """Keep the tracks that are played; raises Refused where pictures or sounds would be missing then."""
        self.tracks = {track.number: track for track in tracks if track.is_played}
        kept = {track.handler for track in self.tracks.values()}
        missing = [track for track in tracks if track.handler in _PLAYED and track.handler not in kept]
        # Beside sounds, covers and the pictures of chapters are no loss.
        if not kept or any(track.handler == b"soun" or not track.codecs <= _STILLS for track in missing):
            raise unplayable()

    def _note_sizes(self, mvex: Box) -> None:
        for part in self.boxes.within(mvex):
            if part.name == b"trex":
                self.sizes[self.boxes.number(part, 4)] = self.boxes.number(part, 16)

    def _fragment(self, moof: Box) -> None:
        if not self.tracks:
            raise damaged()
        following = moof.start
        for part in self.boxes.within(moof):
            if part.name == b"traf":
                following = self._fragment_of_track(moof, part, following)
        self._clean(moof)

    def _fragment_of_track(self, moof: Box, traf: Box, following: int) -> int:
        """Note the runs of `traf`; `following` is where they start should it not say so. Return where they end."""
        tfhd = self.boxes.part(traf, b"tfhd")
        if not tfhd:
            raise damaged()
        flags, number = self.boxes.number(tfhd, 0), self.boxes.number(tfhd, 4)
        base, place = moof.start if flags & 0x20000 else following, 8
        if flags & 0x1:
            base, place = self.boxes.number(tfhd, place, 8), place + 8
        place += 4 * bool(flags & 0x2) + 4 * bool(flags & 0x8)
        size = self.boxes.number(tfhd, place) if flags & 0x10 else self.sizes.get(number, 0)
        at = base
        for part in self.boxes.within(traf):
            if part.name == b"trun":
                if self.boxes.number(part, 0) & 0x1:
                    at = base + self.boxes.number(part, 8, signed=True)
                run = self.tables.fragment_run(at, (part.body, part.end), size)
                at += run.size
                if track := self.tracks.get(number):
                    self._add_runs(track, iter([run]))
        return at

    def _add_runs(self, track: Track, runs: Iterator[Run]) -> None:
        notes = nal_units.Notes(self.source, self.changes, track.codecs, track.table[b"stsd"])
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

    def _clean(self, box: Box, dropped: Collection[Box] = ()) -> None:
        for part in self.boxes.within(box):
            if part.name not in _PARTS[box.name] or part in dropped:
                self._free(part)
            elif part.name in _PARTS:
                self._clean(part)
            elif clean := CLEANERS.get(part.name):
                clean(self.boxes, self.changes, part)

    def _free(self, box: Box) -> None:
        if box.name in iso_credits.HOLDERS:
            self.said += iso_credits.said_in(self.source, box.body, box.end, box.name)
        free(self.changes, box)
