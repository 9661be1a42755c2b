"""What can go wrong between here and a DICOMweb server. No message quotes what identifies a patient or a study."""

from cxr_core.errors import SecondLookError


class DicomwebError(SecondLookError):
    """The root of these errors."""


class ExtraMissingError(DicomwebError):
    """A package that only this needs is not installed."""


class AddressError(DicomwebError):
    """The server's address cannot be used, or holds what does not belong into one."""


class SearchError(DicomwebError):
    """A date that films are searched by is none."""


class RefusedByServerError(DicomwebError):
    """There is no use in going on: no access, a certificate that cannot be verified, or another address."""


class ForbiddenError(DicomwebError):
    """The server does not allow one thing; another it may allow."""


class ServerFaultError(DicomwebError):
    """The server did not answer, or answered with an error or with half of what was asked for: it may do better the next time."""


class WrongInstanceError(ServerFaultError):
    """The server sent another instance, or another patient's, than was asked for."""


class NotStoredError(ServerFaultError):
    """The server did not store what was sent."""


class ReportNotWrittenError(DicomwebError):
    """The film's own header keeps a report from being written that belongs to it."""
