"""Keeps the catalogues in step with the code: `python -m bot.languages.strings` rewrites, `--check` only looks.

`_`, `gettext` and `ngettext` mark what is said; `N_` marks a text that is said elsewhere. A line of comment above
that begins with `Translators:` goes along. In `bot/casework` what is said goes to the phone (bot) and what `N_` marks
is a label of the panel (admin), and so in `bot/people` and `bot/translations`. The files carry no date and no line
number, so that they change only when a text does.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, write_po

from bot.languages.catalogue import (
    LANGUAGES,
    SOURCE,
    TAGS,
    WORKING,
    State,
    StatedCatalog,
    bare_percent,
    faults,
    forms,
    is_filled,
    messages_of,
    read,
    state_line_is_sound,
    translated,
)
from bot.languages.folding import for_sms
from bot.languages.gsm7 import count

Keywords = Mapping[str, tuple[int, ...] | None]

_SAID: Keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
_LABEL: Keywords = {"N_": None}


@dataclass(frozen=True, slots=True)
class Domain:
    """One catalogue: where its texts stand and what marks them there; a folder within another has its own rule."""

    name: str
    sources: tuple[tuple[str, Keywords], ...]
    tags: tuple[str, ...]
    is_sms: bool = False


DOMAINS = (
    Domain(
        "bot",
        (
            ("flows", {**_SAID, **_LABEL}),
            ("bot", {**_SAID, **_LABEL}),
            ("bot/casework", _SAID),
            ("bot/people", {}),
            ("bot/translations", {}),
        ),
        TAGS,
        is_sms=True,
    ),
    Domain(
        "admin",
        (
            ("admin", {**_SAID, **_LABEL}),
            ("bot/casework", _LABEL),
            ("bot/people", _LABEL),
            ("bot/translations", _LABEL),
        ),
        (WORKING, SOURCE),
    ),
)
#: The languages that the bot must speak within one GSM-7 segment a message.
_COUNTED = (WORKING, "bm")
#: The catalogues that we answer for as a whole; elsewhere each message names who reviewed it.
_OURS = (SOURCE, WORKING)
# Babel wraps by width alone; one message a line reads better in a diff.
_NEVER_WRAP = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the catalogues, or with --check print one sentence per problem; 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m bot.languages.strings", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is wrong")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.check:
        for path in rewrite(options.root):
            sys.stdout.write(f"rewrote {path.relative_to(options.root)}\n")
        return 0
    found = problems(options.root)
    sys.stdout.writelines(f"{sentence}\n" for sentence in found)
    return 1 if found else 0


def rewrite(root: Path) -> list[Path]:
    """Bring every template and catalogue under `root` up to date; the files that changed."""
    changed = []
    for path, content in _expected(root):
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return changed


def problems(root: Path) -> list[str]:
    """One sentence for everything in the catalogues under `root` that must not ship."""
    try:
        found = [
            f"{path.relative_to(root)} is out of date: run `make strings`."
            for path, content in _expected(root)
            if not path.exists() or path.read_bytes() != content
        ]
    except (PoFileError, ValueError) as error:
        return [f"A catalogue can't be read: {error}."]
    for domain in DOMAINS:
        for tag in domain.tags:
            path = _path(root, domain, tag)
            if path.exists():
                where = path.relative_to(root)
                found += [f"{where}: {clause}." for clause in _problems_in(read(path, tag, domain.name), tag, domain)]
    return found


def _problems_in(catalog: StatedCatalog, tag: str, domain: Domain) -> Iterator[str]:
    if catalog.state is State.REVIEWED and tag not in _OURS:
        yield "the whole catalogue claims to be reviewed; each message must name its reader"
    for message in messages_of(catalog):
        name = f'"{forms(message.id)[0]}"'
        yield from (f"{name} {fault}" for fault in faults(message))
        yield from (f"{name} has the comment «{line}», which is no state" for line in _unsound(message))
        if tag == WORKING and not translated(message):
            yield f"{name} has no {LANGUAGES[tag].english}"
        if tag == SOURCE:
            yield from (f"{name} {fault}" for fault in _faults_of_english(message))
        if domain.is_sms and tag in _COUNTED:
            yield from (f"{name} {fault}" for fault in _too_dear(message, tag))


def _unsound(message: Message) -> list[str]:
    return [line for line in message.user_comments if line.startswith("state:") and not state_line_is_sound(line)]


def _faults_of_english(message: Message) -> Iterator[str]:
    if is_filled(message) and any(map(bare_percent, forms(message.id))):
        yield "has a bare %, which must be written %%"
    if tuple(filter(None, forms(message.string))):
        yield "is English already and needs no translation"


def _too_dear(message: Message, tag: str) -> Iterator[str]:
    for text in forms(message.id) if tag == SOURCE else forms(message.string):
        folded = for_sms(text, tag)
        size = count(folded)
        if size.alphabet != "gsm7":
            odd = "".join(dict.fromkeys(character for character in folded if count(character).alphabet != "gsm7"))
            yield f"needs UCS-2 in {LANGUAGES[tag].english} for {odd!r} even when folded"
        elif size.segments > 1:
            yield f"takes {size.segments} SMS in {LANGUAGES[tag].english} ({size.units} septets)"


def _expected(root: Path) -> Iterator[tuple[Path, bytes]]:
    for domain in DOMAINS:
        template = _template(root, domain)
        yield root / "locales" / f"{domain.name}.pot", _written(template)
        for tag in domain.tags:
            yield _path(root, domain, tag), _written(_merged(_path(root, domain, tag), tag, domain, template))


def _path(root: Path, domain: Domain, tag: str) -> Path:
    return root / "locales" / tag / "LC_MESSAGES" / f"{domain.name}.po"


def _written(catalog: Catalog) -> bytes:
    content = BytesIO()
    write_po(content, catalog, width=_NEVER_WRAP)
    return content.getvalue().rstrip(b"\n") + b"\n"


def _template(root: Path, domain: Domain) -> StatedCatalog:
    template = _empty(None, domain, f"# Texts of Kunnafoni to be translated ({domain.name}).")
    for source, keywords in domain.sources:
        inner = [root / other for other, _ in domain.sources if other.startswith(f"{source}/")]
        for path in _files(root / source):
            if any(path.is_relative_to(folder) for folder in inner):
                continue
            where = path.relative_to(root).as_posix()
            for text, comments in _texts(path, keywords):
                template.add(text, locations=[(where, 0)], auto_comments=comments)
    return template


def _files(source: Path) -> list[Path]:
    return sorted(path for suffix in ("py", "html", "txt") for path in source.rglob(f"*.{suffix}"))


def _texts(path: Path, keywords: Keywords) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    method = "python" if path.suffix == ".py" else "jinja2"
    with path.open("rb") as lines:
        found = extract(method, lines, keywords, ("Translators:",), {"encoding": "utf-8", "silent": "false"})
        for _, text, comments, _ in found:
            yield text, comments


def _empty(tag: str | None, domain: Domain, comment: str) -> StatedCatalog:
    catalog = StatedCatalog(tag, domain.name, comment, project="Kunnafoni", fuzzy=False)
    if tag in _OURS:
        catalog.state = State.REVIEWED
    if tag:
        catalog.mime_headers = [("Plural-Forms", _plural_forms(tag))]
    return catalog


def _plural_forms(tag: str) -> str:
    """The plural rule that a new catalogue starts with: CLDR's, else the one form that CLDR gives Bambara."""
    if tag not in ("fr", "ar", "en"):
        return "nplurals=1; plural=0;"
    return get_plural(tag).plural_forms


def _merged(path: Path, tag: str, domain: Domain, template: StatedCatalog) -> StatedCatalog:
    comment = f"# {LANGUAGES[tag].english} ({LANGUAGES[tag].autonym}): {domain.name}."
    catalog = read(path, tag, domain.name) if path.exists() else _empty(tag, domain, comment)
    for message in catalog.obsolete.values():
        if message.id in template and message.id not in catalog:
            catalog[message.id] = message
    catalog.update(template, no_fuzzy_matching=True)
    kept = {key: message for key, message in catalog.obsolete.items() if translated(message) and key not in catalog}
    catalog.obsolete = kept
    return catalog


if __name__ == "__main__":
    sys.exit(main())
