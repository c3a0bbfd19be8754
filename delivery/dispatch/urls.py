"""Where dispatches and collections are."""

from django.urls import path

from delivery.dispatch import collection_views, views

URLS = [
    path("buu-gui/giao-di/", views.table, name="dispatch"),
    path("buu-gui/giao-di/quet/", views.scan, name="dispatch-scan"),
    path("buu-gui/giao-di/tat-ca/", views.pack_all, name="dispatch-all"),
    path("buu-gui/chuyen-thu/", views.lists, name="dispatch-lists"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/", views.dispatch_page, name="dispatch-list"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/lay-ra/", views.take_out, name="dispatch-take-out"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/tui/", views.begin_bag, name="dispatch-bag"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/chot/", views.close_list, name="dispatch-close"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/mo-lai/", views.reopen_list, name="dispatch-reopen"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/ban-giao/", views.hand_over, name="dispatch-hand-over"),
    path("buu-gui/chuyen-thu/<uuid:dispatch_id>/phieu.pdf", views.paper, name="dispatch-paper"),
    path("buu-gui/gio-chot/", collection_views.collections, name="collections"),
    path("buu-gui/gio-chot/dat/", collection_views.cut_off, name="set-cut-off"),
]
