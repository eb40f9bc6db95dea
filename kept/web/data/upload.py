"""What a browser sends is bounded while it arrives: so much, and only to the page that takes extracts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.urls import Resolver404, resolve

from kept.web.people import policy
from kept.web.people.scoping import scope

PAGE = "data-send"
TOO_LARGE = "kept_too_large"
"""What a request carries of which more was sent than may be."""


class Bounded(FileUploadHandler):
    """Comes before the handlers that keep what arrives: nothing is kept of what may not be sent."""

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.left = settings.ENVIRONMENT.upload if self._may_send() else 0
        self.much_more = content_length > 2 * self.left

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            setattr(self.request, TOO_LARGE, True)
            raise StopUpload(connection_reset=self.much_more)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None

    def _may_send(self) -> bool:
        """Asked before any page's rule is: whoever may not send files here makes the service keep none."""
        request = self.request
        if request is None:
            return False
        try:
            page = resolve(request.path_info).view_name
        except Resolver404:
            return False
        return page == PAGE and policy.may(scope(request), "records")
