"""The tool that keeps the catalogues in step: what it extracts, and what its check refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.languages.strings import main, problems, rewrite

ROOT = Path(__file__).parents[3]
FLOW = """
def flow(ctx):
    _ = ctx.gettext
    # Translators: the closing
    _("Thank you, number %(code)s.", code=1)
    _("Two " "parts")
    ctx.ngettext("%(n)s call", "%(n)s calls", 3)
"""
FRENCH = {
    "Thank you, number %(code)s.": "Merci, numéro %(code)s.",
    "Two parts": "Deux parties",
    "%(n)s call": "%(n)s appel",
    "Inbox": "Boîte “reçue”",
    "Hello": "Bonjour",
    "Open": "Ouvert",
    "said": "dit",
    "Heard": "Entendu",
}


def tree(root: Path) -> Path:
    for name, content in {
        "flows/one.py": FLOW,
        "admin/templates/inbox.html": '<p>{{ _("Inbox") }} {% trans %}Hello{% endtrans %}</p>',
        "bot/intake/turn.py": 'def turn(_): return _("Heard")',
        "bot/casework/labels.py": 'LABEL = N_("Open")\ngettext("said")\n',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def po(root: Path, tag: str, domain: str = "bot") -> Path:
    return root / "locales" / tag / "LC_MESSAGES" / f"{domain}.po"


def translate(path: Path, msgid: str, msgstr: str, comment: str = "") -> None:
    """Put a translation where a translator would: in the file, by hand."""
    text = path.read_text(encoding="utf-8")
    assert f'msgid "{msgid}"\n' in text
    head, tail = text.split(f'msgid "{msgid}"\n', 1)
    if tail.startswith("msgid_plural"):
        forms = tail.split("\n\n", 1)[0]
        new = "\n".join(
            [line.split(' "')[0] + f' "{msgstr}"' if "msgstr" in line else line for line in forms.split("\n")]
        )
        path.write_text(head + f'msgid "{msgid}"\n' + tail.replace(forms, new, 1), encoding="utf-8")
        return
    rest = tail.split("\n", 1)[1]
    if comment:
        blank = head.rfind("\n\n") + 2
        head = head[:blank] + f"# {comment}\n" + head[blank:]
    path.write_text(f'{head}msgid "{msgid}"\nmsgstr "{msgstr}"\n{rest}', encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree(tmp_path)
    rewrite(tmp_path)
    for domain in ("bot", "admin"):
        for msgid, french in FRENCH.items():
            if f'"{msgid}"\n' in po(tmp_path, "fr", domain).read_text(encoding="utf-8"):
                translate(po(tmp_path, "fr", domain), msgid, french)
    return tmp_path


def test_a_complete_tree_has_no_problem_and_stays_as_it_is(root: Path) -> None:
    assert problems(root) == []
    assert rewrite(root) == []
    assert main(["--check", "--root", str(root)]) == 0


def test_each_text_goes_to_the_catalogue_of_its_reader(root: Path) -> None:
    bot, admin = (root / "locales" / f"{name}.pot" for name in ("bot", "admin"))
    assert bot.read_text().count("msgid ") == 1 + 5
    assert '#. Translators: the closing\n#: flows/one.py\n#, python-format\nmsgid "Thank you' in bot.read_text()
    assert 'msgid "Two parts"' in bot.read_text()
    assert 'msgid_plural "%(n)s calls"' in bot.read_text()
    assert '#: bot/casework/labels.py\nmsgid "said"' in bot.read_text()
    assert 'msgid "Heard"' in bot.read_text()
    assert [line for line in admin.read_text().split("\n") if line.startswith("msgid")] == [
        'msgid ""',
        'msgid "Inbox"',
        'msgid "Hello"',
        'msgid "Open"',
    ]
    assert not po(root, "bm", "admin").exists()


def test_the_files_do_not_change_when_only_line_numbers_do(root: Path) -> None:
    flow = root / "flows/one.py"
    flow.write_text("\n\n# moved\n" + flow.read_text(), encoding="utf-8")
    assert rewrite(root) == []


def test_the_files_say_no_day(root: Path) -> None:
    for path in root.glob("locales/**/*.po*"):
        assert "Date" not in path.read_text(encoding="utf-8")


def test_a_new_text_makes_the_catalogues_stale(root: Path) -> None:
    (root / "flows/two.py").write_text('_("New")', encoding="utf-8")
    found = problems(root)
    assert "locales/bot.pot is out of date: run `make strings`." in found
    assert sum("is out of date" in sentence for sentence in found) == 1 + 16
    assert main(["--check", "--root", str(root)]) == 1


def test_a_translation_outlives_its_text_and_comes_back_with_it(root: Path) -> None:
    flow = root / "flows/one.py"
    before = flow.read_text(encoding="utf-8")
    flow.write_text(before.replace("Two ", "Three "), encoding="utf-8")
    rewrite(root)
    assert '#~ msgid "Two parts"\n#~ msgstr "Deux parties"' in po(root, "fr").read_text(encoding="utf-8")
    flow.write_text(before, encoding="utf-8")
    rewrite(root)
    french = po(root, "fr").read_text(encoding="utf-8")
    assert '\nmsgid "Two parts"\nmsgstr "Deux parties"' in french
    assert "#~" not in french


@pytest.mark.parametrize(
    ("tag", "msgid", "msgstr", "problem"),
    [
        ("fr", "Two parts", "", '"Two parts" has no French.'),
        ("ffm", "Thank you, number %(code)s.", "Awa", '"Thank you, number %(code)s." lacks %(code)s.'),
        ("ffm", "Two parts", "%(x)s", '"Two parts" has %(x)s, which the English has not.'),
        ("ffm", "%(n)s call", "appel", '"%(n)s call" lacks %(n)s.'),
        ("ses", "Thank you, number %(code)s.", "%(code)s 5 %", "has a bare %, which must be written %%."),
        ("bm", "Two parts", "ߒߞߏ", "needs UCS-2 in Bambara for 'ߒߞߏ' even when folded."),
        ("fr", "Two parts", "Merci 🙏", "needs UCS-2 in French for '🙏' even when folded."),
        ("bm", "Two parts", "ɛ" * 161, "takes 2 SMS in Bambara (161 septets)."),
        ("ffm", "Two parts", "{n} pecce", '"Two parts" has {n}, which the English has not.'),
        ("en", "Two parts", "Deux", '"Two parts" is English already and needs no translation.'),
    ],
)
def test_the_check_names_what_must_not_ship(root: Path, tag: str, msgid: str, msgstr: str, problem: str) -> None:
    translate(po(root, tag), msgid, msgstr)
    found = problems(root)
    assert [sentence for sentence in found if problem in sentence and f"locales/{tag}/" in sentence], found


@pytest.mark.parametrize(
    ("tag", "msgstr"),
    [("bm", "Hakɛto " * 20), ("fr", "Reçu’… " * 17), ("ar", "مرحبا " * 30), ("taq", "ⵜⴰⵎⴰ")],
)
def test_the_check_lets_pass_what_folds_into_one_sms_and_other_scripts(root: Path, tag: str, msgstr: str) -> None:
    translate(po(root, tag), "Two parts", msgstr)
    assert problems(root) == []


def test_a_misspelt_state_is_a_problem_and_a_sound_one_is_not(root: Path) -> None:
    translate(po(root, "bm"), "Two parts", "Fila", "state: reviewed by A. Reader, 2026-11-02")
    assert problems(root) == []
    translate(po(root, "ses"), "Two parts", "Hinka", "state: reviewd by A. Reader")
    assert any("which is no state" in sentence for sentence in problems(root))


def test_a_catalogue_of_a_national_language_may_not_call_itself_reviewed(root: Path) -> None:
    path = po(root, "bm")
    path.write_text(path.read_text(encoding="utf-8").replace("X-State: draft", "X-State: reviewed"), encoding="utf-8")
    assert any("claims to be reviewed" in sentence for sentence in problems(root))


def test_a_bare_percent_in_the_english_is_a_problem(root: Path) -> None:
    (root / "flows/two.py").write_text('_("%(n)s is 5 % of all", n=1)', encoding="utf-8")
    rewrite(root)
    assert any(sentence.startswith("locales/en/") and "bare %" in sentence for sentence in problems(root))


@pytest.mark.parametrize("damage", ['msgid "x\n', "X-State: perhaps"])
def test_a_damaged_catalogue_is_one_sentence_and_no_traceback(root: Path, damage: str) -> None:
    path = po(root, "bm")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("X-State: draft", damage) if "State" in damage else text + damage, encoding="utf-8")
    (sentence,) = problems(root)
    assert sentence.startswith("A catalogue can't be read")


def test_it_runs_as_a_program_and_its_status_says_whether_all_is_well(root: Path) -> None:
    command = [sys.executable, "-m", "bot.languages.strings", "--check", "--root", str(root)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    po(root, "fr").unlink()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("locales/fr/LC_MESSAGES/bot.po is out of date")
