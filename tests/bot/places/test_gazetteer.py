"""The packaged places: complete, in Mali, joined in both layouts."""

from collections import Counter

from bot.places.gazetteer import Gazetteer, Level, Place
from bot.places.names import spelling

KONNA = "kun:mopti/mopti/konna"


def test_both_layouts_and_all_communes_are_there(gazetteer: Gazetteer) -> None:
    counts = Counter((place.level, place.id.partition(":")[0]) for place in gazetteer)
    assert counts[Level.REGION, "cod2025"] == 20
    assert counts[Level.CERCLE, "cod2025"] == 160
    assert counts[Level.REGION, "cod2021"] == 10
    assert counts[Level.CERCLE, "cod2021"] == 53
    assert counts[Level.COMMUNE, "kun"] == 703


def test_every_place_lies_in_mali_and_in_a_place_that_exists(gazetteer: Gazetteer) -> None:
    for place in gazetteer:
        assert place.names[0] == place.name
        assert len(set(place.names)) == len(place.names)
        assert place.level is Level.REGION or gazetteer.get(place.parent), place
        if place.lat is not None and place.lon is not None:
            assert 10.1 <= place.lat <= 25.0, place
            assert -12.3 <= place.lon <= 4.3, place
            assert (round(place.lat, 2), round(place.lon, 2)) == (place.lat, place.lon)
        for parent in gazetteer.above(place.id):
            assert gazetteer.get(parent), (place, parent)


def test_codes_of_the_two_layouts_are_never_mixed(gazetteer: Gazetteer) -> None:
    old, new = gazetteer.get("cod2021:ML09"), gazetteer.get("cod2025:ML09")
    assert old is not None
    assert new is not None
    assert (old.name, new.name) == ("Bamako", "Taoudénit")
    for place in gazetteer:
        if place.id.startswith("cod2025:") and place.parent:
            assert place.parent.startswith("cod2025:")


def test_a_commune_knows_its_path_in_both_layouts(gazetteer: Gazetteer) -> None:
    bamba = gazetteer.get("kun:mopti/koro/bamba")
    assert bamba is not None
    assert [step.id for step in gazetteer.path(bamba)] == [bamba.id, "cod2021:ML0505", "cod2021:ML05"]
    assert [step.id for step in gazetteer.path_today(bamba)] == [bamba.id, "cod2025:ML1902", "cod2025:ML19"]


def test_a_commune_that_the_reform_moved_does_not_stay_in_the_region_of_its_old_cercle(gazetteer: Gazetteer) -> None:
    moved = "kun:koulikoro/kati/ouelessebougou"
    koulikoro = {place.id for place in gazetteer.within("cod2025:ML02")}
    bougouni = {place.id for place in gazetteer.within("cod2025:ML15")}
    assert moved in bougouni
    assert moved not in koulikoro
    assert moved in {place.id for place in gazetteer.within("cod2021:ML0204")}


def test_within_holds_the_place_and_all_that_lies_in_it(gazetteer: Gazetteer) -> None:
    bamako = {place.id for place in gazetteer.within("cod2025:ML20")}
    assert {"cod2025:ML20", "cod2025:ML2001", "kun:bamako/bamako/commune-iv/lassa"} <= bamako
    assert [place.id for place in gazetteer.within(KONNA)] == [KONNA]
    assert gazetteer.within("cod2025:ML99") == ()


def test_a_label_names_the_place_and_what_it_lies_in(gazetteer: Gazetteer) -> None:
    assert gazetteer.commune_label(KONNA) == "Konna (Mopti)"
    assert gazetteer.commune_label("kun:bamako/bamako/commune-iv/lassa") == "Lassa (Commune IV, Bamako)"
    assert gazetteer.commune_label("cod2025:ML0501") == "Mopti (cercle)"
    assert gazetteer.commune_label("cod2025:ML05") == "Mopti (région)"
    assert gazetteer.commune_label("cod2021:ML0506") == "Mopti (cercle d'avant 2023)"
    assert gazetteer.commune_label("kun:gone") == "kun:gone"


def test_no_two_places_are_read_as_the_same(gazetteer: Gazetteer) -> None:
    """Douentza is a cercle in both layouts: whoever reads a list must be able to tell which."""
    labels = Counter(gazetteer.commune_label(place.id) for place in gazetteer)
    assert {label for label, number in labels.items() if number > 1} == set()


