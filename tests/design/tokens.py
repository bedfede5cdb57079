"""Reads the colour tokens of house.css and measures them: contrast, and how the colour-blind see them."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
STYLESHEETS = sorted(STATIC.glob("*.css"))
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")
Rgb = tuple[float, float, float]

# How red, green and blue are mixed by eyes without long- or medium-wave cones: Machado and others (2009).
EYES: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "every cone": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def schemes() -> dict[str, dict[str, str]]:
    """`{"light": {token: "#rrggbb"}, "dark": {…}}`; dark inherits what it does not name."""
    css = without_comments((STATIC / "house.css").read_text())
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    dark = dark.split("@media", 1)[0]
    first = dict(TOKEN.findall(light))
    return {"light": first, "dark": first | dict(TOKEN.findall(dark))}


def linear(colour: str) -> Rgb:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue))  # type: ignore[return-value]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def oklab(rgb: Rgb) -> Rgb:
    red, green, blue = rgb
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: str, other: str, eye: str) -> float:
    """How far apart two colours look, in OKLab, to one kind of eye; 0.02 is just visible."""

    return apart(oklab(seen(one, eye)), oklab(seen(other, eye)))


def seen(colour: str, eye: str) -> Rgb:
    """In linear light, clipped to what a screen shows."""
    rgb = linear(colour)
    red, green, blue = (sum(weight * c for weight, c in zip(row, rgb, strict=True)) for row in EYES[eye])
    return min(1.0, max(0.0, red)), min(1.0, max(0.0, green)), min(1.0, max(0.0, blue))


def apart(one: Rgb, other: Rgb) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def cielab(rgb: Rgb) -> Rgb:
    """CIE 1976 L*a*b* under D65, from linear sRGB."""
    red, green, blue = rgb
    white = (0.95047, 1.0, 1.08883)
    xyz = (
        0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        0.0193339 * red + 0.1191920 * green + 0.9503041 * blue,
    )
    x, y, z = (
        t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
        for t in (part / full for part, full in zip(xyz, white, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def delta_e(one: str, other: str, eye: str) -> float:
    """CIE 1976 difference to one kind of eye: about 2.3 is just visible."""
    return apart(cielab(seen(one, eye)), cielab(seen(other, eye)))
