"""Boxes of MP4, QuickTime and M4A that playing takes, and that name times, makers and devices beside: these become zeros."""

from practices.media.containers import nal_units
from practices.media.containers.iso_boxes import Box, Boxes
from practices.media.containers.source import Changes
from practices.media.outcome import Refused

PICTURES = set(b"avc1 avc3 hvc1 hev1 av01 vp08 vp09 dvh1 dvhe".split())
SOUNDS = {b"mp4a", b"Opus"}
_ENTRY_PARTS = set(b"avcC hvcC av1C vpcC dOps esds dvcC dvvC btrt pasp colr clap fiel mdcv clli chan".split())
_WAVE_PARTS = {b"frma", b"esds", b"mp4a", b"chan", bytes(4)}  # QuickTime's way to say the same of sounds
# Of others some name the camera.
_BRANDS = set(b"isom iso2 iso3 iso4 iso5 iso6 iso8 iso9 mp41 mp42 avc1 hvc1 av01 M4A M4V dash qt".split())
_QUICKTIME = b"qt  "
_GROUPS = {b"roll", b"prol", b"rap ", b"sync", b"tele"}  # of samples, for those who seek: ISO/IEC 14496-12, section 10
_PICTURE_HEAD, _SOUND_HEADS = 86, {0: 36, 1: 52, 2: 72}


def free(changes: Changes, box: Box) -> None:
    """Let nothing be in `box` but zeros, and have every reader skip it."""
    if box.name not in (b"", b"free", b"skip", b"wide"):
        changes.write(box.start + 4, b"free")
    changes.blank(box.body, box.end)


def clean_brands(boxes: Boxes, changes: Changes, box: Box) -> None:
    """Let `ftyp` name general kinds of files only. QuickTime's own is MP4 as far as browsers are concerned."""
    major = boxes.read(box, 0, 4)
    changes.write(box.body, b"mp42" if major == _QUICKTIME or major.rstrip() not in _BRANDS else major)
    changes.blank(box.body + 4, box.body + 8)
    for place in range(box.body + 8, box.end, 4):
        if boxes.source.up_to(place, min(4, box.end - place)).rstrip() not in _BRANDS:
            changes.write(place, b"isom"[: box.end - place])


def _clean_times(boxes: Boxes, changes: Changes, box: Box) -> None:
    width = 8 if boxes.number(box, 0, 1) else 4
    boxes.read(box, 4, 2 * width)
    changes.blank(box.body + 4, box.body + 4 + 2 * width)


def _clean_handler(boxes: Boxes, changes: Changes, box: Box) -> None:
    boxes.read(box, 0, 12)
    changes.blank(box.body + 12, box.end)  # its maker and its name


def _clean_references(boxes: Boxes, changes: Changes, box: Box) -> None:
    for entry in boxes.between(box.body + 8, box.end):
        if not entry.name:
            free(changes, entry)
        elif not boxes.number(entry, 0) & 1:
            raise Refused(
                "Bild und Ton dieser Aufnahme liegen in anderen Dateien. Bitte exportieren Sie alles als eine MP4-Datei."
            )
        else:
            changes.blank(entry.body + 4, entry.end)


def _clean_groups(boxes: Boxes, changes: Changes, box: Box) -> None:
    if boxes.read(box, 4, 4) not in _GROUPS:
        free(changes, box)


def _clean_entries(boxes: Boxes, changes: Changes, box: Box) -> None:
    """Clean the description of each codec: ISO/IEC 14496-12, section 12, and QuickTime's versions of it for sounds."""
    is_quicktime = boxes.number(box, 0, 1) == 0
    for entry in boxes.between(box.body + 8, box.end):
        if not entry.name:
            free(changes, entry)
        elif entry.name in PICTURES:
            boxes.read(entry, 0, _PICTURE_HEAD - 8)
            changes.blank(entry.start + 20, entry.start + 32)  # vendor and qualities
            changes.blank(entry.start + 50, entry.start + 82)  # name of the compressor
            _clean_entry(boxes, changes, entry, entry.start + _PICTURE_HEAD)
        else:
            version = boxes.number(entry, 8, 2) if is_quicktime else 0
            size = _SOUND_HEADS.get(version, _SOUND_HEADS[0])
            boxes.read(entry, 0, size - 8)
            changes.blank(entry.start + 20, entry.start + 24)
            _clean_entry(boxes, changes, entry, entry.start + size)


def _clean_entry(boxes: Boxes, changes: Changes, entry: Box, start: int) -> None:
    for part in boxes.between(start, entry.end):
        if part.name == b"wave":
            for inner in boxes.within(part):
                if inner.name not in _WAVE_PARTS:
                    free(changes, inner)
        elif part.name not in _ENTRY_PARTS:
            free(changes, part)
        elif part.name == b"hvcC":
            nal_units.blank_in_configuration(boxes.source, changes, part.body, part.end)


CLEANERS = {
    b"mvhd": _clean_times,
    b"tkhd": _clean_times,
    b"mdhd": _clean_times,
    b"hdlr": _clean_handler,
    b"dref": _clean_references,
    b"stsd": _clean_entries,
    b"sbgp": _clean_groups,
    b"sgpd": _clean_groups,
}