def test_an_old_cercle_is_its_successor_of_today_and_every_other_place_is_itself(gazetteer: Gazetteer) -> None:
    places = ("cod2021:ML0504", "cod2021:ML0106", "cod2021:ML0604", "cod2025:ML1801", KONNA)
    found = [gazetteer.of_today(place) for each in places if (place := gazetteer.get(each))]
    assert found == ["cod2025:ML1801", "cod2025:ML1101", "cod2021:ML0604", "cod2025:ML1801", KONNA]


def test_the_commune_of_a_quarter_is_found_and_a_cercle_has_none(gazetteer: Gazetteer) -> None:
    commune = gazetteer.commune_of("kun:bamako/bamako/commune-iv/lassa")
    assert commune is not None
    assert commune.id == "kun:bamako/bamako/commune-iv"
    assert gazetteer.commune_of("cod2025:ML0501") is None
    assert gazetteer.commune_of("kun:gone") is None


def test_villages_that_a_secretariat_loads_are_known_in_their_commune(gazetteer: Gazetteer) -> None:
    village = Place("kun:mopti/mopti/konna/kotaka", "Kotaka", Level.VILLAGE, KONNA, None, None, ("Kotaka",))
    larger = gazetteer.with_places([village])
    assert gazetteer.get(village.id) is None
    assert larger.get(village.id) == village
    assert village in larger.within("cod2025:ML05")
    assert [step.name for step in larger.path(village)] == ["Kotaka", "Konna", "Mopti", "Mopti"]


def test_a_parent_that_loops_does_not_hang(gazetteer: Gazetteer) -> None:
    loop = [
        Place(f"kun:{a}", a, Level.VILLAGE, f"kun:{b}", None, None, (a,)) for a, b in (("un", "deux"), ("deux", "un"))
    ]
    larger = gazetteer.with_places(loop)
    assert [step.id for step in larger.path(loop[0])] == ["kun:un", "kun:deux"]


def test_a_locality_is_known_by_its_cercle_and_is_on_no_list(gazetteer: Gazetteer) -> None:
    (locality_id,) = gazetteer.names.localities("bougountinti")
    locality = gazetteer.get(locality_id)
    assert locality is not None
    assert (locality.level, locality.parent) == (Level.LOCALITY, "cod2021:ML0101")
    assert locality not in list(gazetteer)
    assert locality_id not in gazetteer.ids_within("cod2021:ML0101")
    assert gazetteer.settled([locality]) == "cod2021:ML0101"
    assert gazetteer.commune_label(locality_id) == "Bougountinti (Bafoulabé)"
    # Bafoulabé was cut in two by the reform: of today only the region is certain.
    assert [step.name for step in gazetteer.path_today(locality)] == ["Bougountinti", "Kayes"]


def test_every_locality_lies_in_a_cercle_and_bears_no_name_of_ours_there(gazetteer: Gazetteer) -> None:
    localities = [each for place in gazetteer.within("cod2021:ML05") for each in localities_of(gazetteer, place.id)]
    assert len(localities) > 2_000
    for each in localities:
        namesakes = gazetteer.names.spelt(spelling(each.name))
        assert not any(each.parent in gazetteer.above(other) for other in namesakes), each


def test_a_loaded_village_takes_the_place_of_its_locality(gazetteer: Gazetteer) -> None:
    commune = next(place for place in gazetteer if place.level is Level.COMMUNE and place.parent == "cod2021:ML0101")
    village = Place(f"{commune.id}/v-x", "Bougountinti", Level.VILLAGE, commune.id, None, None, ("Bougountinti",))
    larger = gazetteer.with_places([village])
    assert larger.names.localities("bougountinti") == frozenset()
    assert larger.names.spelt("bougountinti") == {village.id}
    assert len(larger.names.localities("farabougou")) == len(gazetteer.names.localities("farabougou"))


def test_the_cercle_of_all_is_the_one_that_each_lies_in(gazetteer: Gazetteer) -> None:
    communes = [place for place in gazetteer.within("cod2021:ML0501") if place.level is Level.COMMUNE]
    assert gazetteer.cercle_of_all(communes) == "cod2021:ML0501"
    assert gazetteer.cercle_of_all([*communes, *gazetteer.within("cod2021:ML0502")]) is None
    assert gazetteer.cercle_of_all([]) is None


def localities_of(gazetteer: Gazetteer, cercle: str) -> list[Place]:
    return [each for each in gazetteer.localities() if each.parent == cercle]
