"""Why a file was refused. Each message says what is wrong and what to do."""

from cxr_core.errors import SecondLookError


class ImageError(SecondLookError):
    """A file cannot be read as a film."""


class UnreadableFileError(ImageError):
    """The path leads to no file, or to one that cannot be opened or read."""


class NotAnImageError(ImageError):
    """The bytes are not an image at all, or an image whose header makes no sense."""


class TruncatedImageError(ImageError):
    """The image ends early or is damaged."""


TOO_LITTLE_MEMORY = "The film does not fit into the free memory of this computer. Close other programs, or export it smaller."


class ImageTooLargeError(ImageError):
    """The file, a side, or the number of pixels is over the bound."""


class ImageTooSmallError(ImageError):
    """A side is under the bound."""


class BlankImageError(ImageError):
    """The image has no contrast."""


class AnimatedImageError(ImageError):
    """The file holds more than one picture."""


class UnsupportedImageError(ImageError):
    """An image, but of a kind that is not read here."""


class NoPixelDataError(ImageError):
    """A DICOM file without a picture, such as a report."""


class WrongModalityError(ImageError):
    """A DICOM file of something else than a plain X-ray, or of one that is not ready to look at."""


class MultiFrameError(AnimatedImageError):
    """A DICOM file with more than one frame."""


class InconsistentHeaderError(ImageError):
    """A DICOM header that lacks what is needed, makes no sense, or does not go with the pixels."""


class UnsupportedTransferSyntaxError(UnsupportedImageError):
    """A DICOM file whose pixels are packed in a way that is not read here."""


class ZipError(ImageError):
    """A zip archive cannot be opened, holds no films, or one of its films cannot be unpacked."""


class EncryptedZipError(ZipError):
    """A zip archive is locked with a password."""


class ZipTooLargeError(ZipError):
    """A zip archive holds too many files, or a film in it unpacks to too much."""
