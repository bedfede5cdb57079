"""Answers are sent compressed, but for those that say they are to be left as they are."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware import gzip


class GZipMiddleware(gzip.GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """`Cache-Control: no-transform` keeps a file its length and its strong ETag."""
        if "no-transform" in response.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)
