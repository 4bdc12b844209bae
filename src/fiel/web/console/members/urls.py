"""Where the pages about members, their purchases and redemptions are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.members import (
    changing,
    importing,
    listing,
    points,
    sales,
    story,
    together,
)

urlpatterns = [
    path("members/", listing.members, name="members"),
    path("members/new/", changing.enrol, name="member-new"),
    path("members/import/", importing.choose, name="member-import"),
    path("members/import/<slug:kind>/<uuid:upload_id>/", importing.look, name="member-import-file"),
    path(
        "members/import/<uuid:upload_id>/refused/",
        importing.refused_rows,
        name="member-import-refused",
    ),
    path("members/<uuid:member_id>/", story.member, name="member"),
    path("members/<uuid:member_id>/timeline/", story.timeline, name="member-timeline"),
    path("members/<uuid:member_id>/belongings/", story.belongings, name="member-belongings"),
    path("members/<uuid:member_id>/people/", story.people, name="member-people"),
    path("members/<uuid:member_id>/outlook/", story.outlook, name="member-outlook"),
    path("members/<uuid:member_id>/change/", changing.change, name="member-change"),
    path("members/<uuid:member_id>/notes/", changing.add_note, name="member-note"),
    path(
        "members/<uuid:member_id>/notes/<uuid:note_id>/drop/",
        changing.throw_note_away,
        name="member-note-drop",
    ),
    path("members/<uuid:member_id>/manager/", changing.manager, name="member-manager"),
    path("members/<uuid:member_id>/adjust/", points.adjust, name="member-adjust"),
    path("members/<uuid:member_id>/redeem/", points.redeem_for, name="member-redeem"),
    path("members/<uuid:member_id>/merge/", together.merge, name="member-merge"),
    path(
        "members/<uuid:member_id>/merge/<uuid:other_id>/",
        together.merge_into,
        name="member-merge-into",
    ),
    path("members/<uuid:member_id>/unmerge/", together.unmerge, name="member-unmerge"),
    path("members/<uuid:member_id>/export/", together.export, name="member-export"),
    path("members/<uuid:member_id>/erase/", together.erase, name="member-erase"),
    path("members/sales/<uuid:sale_id>/", sales.sale, name="sale"),
    path("members/sales/<uuid:sale_id>/return/", sales.take_back, name="sale-return"),
    path("members/redemptions/<uuid:redemption_id>/", points.redemption, name="redemption"),
    path(
        "members/redemptions/<uuid:redemption_id>/cancel/", points.cancel, name="redemption-cancel"
    ),
]
