"""Captions of recordings (WebVTT, W3C) as plain data."""

import io

import webvtt


def read_cues(file) -> list[dict]:
    """Return the cues of an opened or stored WebVTT `file` as dicts with `start` (whole seconds) and `text`.

    Raises ValueError with a German message where the file is no WebVTT in UTF-8.
    """
    file.open("rb")
    try:
        content = file.read().decode("utf-8-sig")
        captions = webvtt.from_buffer(io.StringIO(content))
        return [
            {"start": int(caption.start_in_seconds), "text": " ".join(caption.text.split())}
            for caption in captions.captions
        ]
    except UnicodeDecodeError as error:
        raise ValueError(
            "Die Untertitel sind nicht in UTF-8 gespeichert. Bitte speichern Sie die Datei neu."
        ) from error
    except webvtt.errors.MalformedFileError as error:
        raise ValueError(
            "Die Datei ist kein WebVTT: Sie muss mit der Zeile „WEBVTT“ beginnen und gültige Zeitangaben enthalten."
        ) from error
    finally:
        file.close()
