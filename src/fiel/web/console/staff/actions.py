"""What people did, in words: the actions of the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_WORDS = {
    "adjustment.approved": gettext_noop("Approved an adjustment"),
    "adjustment.refused": gettext_noop("Refused an adjustment"),
    "key.made": gettext_noop("Made an API key"),
    "key.revoked": gettext_noop("Revoked an API key"),
    "staff.changed": gettext_noop("Changed somebody's role or stores"),
    "staff.invited": gettext_noop("Invited somebody to the staff"),
    "staff.invitation_withdrawn": gettext_noop("Withdrew an invitation"),
    "staff.joined": gettext_noop("Joined the staff"),
    "staff.removed": gettext_noop("Took somebody off the staff"),
    "staff.rules_changed": gettext_noop("Changed the rules for the staff"),
    "staff.signed_out": gettext_noop("Signed somebody out everywhere"),
}


def action_text(action: str) -> str:
    """An action in the page's language; its own name where it has no words."""
    words = _WORDS.get(action)
    return gettext(words) if words else action.replace(".", " · ").replace("_", " ")
