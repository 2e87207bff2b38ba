"""What the words of the code are called on a page. Each label is a message of the catalogue."""

from collections.abc import Mapping, Sequence

from bot.casework.bulk import Why
from bot.casework.entries import Behalf
from bot.conversation.kinds import Kind
from bot.staff import Role
from bot.store.audit import Action
from bot.store.tables import (
    CallOutcome,
    DutyLine,
    GroupKind,
    ImportStatus,
    MemberRole,
    OutboxStatus,
    ReportStatus,
    Veracity,
)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text that is translated where it is shown."""
    return message


KINDS: Mapping[str, str] = {
    Kind.ATTACK: N_("Attack"),
    Kind.THREAT: N_("Threat"),
    Kind.EXPLOSIVE: N_("Explosive device"),
    Kind.ROAD: N_("Danger on a road"),
    Kind.THEFT: N_("Theft, livestock theft"),
    Kind.TENSION: N_("Dispute, tension"),
    Kind.DISASTER: N_("Flood, fire, disaster"),
    Kind.HEALTH: N_("Health, illness"),
    Kind.DISPLACEMENT: N_("Displaced people"),
    Kind.NEED: N_("Need: food, water, shelter"),
    Kind.SERVICE: N_("Public service"),
    Kind.RUMOUR: N_("Rumour to check"),
    Kind.IDEA: N_("Idea, opinion"),
    Kind.OTHER: N_("Something else"),
    Kind.SEXUAL_VIOLENCE: N_("Sexual violence"),
    Kind.CHILD: N_("A child in danger"),
    Kind.ABDUCTION: N_("Abduction, disappearance"),
}

STATUSES: Mapping[str, str] = {
    ReportStatus.HALF_TOLD: N_("Half told"),
    ReportStatus.RECEIVED: N_("Received"),
    ReportStatus.TRIAGED: N_("Triaged"),
    ReportStatus.ROUTED: N_("Routed"),
    ReportStatus.IN_HAND: N_("In hand"),
    ReportStatus.ANSWERED: N_("Answered"),
    ReportStatus.CLOSED: N_("Closed"),
    ReportStatus.SET_ASIDE: N_("Set aside"),
}

IMPORTS: Mapping[str, str] = {
    ImportStatus.WAITING: N_("Waits for its turn"),
    ImportStatus.READING: N_("The rows are being read"),
    ImportStatus.CHECKING: N_("The rows are being checked"),
    ImportStatus.SEALING: N_("Every row is right: the people are being made ready"),
    ImportStatus.LANDING: N_("The people are being written"),
    ImportStatus.LANDED: N_("Written"),
    ImportStatus.CHECKED: N_("Every row is right; nothing is written yet"),
    ImportStatus.REFUSED: N_("Refused: nothing was written"),
    ImportStatus.STOPPED: N_("Stopped before anything was written"),
    ImportStatus.BROKEN: N_("Given up: nothing was written"),
}

#: The urgency, what it means, and how soon the desk acts on it.
URGENCIES: Mapping[int, tuple[str, str]] = {
    1: (N_("Life in danger"), N_("act within minutes")),
    2: (N_("Urgent"), N_("act today")),
    3: (N_("This week"), N_("act within a few days")),
    4: (N_("No hurry"), N_("read and file")),
}

ANSWERS_NEEDED: Mapping[str, str] = {
    "now": N_("needs an answer right away"),
    "today": N_("needs an answer today"),
    "week": N_("needs an answer this week"),
    "none": N_("needs no answer"),
}

CALL_HOURS: Mapping[str, str] = {
    "now": N_("now"),
    "morning": N_("in the morning"),
    "afternoon": N_("in the afternoon"),
    "evening": N_("in the evening"),
    "no": N_("does not want to be called"),
}

#: How far it is known whether something that people say is true.
#: Why a message goes out when it does.
WHEN: Mapping[str, str] = {
    "right_away": N_("they need an answer right away"),
    "in_hand": N_("they have just written"),
    "named": N_("at the hour they named"),
    "day": N_("in the daytime"),
}

#: Why nobody may be written to.
NOT_REACHED: Mapping[str, str] = {
    "gone": N_("Nobody can be reached any more: forgotten at their wish, or the number or the time is over."),
    "unasked": N_("This was told at the desk, and nobody agreed to be written to."),
    "unsafe": N_("A call or a message would endanger this person: nothing is sent before they come back."),
    "stopped": N_("This person asked for no more messages."),
    "no_need": N_("This person said that they need no answer. So nothing is written to them."),
    "not_agreed": N_(
        "This person has not said that they want an answer, and has not written in the last 24 hours. So nothing is "
        "written to them unasked."
    ),
    "sheltered": N_(
        "Nothing is sent to somebody of the closed queue who has not written in the last 24 hours: others may see "
        "their screen."
    ),
}

#: Why a text to a reporter is shown again before it is sent.
WHY_MARKED: Mapping[str, str] = {
    "closed": N_("what befell somebody: never sent"),
    "kind": N_("a kind of event or a danger"),
    "place": N_("a place"),
    "number": N_("number"),
    "name": N_("name of a person"),
    "people": N_("name of a people"),
    "age": N_("age"),
    "language": N_("this person uses another language"),
    "script": N_("letters that the lists of names and places don't read: look yourself, word by word"),
    "unreviewed": N_("nobody has reviewed a text in this language yet: let a second person read it"),
}

#: Whether what somebody told may be passed on.
CONSENT: Mapping[str, str] = {
    "asked": N_("asked, not answered yet"),
    "no": N_("no: the desk alone"),
    "yes": N_("yes, without name and number"),
}

VERACITIES: Mapping[str, str] = {
    Veracity.NEW: N_("New"),
    Veracity.UNDER_CHECK: N_("Being checked"),
    Veracity.PROBABLY_TRUE: N_("Probably true"),
    Veracity.CONFIRMED_TRUE: N_("Confirmed: true"),
    Veracity.PROBABLY_FALSE: N_("Probably false"),
    Veracity.CONFIRMED_FALSE: N_("Confirmed: false"),
    Veracity.CANNOT_BE_CHECKED: N_("Cannot be checked"),
}

#: Through what somebody heard it.
THROUGH: Mapping[str, str] = {
    "person": N_("a person"),
    "phone": N_("telephone"),
    "radio": N_("the radio"),
    "crowd": N_("market, meeting"),
}

#: What a source says of it.
SAYS: Mapping[str, str] = {
    "true": N_("says it is true"),
    "false": N_("says it is false"),
    "unsure": N_("does not know"),
}

#: What in an answer repeats the rumour.
WHY_REPEATS: Mapping[str, str] = {
    "place": N_("a place"),
    "danger": N_("a word for an event or a danger"),
    "named": N_("somebody"),
    "row": N_("the rumour’s own words"),
    "word": N_("a word of the rumour"),
}

#: How an answer is told.
ANSWER_FORMS: Mapping[str, str] = {
    "sentence": N_("sentence for telephones"),
    "radio": N_("text for the radios"),
}

HELPED: Mapping[str, str] = {
    "yes": N_("it helped"),
    "little": N_("it helped a little"),
    "no": N_("it did not help"),
}

DUTY_LINES: Mapping[str, str] = {
    DutyLine.DESK: N_("Desk"),
    DutyLine.CLOSED_QUEUE: N_("Closed queue"),
}

#: What is missing at some hour of the rota; a language is named.
LACKS: Mapping[str, str] = {
    "nobody": N_("nobody is on duty"),
    "woman": N_("no woman is on duty"),
}

ROTA_CHANGES: Mapping[str, str] = {
    "added": N_("somebody was put on the rota"),
    "removed": N_("somebody was taken off"),
    "swapped": N_("two people swapped"),
    "copied": N_("a week was copied"),
}

#: Why something is to be masked in a summary.
WHY_MASKED: Mapping[str, str] = {
    "number": N_("number"),
    "name": N_("name of a person"),
    "people": N_("name of a people"),
    "age": N_("age"),
    "unknown": N_("unknown word: perhaps a name"),
    "script": N_("letters that the lists of names and places don't read: look yourself, word by word"),
}

#: Why a report is released from the closed queue.
RELEASE_REASONS: Mapping[str, str] = {
    "word": N_("a word was misread: it tells of something else"),
    "other": N_("the person told us that it is about something else"),
    "mistake": N_("it was sent here by mistake"),
}

#: What everybody is given who chooses health and family on the phone (flows/support.py).
USEFUL_NUMBERS: Mapping[str, str] = {
    "15": N_("health"),
    "18": N_("rescue"),
    "17": N_("police"),
    "80333": N_("listening"),
    "321": N_("information"),
}

#: Why a body must not hear of something.
WHY_EXCLUDED: Mapping[str, str] = {
    "asked": N_("the reporter asked for it"),
    "party": N_("it is a party to it"),
    "risk": N_("somebody could be harmed"),
}

#: Where an item of the committee stands.
ITEM_STATUSES: Mapping[str, str] = {
    "sent": N_("sent to the seat"),
    "accepted": N_("accepted"),
    "declined": N_("not theirs"),
    "asked": N_("asks for more"),
    "done": N_("done"),
    "withdrawn": N_("taken back"),
}

#: What is kept for a number of days, and from when the days count.
KEPT: Mapping[str, tuple[str, str]] = {
    "link": (N_("Who told us"), N_("after the report was closed, then nothing leads to the telephone")),
    "closed_link": (N_("Who told us, closed queue"), N_("after the report was closed")),
    "text": (N_("What was told"), N_("after it came, once the report is closed; kind, place and times stay")),
    "talk": (N_("Conversations that tell of nothing"), N_("after their last message")),
    "event": (N_("Summaries and answers of the committee"), N_("after the event was over")),
    "hand_over": (N_("Hand-over notes between shifts"), N_("after they were left")),
    "draft": (N_("What the desk has typed and not sent"), N_("after it was typed last")),
}
#: What the clock erased.
ERASED: Mapping[str, str] = {
    "link": N_("links to a telephone"),
    "closed_link": N_("links to a telephone, closed queue"),
    "text": N_("texts"),
    "talk": N_("conversations"),
    "event": N_("summaries"),
    "hand_over": N_("hand-over notes"),
    "draft": N_("drafts of the desk"),
    "import": N_("lists of people"),
    "address": N_("telephone numbers"),
}

#: Where an overdue item has climbed to.
CLIMBED: Mapping[str, str] = {
    "seat": N_("overdue"),
    "deputy": N_("overdue: the deputy's, too"),
    "secretariat": N_("overdue: the secretariat calls"),
    "committee": N_("overdue: in the committee's report"),
}

#: Why two reports may tell of one event.
ALIKE: Mapping[str, str] = {
    "kind": N_("same kind"),
    "place": N_("same commune"),
    "cercle": N_("same cercle"),
}

GROUPS: Mapping[str, str] = {
    GroupKind.CELL: N_("Vigilance cell"),
    GroupKind.WOMEN: N_("Women's association"),
    GroupKind.YOUTH: N_("Youth association"),
    GroupKind.ASSOCIATION: N_("Other association"),
    GroupKind.CCLS: N_("Local security committee"),
    GroupKind.RADIO: N_("Radio"),
    GroupKind.LEADER: N_("Leaders"),
    GroupKind.OTHER: N_("Other group"),
}

MEMBER_ROLES: Mapping[str, str] = {
    MemberRole.FOCAL_POINT: N_("focal point"),
    MemberRole.MEMBER: N_("member"),
}

#: Where a membership stands.
STANDINGS: Mapping[str, str] = {
    "listed": N_("on the list"),
    "paused": N_("paused"),
    "unconfirmed": N_("not confirmed"),
    "ended": N_("ended"),
}

TOPICS: Mapping[str, str] = {
    "river": N_("The river"),
    "rain": N_("The rain"),
    "market": N_("Market days"),
    "birth": N_("Birth paper"),
    "identity": N_("Identity card"),
    "school": N_("School"),
    "hours": N_("Opening hours"),
    "tales": N_("Peace message: tales, music"),
    "help": N_("Peace message: mutual help"),
}

#: How far a wording is, and how it looks.
STATES: Mapping[str, tuple[str, str]] = {
    "missing": (N_("missing"), ""),
    "draft": (N_("draft"), "strong"),
    "reviewed": (N_("reviewed"), "state"),
    "withdrawn": (N_("withdrawn"), ""),
}

CHANNELS: Mapping[str, str] = {
    "twilio-sms": N_("SMS"),
    "twilio-voice": N_("Missed call"),
    "telegram": N_("Telegram"),
    "simulator": N_("Simulated phone"),
    "desk": N_("Told at the desk"),
}

#: Why an act on several reports was not done on one of them.
WHY_NOT: Mapping[str, str] = {
    Why.NOT_THERE: N_("there is no such report"),
    Why.HELD: N_("a colleague is working on it"),
    Why.STALE: N_("somebody else was faster"),
    Why.ALREADY: N_("it was done already"),
    Why.CLOSED: N_("it is in the closed queue, which has no events"),
}

#: On whose behalf a clerk enters a report.
BEHALVES: Mapping[str, str] = {
    Behalf.CALLER: N_("somebody who called"),
    Behalf.WALK_IN: N_("somebody who came here"),
    Behalf.RADIO: N_("a radio"),
    Behalf.LETTER: N_("a letter"),
}

#: What somebody who told a clerk agreed to; the keys are those of ANSWERS_NEEDED.
MAY_WRITE: Mapping[str, str] = {
    "none": N_("no: nothing is written to it"),
    "week": N_("yes, this week"),
    "today": N_("yes, today"),
    "now": N_("yes, right away, at any hour"),
}

CALL_OUTCOMES: Mapping[str, str] = {
    CallOutcome.REACHED: N_("reached: it was talked about"),
    CallOutcome.NO_ANSWER: N_("no answer"),
    CallOutcome.WRONG_PERSON: N_("somebody else answered"),
    CallOutcome.LATER: N_("asked to be called later"),
    CallOutcome.NOT_SAFE: N_("not safe: never call there again"),
}

#: What whoever calls says, in this order: until it is safe nothing that others may not hear.
CALL_SCRIPT: Sequence[str] = (
    N_("“Good day. You tried to reach this number.” Name neither the service nor yourself, nor what was told."),
    N_("“Can you talk now, without anybody listening?” If not: “When may I call?”, and hang up."),
    N_("Somebody else answers? “Excuse me, a wrong number.” Nothing more, whatever they ask."),
    N_("Speak their language, or give the call to a colleague who does."),
    N_("Ask: what happened, where, when; who is in danger now; what is needed. Ask for no name, nor who did it."),
    N_("Say what the desk will do, and promise nothing else. “May we write to you, or call again? At what hour?”"),
    N_("“Emergencies: 17, 18, 15. You may erase this call from your telephone. Thank you.”"),
)

#: What became of a message of ours, and how it looks: waits, went, arrived, failed.
DELIVERIES: Mapping[str, tuple[str, str]] = {
    OutboxStatus.QUEUED: (N_("waiting to be sent"), "waits"),
    OutboxStatus.SENDING: (N_("being sent"), "waits"),
    OutboxStatus.UNKNOWN: (N_("sent, not confirmed; being checked"), "waits"),
    OutboxStatus.SENT: (N_("sent"), "went"),
    OutboxStatus.FAILED: (N_("not delivered"), "failed"),
    OutboxStatus.DELIVERED: (N_("delivered"), "arrived"),
    OutboxStatus.CANCELLED: (N_("cancelled"), "failed"),
    OutboxStatus.EXPIRED: (N_("expired before it could be sent"), "failed"),
    OutboxStatus.REFUSED: (N_("refused: this person wants no messages"), "failed"),
}

SET_ASIDE_REASONS: Mapping[str, str] = {
    "duplicate": N_("The same event is already known"),
    "not_for_us": N_("Not for this desk; the person was told where to go"),
    "unclear": N_("Can't be understood, and nobody could be reached"),
    "test": N_("A test or an exercise"),
    "insult": N_("Only insults or advertising"),
}

LANGUAGES: Mapping[str, str] = {
    "fr": N_("French"),
    "bm": N_("Bambara"),
    "ffm": N_("Fulfulde"),
    "ses": N_("Songhay"),
    "snk": N_("Soninke"),
    "taq": N_("Tamasheq"),
    "mey": N_("Hassaniya"),
    "bmq": N_("Bomu"),
    "bze": N_("Bozo"),
    "dts": N_("Dogon"),
    "myk": N_("Mamara"),
    "mwk": N_("Maninka"),
    "shz": N_("Syenara"),
    "kao": N_("Xaasonga"),
    "ar": N_("Arabic"),
    "en": N_("English"),
}

ROLES: Mapping[str, str] = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.SECRETARY: N_("Secretary"),
    Role.TRIAGE: N_("Triage"),
    Role.CLOSED_QUEUE: N_("Closed queue"),
    Role.COMMITTEE: N_("Committee seat"),
    Role.OBSERVATORY: N_("Observatory"),
    Role.TRANSLATOR: N_("Translator"),
    Role.AUTHOR: N_("Campaign author"),
    Role.APPROVER: N_("Approver"),
    Role.AUDITOR: N_("Auditor"),
}

#: What a role is there for, in one sentence.
DUTIES: Mapping[str, str] = {
    Role.ADMINISTRATOR: N_("Invites colleagues, gives roles and reads the audit. Sees no report."),
    Role.SECRETARY: N_("Reads and answers reports, sends summaries to the committee, keeps the lists and the news."),
    Role.TRIAGE: N_("Reads, decides and answers reports."),
    Role.CLOSED_QUEUE: N_("Reads and answers reports of sexual violence, of children and of abductions as well."),
    Role.COMMITTEE: N_("Holds a seat of the committee and sees the summaries that were sent to it."),
    Role.OBSERVATORY: N_("Reads figures by place and month, never a report and never a person."),
    Role.TRANSLATOR: N_("Words what the service says in a language, and approves what others worded."),
    Role.AUTHOR: N_("Writes messages for many people. Somebody else approves each of them."),
    Role.APPROVER: N_("Approves messages for many people that others wrote."),
    Role.AUDITOR: N_("Reads the audit: who did what, and whether anything was changed since."),
}

#: Whom the audit names beside members of staff: the person on the phone, somebody at the door, what runs by itself.
ACTORS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "phones": (N_("people on the phone"), ("sender",)),
    "nobody": (N_("nobody we know"), ("nobody",)),
    "service": (N_("the service itself"), ("clock", "intake", "command")),
}

#: Why something is in the audit, in a few words.
WHY_NOTED: Mapping[str, str] = {
    "role": N_("not for their role"),
    "form": N_("the form was too old, or not ours"),
    "rule": N_("a rule of the desk forbids it"),
    "held": N_("a colleague is working on it"),
    "second_factor": N_("the second key was not right"),
    **RELEASE_REASONS,
    **WHY_EXCLUDED,
}

ACTIONS: Mapping[str, str] = {
    Action.REPORT_RECEIVED: N_("Report received"),
    Action.REPORT_ENTERED: N_("Entered at the desk for somebody"),
    Action.REPORT_ADDED_TO: N_("More was told"),
    Action.REPORT_COMPLETED: N_("The questions are answered"),
    Action.REPORT_SEEN: N_("Read for the first time"),
    Action.MEDIA_OPENED: N_("A photo or voice message was opened"),
    Action.REPORT_CONFIRMED: N_("Kind, place and urgency decided"),
    Action.REPORT_REPLIED: N_("Reply written"),
    Action.REPORT_CLOSED: N_("Closed: it is done"),
    Action.REPORT_TOLD: N_("The person was told what became of it"),
    Action.REPORT_HELPED: N_("The person said whether it helped"),
    Action.REPORT_JUDGED: N_("Checked whether it is true"),
    Action.REPORT_SET_ASIDE: N_("Set aside"),
    Action.REPORT_TAKEN_BACK: N_("Taken back"),
    Action.REPORT_UNLINKED: N_("Nothing leads to the person any more: the time is over"),
    Action.REPORT_ERASED: N_("The words were erased: the time is over"),
    Action.REPORT_REFUSED: N_("Report refused to somebody"),
    Action.REPORT_ASKED: N_("Asked in ready words"),
    Action.REPORT_ANSWERED: N_("The person answered a question of the desk"),
    Action.MESSAGE_TAKEN_BACK: N_("A message was taken back before it went out"),
    Action.MESSAGE_DROPPED: N_("A message was not sent: they could not be written to any more"),
    Action.REPORT_SHELTERED: N_("Sent to the closed queue"),
    Action.REPORT_RELEASED: N_("Released from the closed queue"),
    Action.REPORT_JOINED: N_("Joined with an event"),
    Action.REPORT_SPLIT: N_("Taken out of an event"),
    Action.REPORT_TAKEN_OVER: N_("Taken over from a colleague"),
    Action.INCIDENT_OPENED: N_("Event opened"),
    Action.INCIDENT_DECIDED: N_("Event: kind, place and urgency decided"),
    Action.INCIDENT_JUDGED: N_("Event: checked whether it is true"),
    Action.INCIDENT_CLOSED: N_("Event over"),
    Action.INCIDENT_REOPENED: N_("Event opened again"),
    Action.INCIDENT_SUMMARISED: N_("Summary written"),
    Action.SIGHTING_NOTED: N_("Noted where it is heard"),
    Action.SIGHTING_WITHDRAWN: N_("Taken back where it is heard"),
    Action.CHECK_NOTED: N_("Noted what a source says"),
    Action.CHECK_WITHDRAWN: N_("Taken back what a source says"),
    Action.ANSWER_WRITTEN: N_("Answer to a rumour written"),
    Action.ANSWER_APPROVED: N_("Answer to a rumour approved by a second person"),
    Action.ANSWER_WITHDRAWN: N_("Answer to a rumour withdrawn"),
    Action.ITEM_SENT: N_("Sent to a seat of the committee"),
    Action.ITEM_ANSWERED: N_("The desk answered a seat"),
    Action.ITEM_ACCEPTED: N_("A seat accepted"),
    Action.ITEM_DECLINED: N_("A seat said: not us"),
    Action.ITEM_ASKED: N_("A seat asked for more"),
    Action.ITEM_ADDED_TO: N_("A seat added what it found"),
    Action.ITEM_DONE: N_("A seat reported it done"),
    Action.ITEM_WITHDRAWN: N_("Taken back from a seat"),
    Action.ITEM_SOURCE_REFUSED: N_("A seat asked for the source and was refused"),
    Action.ITEM_REFUSED: N_("Refused to see an item"),
    Action.LINK_MADE: N_("One-time link made"),
    Action.LINK_OPENED: N_("One-time link opened"),
    Action.LINK_REFUSED: N_("One-time link refused on another device"),
    Action.LINK_ENDED: N_("One-time link ended by the desk"),
    Action.SEAT_RENAMED: N_("Title of a seat changed"),
    Action.SEAT_TAKEN: N_("Somebody takes a seat"),
    Action.SEAT_LEFT: N_("Somebody leaves a seat"),
    Action.SEAT_EXCLUDED: N_("A body must not hear of it"),
    Action.SEAT_READMITTED: N_("A body may hear of it again"),
    Action.VIEW_SAVED: N_("View of the inbox saved"),
    Action.VIEW_DELETED: N_("View of the inbox deleted"),
    Action.VIEW_BROUGHT_BACK: N_("View of the inbox brought back"),
    Action.TARGET_CHANGED: N_("How soon the desk looks was changed"),
    Action.HOURS_CHANGED: N_("Hours of the desk changed"),
    Action.SHIFT_ADDED: N_("Put on the duty rota"),
    Action.SHIFT_REMOVED: N_("Taken off the duty rota"),
    Action.SHIFT_SWAPPED: N_("Two people on duty swapped"),
    Action.SHIFT_COPIED: N_("A week of the duty rota copied"),
    Action.SHIFT_UNDONE: N_("Change of the duty rota undone"),
    Action.HAND_OVER_WRITTEN: N_("Hand-over note left"),
    Action.HAND_OVER_READ: N_("Hand-over note read"),
    Action.HAND_OVER_WITHDRAWN: N_("Hand-over note taken back"),
    Action.DUTY_PHONE_SET: N_("Number of the duty phone set"),
    Action.DUTY_PHONE_CONFIRMED: N_("Duty phone confirmed by its code"),
    Action.DUTY_PHONE_REFUSED: N_("Wrong code for the duty phone"),
    Action.DUTY_PHONE_REMOVED: N_("Duty phone removed"),
    Action.DUTY_PHONE_RANG: N_("The duty phone rang"),
    Action.MASKING_CHANGED: N_("Words to mask changed"),
    Action.CALL_BACK_ASKED: N_("A call back is wanted"),
    Action.CALL_BACK_DONE: N_("No call is waited for any more"),
    Action.CALL_BACK_TRIED: N_("A call was tried"),
    Action.CALL_BACK_SHOWN: N_("The number was shown for a call"),
    Action.CALL_BACK_REFUSED: N_("Call refused to somebody"),
    Action.TALK_BROKE: N_("A conversation broke off by our fault"),
    Action.ADDRESS_OPTED_OUT: N_("Wants no more messages"),
    Action.ADDRESS_OPTED_IN: N_("Wants messages again"),
    Action.ADDRESS_SUBSCRIBED: N_("Peace messages wanted"),
    Action.ADDRESS_UNSUBSCRIBED: N_("Peace messages no longer wanted"),
    Action.CONTACT_MADE: N_("Contact made"),
    Action.CONTACT_CHANGED: N_("Contact changed"),
    Action.CONTACT_MERGED: N_("Two contacts joined: they are one person"),
    Action.CONTACT_SPLIT: N_("Two contacts taken apart again"),
    Action.CONTACTS_IMPORTED: N_("Contacts taken from a file"),
    Action.IMPORT_BEGUN: N_("List of people sent"),
    Action.IMPORT_CHECKED: N_("List of people checked: every row is right"),
    Action.IMPORT_REFUSED: N_("List of people refused: a row is wrong"),
    Action.IMPORT_STOPPED: N_("List of people stopped before anything was written"),
    Action.IMPORT_BROKEN: N_("List of people given up and destroyed"),
    Action.GROUP_MADE: N_("Group made"),
    Action.GROUP_CHANGED: N_("Group changed"),
    Action.GROUP_ASKED: N_("Group: asked to confirm"),
    Action.MEMBER_ADDED: N_("Contact put into a group"),
    Action.MEMBER_CHANGED: N_("Role in a group changed"),
    Action.MEMBER_ENDED: N_("Membership ended"),
    Action.MEMBER_TAKEN_BACK: N_("Membership taken up again"),
    Action.MEMBER_INVITED: N_("Member invited"),
    Action.MEMBER_JOINED: N_("Member joined"),
    Action.MEMBER_ANSWERED: N_("Weekly answer"),
    Action.MEMBER_CONFIRMED: N_("Still a member"),
    Action.MEMBER_LEFT: N_("Member left"),
    Action.INFO_PUBLISHED: N_("News published"),
    Action.INFO_APPROVED: N_("Peace message approved by a second person"),
    Action.INFO_WITHDRAWN: N_("News withdrawn"),
    Action.TRANSLATION_TASK_ASKED: N_("Given to the translators, redacted"),
    Action.TRANSLATION_TASK_DONE: N_("Translated"),
    Action.TRANSLATION_TASK_WITHDRAWN: N_("Taken back from the translators"),
    Action.TRANSLATION_PROPOSED: N_("A wording proposed"),
    Action.TRANSLATION_APPROVED: N_("A wording approved"),
    Action.TRANSLATION_WITHDRAWN: N_("A wording withdrawn"),
    Action.TRANSLATION_IMPORTED: N_("Wordings taken from a file"),
    Action.SPELLING_CHANGED: N_("Spelling on SMS changed"),
    Action.LEXICON_CHANGED: N_("A word for triage changed"),
    Action.REPORT_BACK_WORDED: N_("A report-back was worded"),
    Action.REPORT_BACK_APPROVED: N_("A report-back was approved"),
    Action.REPORT_BACK_WITHDRAWN: N_("A report-back was withdrawn"),
    Action.IDENTITY_ASKED: N_("Asked to see who told it"),
    Action.IDENTITY_ALLOWED: N_("Allowed to see who told it"),
    Action.IDENTITY_REFUSED: N_("Not allowed to see who told it"),
    Action.IDENTITY_REVEALED: N_("Looked at who told it"),
    Action.ADDRESS_FORGOTTEN: N_("Forgotten at their own wish"),
    Action.STAFF_SIGNED_IN: N_("Signed in"),
    Action.STAFF_SIGN_IN_REFUSED: N_("Sign-in refused"),
    Action.STAFF_SIGNED_OUT: N_("Signed out"),
    Action.STAFF_MADE: N_("Member of staff made"),
    Action.STAFF_CHANGED: N_("Account changed"),
    Action.STAFF_PROFILE_CHANGED: N_("Languages and calls of a colleague changed"),
    Action.STAFF_INVITED: N_("Colleague invited"),
    Action.STAFF_JOINED: N_("Came by the invitation"),
    Action.STAFF_LINKED: N_("Link to an account made"),
    Action.STAFF_SUSPENDED: N_("Suspended"),
    Action.STAFF_RETURNED: N_("Let in again"),
    Action.STAFF_REQUESTED: N_("Asked to take a second key away"),
    Action.STAFF_APPROVED: N_("A second person agreed"),
    Action.STAFF_DECLINED: N_("A second person refused"),
    Action.STAFF_WITHDRAWN: N_("A request was taken back"),
    Action.STAFF_REFUSED: N_("Page refused"),
    Action.RETENTION_CHANGED: N_("How long something is kept was changed"),
    Action.RETENTION_ENFORCED: N_("What was kept long enough was erased"),
    Action.AUDIT_CHECKED: N_("The whole audit was checked"),
    Action.KEYS_ROTATED: N_("Keys rotated"),
}
