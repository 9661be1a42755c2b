"""What a failed request comes to, in a sentence. Nothing of what libraries say is quoted: they quote addresses, which hold UIDs."""

from http import HTTPStatus

from cxr_core.dicomweb.errors import DicomwebError, ForbiddenError, RefusedByServerError, ServerFaultError

REFUSALS = {
    HTTPStatus.UNAUTHORIZED: "The server asks for a name and password, or refuses those it was given (401). "
    "Put them into netrc, or into DICOMWEB_USER and DICOMWEB_PASSWORD, or DICOMWEB_TOKEN.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The server does not do this at this address (405). "
    "Check that it is the address of its DICOMweb services.",
}


def fault_of(error: Exception) -> DicomwebError:
    """Return the error to raise for one that the HTTP or DICOM library raised."""
    import requests
    import urllib3

    if isinstance(error, requests.TooManyRedirects):
        return RefusedByServerError("The server redirects to another address. Give that address instead.")
    if isinstance(error, requests.exceptions.SSLError):
        return RefusedByServerError(
            "No encrypted and verified connection to the server can be made. If your hospital signs its own certificates, "
            "name their file in REQUESTS_CA_BUNDLE."
        )
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _fault_of_status(error.response.status_code)
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return ServerFaultError("The server did not answer in time.")
    if isinstance(error, (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError)):
        return ServerFaultError("The server's answer ended too early.")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidHeader)):
        return RefusedByServerError("The server cannot be asked at this address, or with these credentials.")
    if isinstance(error, requests.ConnectionError):
        return ServerFaultError("The server cannot be reached, or it broke off the connection.")
    return ServerFaultError("The server's answer is damaged, or is not what was asked for.")


def _fault_of_status(status: int) -> DicomwebError:
    if status in REFUSALS:
        return RefusedByServerError(REFUSALS[HTTPStatus(status)])
    if status == HTTPStatus.FORBIDDEN:
        return ForbiddenError("The server does not allow this with the credentials it was given (403).")
    if status == HTTPStatus.NOT_FOUND:
        return ServerFaultError("The server does not find it (404).")
    return ServerFaultError(f"The server answered with an error ({status}).")
