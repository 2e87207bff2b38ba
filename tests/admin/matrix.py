"""Who may do what: every route of the panel with the visitors it is for. A route that is not listed fails the suite.

Written by hand, not taken from the code: the code must agree with it.
"""

ROLES = (
    "administrator", "secretary", "triage", "closed_queue", "committee", "observatory", "translator", "author",
    "approver", "auditor",
)  # fmt: skip
#: Everybody else who may knock: without a session, on the way in, sent away, or too late.
OTHERS = ("anonymous", "half_way", "enrolling", "no_role", "suspended", "expired")
VISITORS = ROLES + OTHERS

EVERYBODY = frozenset(VISITORS)
SIGNED_IN = frozenset({*ROLES, "no_role"})
DESK = frozenset({"secretary", "triage", "closed_queue"})
TRANSLATORS = frozenset({"secretary", "translator"})
OVERSIGHT = frozenset({"administrator", "auditor"})

MATRIX: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/admin/"): SIGNED_IN,
    ("GET", "/admin/sign-in"): EVERYBODY,
    ("POST", "/admin/sign-in"): EVERYBODY,
    ("GET", "/admin/second-factor"): frozenset({"half_way"}),
    ("POST", "/admin/second-factor"): frozenset({"half_way"}),
    ("GET", "/admin/second-factor/new"): SIGNED_IN | {"enrolling"},
    ("POST", "/admin/second-factor/new"): SIGNED_IN | {"enrolling"},
    ("POST", "/admin/sign-out"): SIGNED_IN,
    ("POST", "/admin/language"): EVERYBODY,
    ("GET", "/admin/account"): SIGNED_IN,
    ("POST", "/admin/account/password"): SIGNED_IN,
    ("GET", "/admin/inbox"): DESK,
    ("GET", "/admin/inbox/changes"): DESK,
    ("GET", "/admin/report-backs"): frozenset({"secretary"}),
    ("POST", "/admin/report-backs"): frozenset({"secretary"}),
    ("POST", "/admin/report-backs/<uuid:report_back_id>/approve"): frozenset({"secretary"}),
    ("POST", "/admin/report-backs/<uuid:report_back_id>/withdraw"): frozenset({"secretary"}),
    ("GET", "/admin/retention"): SIGNED_IN,
    ("POST", "/admin/retention/<kept>"): frozenset({"administrator"}),
    ("GET", "/admin/search"): DESK,
    ("POST", "/admin/targets"): frozenset({"secretary"}),
    ("GET", "/admin/reports/<uuid:report_id>"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/decide"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/reply"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/set-aside"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/take-back"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/veracity"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/close"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/join"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/split"): DESK,
    ("POST", "/admin/reports/<uuid:report_id>/excluded"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/excluded"): DESK,
    ("GET", "/admin/incidents"): DESK,
    ("GET", "/admin/incidents/<uuid:incident_id>"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/decide"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/veracity"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/close"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/reopen"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/summary"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/route"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/items/<uuid:item_id>/answer"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/items/<uuid:item_id>/withdraw"): DESK,
    ("POST", "/admin/incidents/<uuid:incident_id>/items/<uuid:item_id>/link"): DESK,
    ("GET", "/admin/items"): frozenset({"committee"}),
    ("GET", "/admin/items/<uuid:item_id>"): frozenset({"committee"}),
    ("POST", "/admin/items/<uuid:item_id>/step"): frozenset({"committee"}),
    ("POST", "/admin/items/<uuid:item_id>/source"): frozenset({"committee"}),
    ("GET", "/admin/link/<secret>"): EVERYBODY,
    ("POST", "/admin/link/<secret>/open"): EVERYBODY,
    ("POST", "/admin/link/<secret>/step"): EVERYBODY,
    ("GET", "/admin/committee"): frozenset({"secretary"}),
    ("GET", "/admin/committee/report"): frozenset({"secretary"}),
    ("POST", "/admin/committee/<code>/holder"): frozenset({"secretary"}),
    ("POST", "/admin/committee/<code>/leave"): frozenset({"secretary"}),
    ("POST", "/admin/committee/<code>/title"): frozenset({"secretary"}),
    ("POST", "/admin/committee/masking"): frozenset({"secretary"}),
    ("GET", "/admin/members"): frozenset({"secretary"}),
    ("POST", "/admin/members"): frozenset({"secretary"}),
    ("GET", "/admin/infos"): frozenset({"secretary"}),
    ("POST", "/admin/infos"): frozenset({"secretary"}),
    ("POST", "/admin/infos/<uuid:info_id>/approve"): frozenset({"secretary"}),
    ("POST", "/admin/infos/<uuid:info_id>/withdraw"): frozenset({"secretary"}),
    ("GET", "/admin/translations"): TRANSLATORS,
    ("GET", "/admin/translations/<tag>"): TRANSLATORS,
    ("GET", "/admin/translations/<tag>/file"): TRANSLATORS,
    ("POST", "/admin/translations/<tag>/file"): TRANSLATORS,
    ("GET", "/admin/translations/<tag>/<key>"): TRANSLATORS,
    ("POST", "/admin/translations/<tag>/<key>"): TRANSLATORS,
    ("POST", "/admin/translations/<tag>/<key>/approve"): TRANSLATORS,
    ("POST", "/admin/translations/<tag>/<key>/withdraw"): TRANSLATORS,
    ("GET", "/admin/translations/<tag>/spelling"): TRANSLATORS,
    ("POST", "/admin/translations/<tag>/spelling"): TRANSLATORS,
    ("GET", "/admin/lexicon"): DESK,
    ("POST", "/admin/lexicon"): DESK,
    ("GET", "/admin/cards"): TRANSLATORS,
    ("GET", "/admin/cards/<tag>"): TRANSLATORS,
    ("GET", "/admin/coverage"): TRANSLATORS | OVERSIGHT,
    ("GET", "/admin/call-backs"): DESK,
    ("POST", "/admin/call-backs/<uuid:call_back_id>/number"): DESK,
    ("POST", "/admin/call-backs/<uuid:call_back_id>/done"): DESK,
    ("GET", "/admin/audit"): OVERSIGHT,
    ("GET", "/admin/file/<digest>/<name>"): EVERYBODY,
    ("GET", "/phone"): SIGNED_IN,
    ("POST", "/phone"): SIGNED_IN,
    ("POST", "/phone/new"): SIGNED_IN,
    ("GET", "/phone/messages"): SIGNED_IN,
}
#: The wires prove their requests by a provider's signature; they have their own tests.
NOT_OURS = frozenset({("POST", "/channels/<name>/inbound"), ("POST", "/channels/<name>/receipt")})
