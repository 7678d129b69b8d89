"""Captions as they are read from WebVTT, found by media time, and written."""

from pathlib import Path

import pytest

from media.captions import Caption, CaptionsUnreadable, caption_at, language_of, read_captions, write_captions

TWO = (Caption(1.5, 3.25, "Noor: Slowly, Alex."), Caption(4.0, 6.0, "Alex: It's < & > a phone."))


def written(folder: Path, text: str) -> Path:
    path = folder / "talk.en.vtt"
    path.write_text(text, encoding="utf-8")
    return path


def test_captions_that_are_written_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "talk.en.vtt"
    write_captions(path, TWO)
    assert read_captions(path) == TWO


def test_times_are_kept_to_the_thousandth(tmp_path: Path) -> None:
    path = tmp_path / "long.vtt"
    caption = Caption(3725.123, 3726.999, "late")
    write_captions(path, [caption])
    assert read_captions(path) == (caption,)


def test_short_times_voices_and_markup_of_other_programs_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, "WEBVTT\n\n00:01.500 --> 00:03.250\n<v Noor>Slowly, <i>Alex</i> &amp; all.</v>\n")
    assert read_captions(path) == (Caption(1.5, 3.25, "Slowly, Alex & all."),)


def test_two_lines_of_one_caption_stay_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    write_captions(path, [Caption(0.0, 1.0, "one\ntwo")])
    assert read_captions(path)[0].text == "one\ntwo"


def test_captions_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, "WEBVTT\n\n00:04.000 --> 00:05.000\nsecond\n\n00:01.000 --> 00:02.000\nfirst\n")
    assert [caption.text for caption in read_captions(path)] == ["first", "second"]


def test_a_file_without_captions_has_none(tmp_path: Path) -> None:
    assert read_captions(written(tmp_path, "WEBVTT\n")) == ()


@pytest.mark.parametrize("text", ["Noor: Slowly, Alex.\n", "", "1\n00:00:01,000 --> 00:00:02,000\nSubRip\n"])
def test_what_is_no_webvtt_is_said_with_the_file_and_the_remedy(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaptionsUnreadable, match=r"talk\.en\.vtt.*WEBVTT"):
        read_captions(written(tmp_path, text))


def test_subrip_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "talk.en.srt"
    path.write_text(
        "\ufeff1\n00:00:01,500 --> 00:00:03,250\nSlowly, <i>Alex</i>.\n\n2\n00:00:04,000 --> 00:00:05,000\ntwo\nlines\n"
    )
    assert read_captions(path) == (Caption(1.5, 3.25, "Slowly, Alex."), Caption(4.0, 5.0, "two\nlines"))


def test_what_is_no_subrip_is_said_with_the_file_and_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "talk.en.srt"
    path.write_text("Noor: Slowly, Alex.\n")
    with pytest.raises(CaptionsUnreadable, match=r"talk\.en\.srt.*00:00:01,500"):
        read_captions(path)


@pytest.mark.parametrize(
    ("written", "wanted", "found"),
    [("en fr", "fr", "fr"), ("en pt", "pt-BR", "pt"), ("en pt-BR", "pt", "pt-BR"), ("EN", "en", "EN"),
     ("en", "fr", None), ("en", "", None), ("", "en", None)],
)  # fmt: skip
def test_captions_are_shown_in_the_language_wanted_or_its_nearest(written: str, wanted: str, found: str | None) -> None:
    assert language_of(written.split(), wanted) == found


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptionsUnreadable, match=r"nowhere\.vtt.*no such"):
        read_captions(tmp_path / "nowhere.vtt")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    path.write_bytes(b"\xff\xfe\x00\x9c")
    with pytest.raises(CaptionsUnreadable, match=r"film\.vtt.*UTF-8"):
        read_captions(path)


@pytest.mark.parametrize(
    ("media", "text"),
    [(0.0, None), (1.5, TWO[0].text), (3.249, TWO[0].text), (3.25, None), (4.0, TWO[1].text), (99.0, None)],
)
def test_a_caption_shows_from_its_start_until_its_end(media: float, text: str | None) -> None:
    caption = caption_at(TWO, media)
    assert (caption.text if caption else None) == text


def test_of_two_captions_at_once_the_later_begun_shows() -> None:
    long, short = Caption(0.0, 10.0, "long"), Caption(2.0, 3.0, "short")
    assert caption_at((long, short), 2.5) is short
    assert caption_at((long, short), 5.0) is long
