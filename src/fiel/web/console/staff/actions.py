"""What people did, in words: the actions of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

ACTIONS: Mapping[str, str] = {
    "adjustment.approved": gettext_noop("Approved an adjustment"),
    "adjustment.refused": gettext_noop("Refused an adjustment"),
    "alert.closed": gettext_noop("Closed an alert"),
    "alert.seen": gettext_noop("Took note of an alert"),
    "alerts.looked": gettext_noop("Let the alerts be looked for"),
    "brand.changed": gettext_noop("Changed name, colours or logo"),
    "cashier.added": gettext_noop("Added a cashier"),
    "cashier.changed": gettext_noop("Changed a cashier"),
    "cashier.pin_changed": gettext_noop("Changed a cashier's PIN"),
    "cashier.returned": gettext_noop("Let a cashier work again"),
    "cashier.left": gettext_noop("Let a cashier work no more"),
    "coupon.cancelled": gettext_noop("Cancelled a coupon"),
    "coupons.cancelled": gettext_noop("Cancelled a batch of coupons"),
    "coupons.exported": gettext_noop("Exported coupons"),
    "coupons.made": gettext_noop("Made coupons"),
    "file.imported": gettext_noop("Imported a file"),
    "gift_card.charged": gettext_noop("Charged a gift card"),
    "gift_card.issued": gettext_noop("Issued a gift card"),
    "gift_card.refunded": gettext_noop("Refunded a gift card"),
    "gift_cards.exported": gettext_noop("Exported gift cards"),
    "key.created": gettext_noop("Made an API key"),
    "key.revoked": gettext_noop("Revoked an API key"),
    "member.assigned": gettext_noop("Chose a member's account manager"),
    "member.changed": gettext_noop("Changed a member"),
    "member.enrolled": gettext_noop("Enrolled a member"),
    "member.erased": gettext_noop("Erased a member"),
    "member.exported": gettext_noop("Exported what is known of a member"),
    "member.merged": gettext_noop("Merged two members"),
    "member.note_dropped": gettext_noop("Took a note about a member away"),
    "member.noted": gettext_noop("Wrote a note about a member"),
    "member.unmerged": gettext_noop("Took a merge back"),
    "members.exported": gettext_noop("Exported members"),
    "materials.made": gettext_noop("Made a poster or another material"),
    "month.closed": gettext_noop("Closed a month"),
    "points.adjusted": gettext_noop("Adjusted points"),
    "points.asked_for": gettext_noop("Asked for a large adjustment"),
    "program.answered": gettext_noop("Answered how the program should be"),
    "program.begun": gettext_noop("Began a program"),
    "program.draft-changed": gettext_noop("Changed the draft of the program"),
    "program.draft-discarded": gettext_noop("Threw the draft of the program away"),
    "program.model-added": gettext_noop("Added a model to the program"),
    "program.publication_cancelled": gettext_noop("Called a publication off"),
    "program.publication_refused": gettext_noop("Was not published at its date"),
    "program.published": gettext_noop("Published the program"),
    "program.scheduled": gettext_noop("Set a date for a publication"),
    "program.version_taken_up": gettext_noop("Took an earlier version up"),
    "redemption.approved": gettext_noop("Approved a redemption that waited"),
    "redemption.cancelled": gettext_noop("Cancelled a redemption"),
    "redemption.captured": gettext_noop("Captured a redemption that was held"),
    "redemption.refused": gettext_noop("Refused a redemption that waited"),
    "redemptions.exported": gettext_noop("Exported redemptions"),
    "report.exported": gettext_noop("Exported a report"),
    "reward.redeemed": gettext_noop("Redeemed a reward for a member"),
    "sale.returned": gettext_noop("Took a sale back"),
    "sales.imported": gettext_noop("Imported sales"),
    "segment.drafted": gettext_noop("Put a segment into the draft"),
    "staff.changed": gettext_noop("Changed somebody's role or stores"),
    "staff.invitation_withdrawn": gettext_noop("Withdrew an invitation"),
    "staff.invited": gettext_noop("Invited somebody to the staff"),
    "staff.joined": gettext_noop("Joined the staff"),
    "staff.removed": gettext_noop("Took somebody off the staff"),
    "staff.rules_changed": gettext_noop("Changed the rules for the staff"),
    "staff.signed_out": gettext_noop("Signed somebody out everywhere"),
    "till.added": gettext_noop("Added a till"),
    "till.changed": gettext_noop("Changed a till"),
    "till.code_shown": gettext_noop("Showed a code that lets a till in"),
    "till.revoked": gettext_noop("Shut a till out"),
    "tills.settings_changed": gettext_noop("Changed the settings of tills"),
}


def action_text(action: str) -> str:
    """An action in the page's language; its own name where it has no words."""
    words = ACTIONS.get(action)
    return gettext(words) if words else action.replace(".", " · ").replace("_", " ")
