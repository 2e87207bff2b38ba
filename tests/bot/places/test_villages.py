"""Villages from a file: every bad row is named, all or nothing, and a report keeps the commune."""

from pathlib import Path

import pytest

from bot import cli, main
from bot.config import Settings
from bot.places.communes import Communes
from bot.places.gazetteer import Gazetteer, Level
from bot.places.matching import find, find_in_sentence, narrow
from bot.places.villages import BadVillages, keep_villages, kept_villages, read_villages

KONNA = "kun:mopti/mopti/konna"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "villages.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "name,commune,cercle\nKontza,Konna,Mopti\n",
        "\ufeffNom;Commune;Autres noms\nKontza;Konna;Kontsa|Contza\n",
        f"commune,name,lat,lon\n{KONNA},Kontza,14.934,-3.887\n\n",
    ],
)
def test_a_file_is_read_however_the_office_wrote_it(tmp_path: Path, gazetteer: Gazetteer, content: str) -> None:
    loaded = read_villages(_file(tmp_path, content), gazetteer)
    assert loaded.problems == ()
    (village,) = loaded.villages
    assert (village.id, village.level, village.parent) == (f"{KONNA}/v-kontza", Level.VILLAGE, KONNA)


def test_every_bad_row_is_named_with_its_line(tmp_path: Path, gazetteer: Gazetteer) -> None:
    rows = (
        "name,commune,cercle,lat,lon",
        "Kontza,Konna,,,",
        ",Konna,,,",
        "Kontza,,,,",
        "Kontza,Zzqqwe,,,",
        "Kontza,Farako,,,",
        "Kontza,Konna,,91,0",
        "Kontza,Konna,,nord,0",
        "kontza,Konna,,,",
        "1234,Konna,,,",
    )
    loaded = read_villages(_file(tmp_path, "\n".join(rows)), gazetteer)
    assert [village.name for village in loaded.villages] == ["Kontza"]
    assert [line for line, _ in loaded.problems] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "several communes" in dict(loaded.problems)[6]
    assert "twice" in dict(loaded.problems)[9]


def test_a_cercle_that_is_given_must_be_that_of_the_commune(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """A village would silently stand 500 km away; Sikasso is a cercle and a region, and has one Kapala as the first."""
    rows = ("name,commune,cercle", "A,Konna,Gao", "B,Konna,Nowhere", "C,Konna,cercle de Mopty", "D,Kapala,Sikasso")
    loaded = read_villages(_file(tmp_path, "\n".join(rows)), gazetteer)
    assert [village.parent for village in loaded.villages] == ["kun:mopti/mopti/konna", "kun:sikasso/sikasso/kapala"]
    assert dict(loaded.problems) == {
        2: "no commune is called Konna in a cercle called Gao",
        3: "no commune is called Konna in a cercle called Nowhere",
    }


def test_every_commune_is_found_by_its_name_and_its_cercle_in_both_layouts(gazetteer: Gazetteer) -> None:
    communes = Communes(gazetteer)
    for place in (each for each in gazetteer if each.level is Level.COMMUNE):
        today = gazetteer.get(gazetteer.today(place).cercle)
        for cercle in (gazetteer.get(place.parent), today):
            assert not cercle or communes.find(place.name, cercle.name) == (place,)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", b"name,commune\n\xff\xfe,Konna\n"])
def test_what_is_no_list_of_villages_is_refused_in_one_sentence(
    tmp_path: Path, gazetteer: Gazetteer, content: str | bytes
) -> None:
    with pytest.raises(BadVillages):
        read_villages(_file(tmp_path, content), gazetteer)


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path, gazetteer: Gazetteer) -> None:
    content = "name,commune,lat,lon,other_names\nKontza,Konna,14.934,-3.887,Kontsa\n"
    villages = read_villages(_file(tmp_path, content), gazetteer).villages
    kept = tmp_path / "data" / "kept.csv"
    keep_villages(villages, kept)
    assert tuple(kept_villages(kept)) == villages
    assert [path.name for path in kept.parent.iterdir()] == ["kept.csv"]
    assert tuple(kept_villages(tmp_path / "none.csv")) == ()


def test_a_village_is_found_and_its_commune_is_kept(tmp_path: Path, gazetteer: Gazetteer) -> None:
    loaded = read_villages(_file(tmp_path, "name,commune\nKontzadougou,Konna\n"), gazetteer)
    larger = gazetteer.with_places(loaded.villages)
    for match in (find(larger, "kontzadugu"), find_in_sentence(larger, "il y a du feu a Kontzadougou ce soir")):
        assert larger.settled(match.places) == KONNA


def test_villages_of_one_name_are_settled_by_the_cercle(tmp_path: Path, gazetteer: Gazetteer) -> None:
    content = "name,commune,cercle\nWeltare,Konna,Mopti\nWeltare,Dangol Bore,Douentza\n"
    loaded = read_villages(_file(tmp_path, content), gazetteer)
    assert loaded.problems == ()
    larger = gazetteer.with_places(loaded.villages)
    both = find(larger, "Weltare")
    assert larger.settled(both.places) is None
    assert larger.settled(narrow(larger, both, "Mopti").places) == KONNA


def test_sevare_is_a_town_of_mopti(gazetteer: Gazetteer) -> None:
    for text in ("Sévaré", "sevare", "SEVARE"):
        (place,) = find(gazetteer, text).places
        assert gazetteer.commune_of(place.id) == gazetteer.get("kun:mopti/mopti/mopti")


def _command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    try:
        cli.run(["places", *arguments])
    except SystemExit as end:
        return end.code
    return 0


def test_the_command_loads_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(_file(tmp_path, "name,commune\nKontza,Konna\nBad,Zzqqwe\n"))
    settings = Settings(demo=True, data_dir=tmp_path / "data")
    assert "nothing was changed" in str(_command(tmp_path, monkeypatch, "import", path))
    assert "line 3: no commune is called Zzqqwe" in capsys.readouterr().err
    assert main.load_gazetteer(settings).get(f"{KONNA}/v-kontza") is None
    assert _command(tmp_path, monkeypatch, "import", path, "--accept-partial") == 0
    assert main.load_gazetteer(settings).get(f"{KONNA}/v-kontza")
    assert "can't be read" in str(_command(tmp_path, monkeypatch, "check", str(tmp_path / "none.csv")))
