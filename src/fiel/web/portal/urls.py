"""Where the member's pages are, below the program's slug."""

from __future__ import annotations

from django.urls import path

from fiel.web.portal import (
    card,
    friends,
    home,
    profile,
    redeeming,
    rules,
    signing_in,
    wallets,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("join/", signing_in.welcome, name="welcome"),
    path("code/", signing_in.enter_code, name="code"),
    path("code/again/", signing_in.send_again, name="send-again"),
    path("about-you/", signing_in.about_you, name="about-you"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("card/", card.card, name="card"),
    path("why/", home.why, name="why"),
    path("history/", home.history, name="history"),
    path("rewards/", redeeming.rewards, name="rewards"),
    path("rewards/<str:reward>/get/", redeeming.get, name="get"),
    path("wallet/", redeeming.wallet, name="wallet"),
    path("redemptions/<uuid:redemption_id>/", redeeming.redemption, name="redemption"),
    path("redemptions/<uuid:redemption_id>/take/", redeeming.take, name="take"),
    path("redemptions/<uuid:redemption_id>/cancel/", redeeming.give_back, name="give-back"),
    path("friends/", friends.friends, name="friends"),
    path("me/", profile.profile, name="profile"),
    path("me/consents/", profile.consents, name="consents"),
    path("me/contact/", profile.contact, name="contact"),
    path("me/data.json", profile.download, name="download"),
    path("me/devices/end/", profile.end_devices, name="end-devices"),
    path("me/devices/<uuid:session_id>/end/", profile.end_device, name="end-device"),
    path("me/leave/", profile.leave, name="leave"),
    path("rules/", rules.rules, name="rules"),
    path("rules.pdf", rules.rules_pdf, name="rules-pdf"),
    path("apple.pkpass", wallets.apple_pass, name="apple-pass"),
    path("google-wallet/", wallets.google_pass, name="google-pass"),
    path("passes/v1/devices/<str:device>/registrations/<str:pass_type>", wallets.device_passes),
    path(
        "passes/v1/devices/<str:device>/registrations/<str:pass_type>/<str:serial>",
        wallets.device,
    ),
    path("passes/v1/passes/<str:pass_type>/<str:serial>", wallets.latest_pass),
    path("passes/v1/log", wallets.device_log),
    path("logo", card.logo, name="logo"),
    path("icon-<int:size>.png", card.app_icon, name="app-icon"),
    path("manifest.webmanifest", card.manifest, name="manifest"),
    path("sw.js", card.worker, name="worker"),
]
