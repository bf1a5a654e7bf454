from django.conf import settings
from django.urls import path

from veche.ui.views import jobs, look, preferences

app_name = "ui"
urlpatterns = [
    path("preferences/theme/", preferences.theme, name="theme"),
    path("preferences/density/", preferences.density, name="density"),
    path("preferences/language/", preferences.language, name="language"),
    path("jobs/tray/", jobs.tray, name="jobs"),
    path("jobs/<int:job_id>/cancellation/", jobs.stop, name="job_stop"),
    path("jobs/<int:job_id>/dismissal/", jobs.dismiss, name="job_dismiss"),
]
look_patterns = [
    path("look/", look.look, name="look"),
    path("look/form/", look.form, name="look_form"),
    path("look/toast/", look.toasted, name="look_toast"),
    path("look/found/", look.found, name="look_found"),
    path("look/value/", look.value, name="look_value"),
    path("look/refusal/", look.refusal, name="look_refusal"),
]
if settings.DEBUG:  # the living style page is for developers
    urlpatterns += look_patterns
