"""The main menu: few groups, and the pages of the one that somebody is in. A new page takes its place in a group here.

Whom a page is for stands on the page alone; the menu asks it, and shows nobody a link that leads to a refusal. A group
of which somebody may see one page only is shown as that page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request

from admin import closed, inbox, incidents
from admin.access import allowed, may
from admin.labels import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu, and the other modules of views whose pages belong to it; `number` is how much waits there."""

    endpoint: str
    words: str
    modules: tuple[str, ...] = ()
    number: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of one kind of work."""

    words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What is drawn: where it leads, its words, what waits there; `current` is "page", "true" (within it) or None."""

    endpoint: str
    words: str
    number: int
    current: str | None


@dataclass(frozen=True, slots=True)
class Menu:
    """The links of the groups, and those of the group that somebody is in, under its words."""

    groups: tuple[Link, ...]
    words: str
    pages: tuple[Link, ...]


GROUPS = (
    Group(
        N_("Desk"),
        (
            Entry(
                "admin.inbox",
                N_("Inbox"),
                ("bulk", "entry", "filters", "locks", "media", "replies", "report", "search"),
            ),
            Entry("admin.incident_list", N_("Events"), ("exclusions", "routing"), number=incidents.waiting_seats),
            Entry("admin.rumour_list", N_("Rumours")),
            Entry("admin.call_back_list", N_("Call-backs"), number=inbox.waiting_calls),
            Entry("admin.duty_page", N_("Duty"), ("duty_phone", "hand_over")),
            Entry("admin.closed_queue", N_("Closed queue"), number=closed.unread),
        ),
    ),
    Group(
        N_("Committee"),
        (Entry("admin.item_list", N_("Items")), Entry("admin.committee_page", N_("Seats"))),
    ),
    Group(
        N_("People"),
        (
            Entry("admin.contact_list", N_("Contacts"), ("contacts_file", "reaching")),
            Entry("admin.group_list", N_("Groups")),
        ),
    ),
    Group(
        N_("Informing"),
        (Entry("admin.info_list", N_("News")), Entry("admin.report_back_list", N_("Report-backs"))),
    ),
    Group(
        N_("Languages"),
        (
            Entry("admin.language_list", N_("Translations")),
            Entry("admin.translation_task_list", N_("Messages to translate"), ("interpreting",)),
            Entry("admin.word_list", N_("Words")),
            Entry("admin.coverage", N_("Length of the texts")),
            Entry("admin.card_list", N_("Cards")),
        ),
    ),
    Group(
        N_("Oversight"),
        (
            Entry("admin.staff_list", N_("Staff")),
            Entry("admin.audit_page", N_("Audit")),
            Entry("admin.reveal_list", N_("Numbers asked for")),
            Entry("admin.retention_page", N_("What is kept")),
        ),
    ),
    Group(N_("Phone"), (Entry("phone.phone", N_("Phone")),)),
)


def menu() -> Menu:
    """The menu of whoever is here, on the page that they are on."""
    found = [(group, entries) for group in GROUPS if (entries := [each for each in group.entries if _may(each)])]
    drawn = [(group, tuple(_link(each) for each in entries)) for group, entries in found]
    here = next(((group, links) for group, links in drawn if len(links) > 1 and _current(links)), None)
    return Menu(
        tuple(_of_group(group, links) for group, links in drawn),
        here[0].words if here else "",
        here[1] if here else (),
    )


def _may(entry: Entry) -> bool:
    who = allowed(entry.endpoint)
    return who is not None and may(who)


def _link(entry: Entry) -> Link:
    within = _module(request.endpoint) in {_module(entry.endpoint), *entry.modules}
    current = "page" if request.endpoint == entry.endpoint else "true" if within else None
    return Link(entry.endpoint, entry.words, entry.number() if entry.number else 0, current)


def _of_group(group: Group, links: tuple[Link, ...]) -> Link:
    if len(links) == 1:
        return links[0]
    current = _current(links)
    return Link(links[0].endpoint, group.words, 0 if current else sum(each.number for each in links), current)


def _current(links: tuple[Link, ...]) -> str | None:
    return "true" if any(each.current for each in links) else None


def _module(endpoint: str | None) -> str:
    """The module of the view: pages that are made together belong together."""
    view = current_app.view_functions.get(endpoint or "")
    return view.__module__.rpartition(".")[2] if view else ""
