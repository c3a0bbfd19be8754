"""Which language a page speaks: Vietnamese, unless the person chose another one here.

The browser's own preference is not asked: many counters run an English Windows.
Machines at the API say what they want with Accept-Language, as usual.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

API_PREFIX = "/api/"


class VietnameseFirst(LocaleMiddleware):
    """Activates the chosen language for the request."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(API_PREFIX):
            super().process_request(request)
            return
        translation.activate(_chosen(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language())
        asked_by = "Accept-Language" if request.path_info.startswith(API_PREFIX) else "Cookie"
        patch_vary_headers(response, (asked_by,))
        return response


def _chosen(request: HttpRequest) -> str:
    asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
