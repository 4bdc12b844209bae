"""Where the pages of rewards, coupons, gift cards and promotions are.

What is no id of a reward or a promotion stands behind a dash, which none of them can be called.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.offers import coupons, gift_cards, promotions, rewards

urlpatterns: list[URLPattern] = [
    path("rewards/", rewards.rewards, name="rewards"),
    path("rewards/-/figures/", rewards.rewards_figures, name="rewards-part"),
    path("rewards/-/waiting/", rewards.waiting, name="rewards-waiting"),
    path(
        "rewards/-/waiting/<uuid:redemption_id>/capture/", rewards.capture, name="waiting-capture"
    ),
    path(
        "rewards/-/waiting/<uuid:redemption_id>/approve/", rewards.approve, name="waiting-approve"
    ),
    path("rewards/-/waiting/<uuid:redemption_id>/cancel/", rewards.cancel, name="waiting-cancel"),
    path("rewards/<str:reward_id>/", rewards.reward, name="reward"),
    path("rewards/<str:reward_id>/figures/", rewards.reward_figures_part, name="reward-part"),
    path("coupons/", coupons.coupons, name="coupons"),
    path("coupons/-/rates/", coupons.rates, name="coupons-part"),
    path("coupons/-/make/", coupons.make, name="coupons-make"),
    path("coupons/-/look/", coupons.look, name="coupon-look"),
    path("coupons/-/cancel/", coupons.cancel, name="coupon-cancel"),
    path("coupons/batches/<uuid:batch_id>/", coupons.batch, name="coupon-batch"),
    path("coupons/batches/<uuid:batch_id>/csv/", coupons.batch_csv, name="coupon-batch-csv"),
    path(
        "coupons/batches/<uuid:batch_id>/cancel/", coupons.batch_cancel, name="coupon-batch-cancel"
    ),
    path("gift-cards/", gift_cards.gift_cards, name="gift-cards"),
    path("gift-cards/-/owed/", gift_cards.owed, name="gift-cards-part"),
    path("gift-cards/-/look/", gift_cards.look, name="gift-card-look"),
    path("gift-cards/-/issue/", gift_cards.issue, name="gift-card-issue"),
    path("gift-cards/<uuid:card_id>/", gift_cards.gift_card, name="gift-card"),
    path("gift-cards/<uuid:card_id>/charge/", gift_cards.charge, name="gift-card-charge"),
    path("gift-cards/<uuid:card_id>/refund/", gift_cards.refund, name="gift-card-refund"),
    path("promotions/", promotions.promotions, name="promotions"),
    path("promotions/-/figures/", promotions.promotions_figures, name="promotions-part"),
    path("promotions/<str:rule_id>/", promotions.promotion, name="promotion"),
    path("promotions/<str:rule_id>/figures/", promotions.promotion_part, name="promotion-part"),
]
