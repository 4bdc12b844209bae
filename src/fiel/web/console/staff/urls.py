"""Where the pages about the staff are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.staff import approvals, audit, keys, people, rules, stores

urlpatterns = [
    path("staff/", people.staff, name="staff"),
    path("staff/invite/", people.invite_person, name="staff-invite"),
    path("staff/stores/", stores.find_stores, name="staff-stores-part"),
    path("staff/rules/", rules.rules, name="staff-rules"),
    path("staff/rights/", rules.rights, name="staff-rights"),
    path("staff/invitations/<uuid:invitation_id>/", people.withdraw, name="staff-withdraw"),
    path("staff/<uuid:user_id>/", people.person, name="staff-person"),
    path("staff/<uuid:user_id>/remove/", people.remove, name="staff-remove"),
    path("staff/<uuid:user_id>/sign-out/", people.sign_out, name="staff-sign-out"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new/", keys.new_key, name="key-new"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="key-revoke"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:approval_id>/approve/", approvals.approve, name="approval-approve"),
    path("approvals/<uuid:approval_id>/refuse/", approvals.decline, name="approval-refuse"),
    path("audit/", audit.audit, name="audit"),
]
