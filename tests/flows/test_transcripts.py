"""The kept transcripts are what the phone shows today; `make transcripts` writes them anew."""

from pathlib import Path

from tests.flows.transcripts import CHOOSING, FOLDER, SCENES, all_transcripts, build_road


def test_the_phone_shows_what_the_transcripts_say(tmp_path: Path) -> None:
    road = build_road(tmp_path)
    today = dict(all_transcripts(road))
    road.store.close()
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    assert set(kept) == {f"{scene}.{language}.txt" for scene in SCENES for language in CHOOSING}
    changed = {name: content for name, content in today.items() if kept[name] != content}
    assert changed == {}, "if this is meant: make transcripts"


def test_a_transcript_shows_both_sides_and_what_each_text_takes() -> None:
    text = FOLDER.joinpath("report_stranger.fr.txt").read_text(encoding="utf-8")
    assert "> attaque a konna des gens armes\n  Kunnafoni: " in text
    assert "[1 SMS, gsm7, 1" in text
    assert "no <code>." in text
