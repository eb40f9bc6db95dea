"""Every address of the service. Each view carries its access rule (`kept.web.access`)."""

from django.urls import include, path

from kept.web import home
from kept.web.consulted import views as consulted
from kept.web.contacts import views as contacts
from kept.web.people import account, given, provider, signing_in
from kept.web.standing import views as standing

urlpatterns = [
    path("", home.home, name="home"),
    path("notices", home.put_away, name="notices"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/code", signing_in.code, name="sign-in-code"),
    path("sign-in/set-up", signing_in.set_up, name="sign-in-set-up"),
    path("sign-in/provider", provider.leave, name="provider"),
    path("sign-in/provider/back", provider.back, name="provider-back"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("language/<slug:wanted>", account.language, name="language"),
    path("account", account.account, name="account"),
    path("account/held", account.held, name="held"),
    path("account/password", account.password, name="password"),
    path("account/second-factor", account.second_factor, name="second-factor"),
    path("account/scope", account.own_scope, name="own-scope"),
    path("people", given.people, name="people"),
    path("people/<int:pk>", given.person, name="person"),
    path("people/<int:pk>/end/<slug:kind>/<int:given>", given.end_given, name="end-given"),
    path("people/<int:pk>/shut-out", given.shut_out, name="shut-out"),
    path("access-log", consulted.access_log, name="access-log"),
    path("cases/<str:investigation>/victims/<str:victim>/contact", contacts.contact, name="contact"),
    path("", include("kept.web.day.urls")),
    path("", include("kept.web.case.urls")),
    path("", include("kept.web.charge.urls")),
    path("", include("kept.web.care.urls")),
    path("", include("kept.web.figures.urls")),
    path("", include("kept.web.rights.urls")),
    path("", include("kept.web.data.urls")),
    path("", include("kept.web.api.urls")),
    path("status", standing.status, name="status"),
    path("accessibility", standing.accessibility, name="accessibility"),
    path("health", standing.health, name="health"),
    path("metrics", standing.metrics, name="metrics"),
]

handler400 = "kept.web.errors.bad_request"
handler403 = "kept.web.errors.refused"
handler404 = "kept.web.errors.not_found"
handler500 = "kept.web.errors.failed"
