"""Roles: what each kind of person on the staff may see and do, and nothing beyond it."""

from __future__ import annotations

from enum import StrEnum

from fiel.domain.language import N_


class Right(StrEnum):
    """One thing that a person may see or do in the console."""

    SEE_HOME = "see_home"
    SEE_PROGRAM = "see_program"
    EDIT_PROGRAM = "edit_program"
    PUBLISH_PROGRAM = "publish_program"
    SEE_MEMBERS = "see_members"
    CHANGE_MEMBERS = "change_members"
    ADJUST_POINTS = "adjust_points"
    APPROVE_ADJUSTMENTS = "approve_adjustments"
    MERGE_MEMBERS = "merge_members"
    ERASE_MEMBERS = "erase_members"
    EXPORT_MEMBERS = "export_members"
    IMPORT = "import"
    SEE_OFFERS = "see_offers"
    MANAGE_CODES = "manage_codes"
    SEE_SEGMENTS = "see_segments"
    SEE_REPORTS = "see_reports"
    SEE_ACCOUNTS = "see_accounts"
    CLOSE_MONTHS = "close_months"
    SEE_ALERTS = "see_alerts"
    HANDLE_ALERTS = "handle_alerts"
    MANAGE_STAFF = "manage_staff"
    MANAGE_KEYS = "manage_keys"
    MANAGE_TILLS = "manage_tills"
    SEE_AUDIT = "see_audit"
    MANAGE_SETTINGS = "manage_settings"
    MAKE_MATERIALS = "make_materials"


class Role(StrEnum):
    """What a person is in a program."""

    OWNER = "owner"
    MARKETER = "marketer"
    MANAGER = "manager"
    FINANCE = "finance"
    SUPPORT = "support"
    CASHIER = "cashier"


ROLE_NAMES = {
    Role.OWNER: N_("Owner"),
    Role.MARKETER: N_("Marketer"),
    Role.MANAGER: N_("Store manager"),
    Role.FINANCE: N_("Finance"),
    Role.SUPPORT: N_("Support"),
    Role.CASHIER: N_("Cashier"),
}

RIGHT_NAMES = {
    Right.SEE_HOME: N_("See the home page"),
    Right.SEE_PROGRAM: N_("See the program"),
    Right.EDIT_PROGRAM: N_("Edit the draft of the program"),
    Right.PUBLISH_PROGRAM: N_("Publish the program"),
    Right.SEE_MEMBERS: N_("See members"),
    Right.CHANGE_MEMBERS: N_("Enrol and change members"),
    Right.ADJUST_POINTS: N_("Adjust points"),
    Right.APPROVE_ADJUSTMENTS: N_("Approve large adjustments"),
    Right.MERGE_MEMBERS: N_("Merge members"),
    Right.ERASE_MEMBERS: N_("Erase members"),
    Right.EXPORT_MEMBERS: N_("Export members"),
    Right.IMPORT: N_("Import files"),
    Right.SEE_OFFERS: N_("See rewards, coupons, gift cards and promotions"),
    Right.MANAGE_CODES: N_("Make and cancel coupons and gift cards"),
    Right.SEE_SEGMENTS: N_("See segments"),
    Right.SEE_REPORTS: N_("See reports"),
    Right.SEE_ACCOUNTS: N_("See the accounts"),
    Right.CLOSE_MONTHS: N_("Close months"),
    Right.SEE_ALERTS: N_("See alerts"),
    Right.HANDLE_ALERTS: N_("Handle alerts"),
    Right.MANAGE_STAFF: N_("Manage the staff"),
    Right.MANAGE_KEYS: N_("Manage API keys"),
    Right.MANAGE_TILLS: N_("Manage tills and cashiers"),
    Right.SEE_AUDIT: N_("Search the audit trail"),
    Right.MANAGE_SETTINGS: N_("Change the settings"),
    Right.MAKE_MATERIALS: N_("Make posters and other materials"),
}

_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MARKETER: frozenset(
        {
            Right.SEE_HOME, Right.SEE_PROGRAM, Right.EDIT_PROGRAM, Right.PUBLISH_PROGRAM,
            Right.SEE_MEMBERS, Right.EXPORT_MEMBERS, Right.SEE_OFFERS, Right.MANAGE_CODES,
            Right.SEE_SEGMENTS, Right.SEE_REPORTS, Right.SEE_ALERTS, Right.HANDLE_ALERTS,
            Right.IMPORT, Right.MAKE_MATERIALS, Right.MANAGE_SETTINGS,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Right.SEE_HOME, Right.SEE_PROGRAM, Right.SEE_MEMBERS, Right.CHANGE_MEMBERS,
            Right.ADJUST_POINTS, Right.APPROVE_ADJUSTMENTS, Right.MERGE_MEMBERS,
            Right.SEE_OFFERS, Right.MANAGE_CODES, Right.SEE_SEGMENTS, Right.SEE_REPORTS,
            Right.SEE_ALERTS, Right.HANDLE_ALERTS, Right.MANAGE_TILLS, Right.MAKE_MATERIALS,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Right.SEE_HOME, Right.SEE_PROGRAM, Right.SEE_OFFERS, Right.SEE_REPORTS,
            Right.SEE_ACCOUNTS, Right.CLOSE_MONTHS, Right.SEE_ALERTS, Right.SEE_AUDIT,
        }
    ),
    Role.SUPPORT: frozenset(
        {
            Right.SEE_HOME, Right.SEE_PROGRAM, Right.SEE_MEMBERS, Right.CHANGE_MEMBERS,
            Right.ADJUST_POINTS, Right.MERGE_MEMBERS, Right.ERASE_MEMBERS, Right.SEE_OFFERS,
        }
    ),
    Role.CASHIER: frozenset(),
}  # fmt: skip


def rights_of(role: Role) -> frozenset[Right]:
    """What a role may see and do."""
    return _RIGHTS[role]
