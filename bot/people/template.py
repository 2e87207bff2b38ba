"""The file that a secretariat fills in: the headings, and examples whose numbers no network gives out."""

_ROWS = (
    ("numero", "nom", "langue", "commune", "cercle", "groupe", "titre", "role", "personne", "consentement"),
    (
        "00 00 00 01",
        "Exemple, à effacer",
        "bambara",
        "Konna",
        "Mopti",
        "cellule",
        "",
        "point focal",
        "",
        "liste signée",
    ),
    (
        "00 00 00 02",
        "Exemple, à effacer",
        "peul, français",
        "Bandiagara",
        "",
        "femmes",
        "Benkadi",
        "",
        "1",
        "appelée le",
    ),
)
#: UTF-8 with the mark by which Excel knows it, semicolons as in a French Excel.
TEMPLATE = "\ufeff".encode() + "".join(";".join(row) + "\r\n" for row in _ROWS).encode()
