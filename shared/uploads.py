"""Uploads that are too large are refused while they come in, before they fill memory or disk."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_REQUEST: Final = 21 * 1024 * 1024
"""A file of 20 MB and the few fields beside it."""


class RefuseHugeRequests(FileUploadHandler):
    """Believes the announced length when it is too large, and counts when it is not or lies."""

    received = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: str,  # noqa: N803  # Django's
                         encoding: str | None = None) -> None:
        """Look at the announced length."""
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The announced length is too large.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what comes, for all files of the request together."""
        self.received += len(raw_data)
        if self.received > LARGEST_REQUEST:
            raise RequestDataTooBig("The files are too large.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""
