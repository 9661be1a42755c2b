"""Terms of DICOM headers that are known here, and the words for them. No other text of a file gets out."""

from itertools import permutations, product

FILM_MODALITIES = {"CR", "DX", "RG", "CXR", "DR", "XR", "X-RAY", "XRAY", "RX", "RAD"}
"""Computed radiography, digital radiography, and film that was digitised. Secondary captures of films carry one of them too. From `CXR`
on they are not of the standard, but some systems write them for plain films."""

OTHER_MODALITIES = {
    "BMD": "a bone density measurement",
    "CT": "a CT scan",
    "DOC": "a document",
    "ECG": "an ECG",
    "ES": "an endoscopy",
    "GM": "a microscope image",
    "IO": "a dental X-ray",
    "KO": "a list of key images",
    "MG": "a mammogram",
    "MR": "an MR image",
    "NM": "a nuclear medicine image",
    "OP": "a photograph of an eye",
    "OPT": "a tomogram of an eye",
    "OT": "of the kind 'other'",
    "PR": "a presentation state",
    "PT": "a PET scan",
    "PX": "a panoramic dental X-ray",
    "REG": "a registration",
    "RF": "a fluoroscopy",
    "RTDOSE": "a radiotherapy dose",
    "RTIMAGE": "a radiotherapy image",
    "RTPLAN": "a radiotherapy plan",
    "RTSTRUCT": "a radiotherapy structure set",
    "SEG": "a segmentation",
    "SM": "a slide",
    "SR": "a report",
    "US": "an ultrasound image",
    "XA": "an angiogram",
    "XC": "a photograph",
}
"""Named to the user. Any other value stays untold, since anything may stand there."""

VIEWS = {"AP", "PA", "LL", "RL", "RLD", "LLD", "RLO", "LLO"}
LATERAL = "LATERAL"
"""No term of DICOM's, but written in its View Position: a lateral of a side that is not told."""
VIEW_WORDS = {
    **{view: view for view in VIEWS},
    **dict.fromkeys(("LATERAL", "LAT"), LATERAL),
    **dict.fromkeys(("LEFT LATERAL", "LT LATERAL", "L LATERAL", "LEFT LAT", "LT LAT", "L LAT", "LLAT"), "LL"),
    **dict.fromkeys(("RIGHT LATERAL", "RT LATERAL", "R LATERAL", "RIGHT LAT", "RT LAT", "R LAT", "RLAT"), "RL"),
}
"""Views by what files call them."""
VIEW_CODES = {
    ("SCT", "272479007"): "PA",
    ("SRT", "R-40888"): "PA",
    ("SRT", "R-10214"): "PA",
    ("SCT", "399348003"): "AP",
    ("SRT", "R-10206"): "AP",
    ("SCT", "399173006"): "LL",
    ("SRT", "R-10236"): "LL",
    ("SCT", "399198007"): "RL",
    ("SRT", "R-10232"): "RL",
}
"""Of PS3.16, context group 4010 "DX View", those of a chest."""
LATERALITIES = {"R", "L", "U", "B"}
AXES = ("AP", "LR", "HF")
DIRECTIONS = {"".join(letters) for count in (1, 2, 3) for axes in permutations(AXES, count) for letters in product(*axes)}
"""Of PS3.3, C.7.6.1.1.1: anterior or posterior, left or right, head or feet; the main direction first, then what refines it."""
BODY_PARTS = {
    "CHEST": "chest",
    "THORAX": "chest",
    "LUNG": "chest",
    "LUNGS": "chest",
    "CHESTABDOMEN": "chest and abdomen",
    "CHESTABDPELVIS": "chest, abdomen and pelvis",
    "NECKCHEST": "neck and chest",
    "WHOLEBODY": "whole body",
    "RIB": "ribs",
    "RIBS": "ribs",
    "STERNUM": "sternum",
    "CLAVICLE": "clavicle",
    "ACJOINT": "acromioclavicular joint",
    "SCAPULA": "scapula",
    "SHOULDER": "shoulder",
    "CTSPINE": "cervicothoracic spine",
    "TSPINE": "thoracic spine",
    "TLSPINE": "thoracolumbar spine",
    "ABDOMEN": "abdomen",
    "ABDOMENPELVIS": "abdomen and pelvis",
    "PELVIS": "pelvis",
    "HIP": "hip",
    "SIJOINT": "sacroiliac joint",
    "SPINE": "spine",
    "CSPINE": "cervical spine",
    "LSPINE": "lumbar spine",
    "LSSPINE": "lumbosacral spine",
    "SSPINE": "sacrum",
    "SACRUM": "sacrum",
    "COCCYX": "coccyx",
    "HEAD": "head",
    "HEADNECK": "head and neck",
    "SKULL": "skull",
    "FACE": "face",
    "NOSE": "nose",
    "ORBIT": "orbit",
    "ZYGOMA": "zygoma",
    "MAXILLA": "maxilla",
    "JAW": "jaw",
    "TMJ": "jaw joint",
    "NECK": "neck",
    "BREAST": "breast",
    "EXTREMITY": "limb",
    "ARM": "arm",
    "HUMERUS": "humerus",
    "ELBOW": "elbow",
    "FOREARM": "forearm",
    "RADIUS": "forearm",
    "ULNA": "forearm",
    "RADIUSULNA": "forearm",
    "WRIST": "wrist",
    "HAND": "hand",
    "FINGER": "finger",
    "THUMB": "thumb",
    "LEG": "leg",
    "THIGH": "thigh",
    "FEMUR": "femur",
    "KNEE": "knee",
    "PATELLA": "patella",
    "TIBIA": "lower leg",
    "FIBULA": "lower leg",
    "TIBIAFIBULA": "lower leg",
    "CALF": "lower leg",
    "ANKLE": "ankle",
    "CALCANEUS": "heel",
    "FOOT": "foot",
    "TOE": "toe",
}
"""Of PS3.16, annex L, what plain films are taken of, and the plurals and bones that are written beside it. Only these words get out."""

UNITS = {"HU": "HU", "OD": "OD/1000"}
"""What the values of a film are, by Rescale Type; the others of the standard say nothing that a reader could use."""

WINDOW_NAMES = {
    name.upper(): name
    for name in (
        "Abdomen",
        "Bone",
        "Bones",
        "Chest",
        "Contrast",
        "Default",
        "Hard",
        "Harder",
        "High",
        "High contrast",
        "Low",
        "Low contrast",
        "Lung",
        "Lungs",
        "Mediastinum",
        "Narrow",
        "Neutral",
        "Normal",
        "Soft",
        "Soft tissue",
        "Softer",
        "Spine",
        "Standard",
        "Thorax",
        "User",
        "User defined",
        "Wide",
        "Window1",
        "Window2",
        "Window3",
        "Windows 1",
        "Windows 2",
    )
}
"""What machines call their windows and tables, as it is shown, by what stands in the file in capitals."""
