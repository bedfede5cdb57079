"""Whether a licence is open, and for which kind of thing it was written. Pure.

Sources: what the Open Source Initiative approved (opensource.org/licenses), what the Free Software
Foundation calls free (gnu.org/licenses/license-list), what conforms to the Open Definition
(opendefinition.org/licenses).
license-expression knows names and aliases, and carries none of the three judgements.
"""

import functools
import re
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contributions.licences import NO_ASSERTION, spdx


class Kind(StrEnum):
    """What a component is; a licence fits where it was written for that."""

    CODE = "code"
    DATA = "data"
    DOCUMENT = "document"


KIND_WORDS: dict[Kind, Promise] = {
    Kind.CODE: _("code"),
    Kind.DATA: _("data"),
    Kind.DOCUMENT: _("documents"),
}
EVERYTHING = frozenset(Kind)


def _each(identifiers: str) -> frozenset[str]:
    return frozenset(identifiers.split())


OSI_APPROVED = _each(
    """
    0BSD AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later APL-1.0
    APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-Perl
    Artistic-1.0-cl8 Artistic-2.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause
    BSD-3-Clause-LBNL BSL-1.0 BlueOak-1.0.0 CAL-1.0 CAL-1.0-Combined-Work-Exception CATOSL-1.1
    CDDL-1.0 CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 CNRI-Python CPAL-1.0 CPL-1.0
    CUA-OPL-1.0 ECL-1.0 ECL-2.0 EFL-1.0 EFL-2.0 EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Entessa
    Fair Frameworx-1.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later HPND ICU IPA
    IPL-1.0 ISC Intel Jam LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later
    LGPL-3.0-only LGPL-3.0-or-later LPL-1.0 LPL-1.02 LPPL-1.3c LiLiQ-P-1.1 LiLiQ-R-1.1
    LiLiQ-Rplus-1.1 MIT MIT-0 MIT-Modern-Variant MPL-1.0 MPL-1.1 MPL-2.0
    MPL-2.0-no-copyleft-exception MS-PL MS-RL MirOS Motosoto MulanPSL-2.0 Multics NASA-1.3 NCSA NGPL
    NPOSL-3.0 NTP Naumen Nokia OCLC-2.0 OFL-1.1 OFL-1.1-RFN OFL-1.1-no-RFN OGTSL OLDAP-2.8 OLFL-1.3
    OSET-PL-2.1 OSL-1.0 OSL-2.0 OSL-2.1 OSL-3.0 PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 QPL-1.0
    RPL-1.1 RPL-1.5 RPSL-1.0 RSCPL SISSL SPL-1.0 SimPL-2.0 Sleepycat UCL-1.0 UPL-1.0 Unicode-3.0
    Unicode-DFS-2016 Unlicense VSL-1.0 W3C Watcom-1.0 Xnet ZPL-2.0 ZPL-2.1 Zlib wxWindows
    """
)
# Free software by the FSF's judgement that the OSI was never asked about, or has not approved.
FREE_SOFTWARE = _each(
    """
    AGPL-1.0-only Apache-1.0 BSD-2-Clause-Views BSD-3-Clause-Clear BSD-4-Clause BitTorrent-1.1
    CECILL-2.0 CECILL-B CECILL-C ClArtistic Condor-1.1 FTL IJG Imlib2 LPPL-1.2 LPPL-1.3a NOSL
    NPL-1.0 NPL-1.1 OFL-1.0 OLDAP-2.3 OLDAP-2.7 OSL-1.1 OpenSSL Ruby SGI-B-2.0 SMLNJ Vim WTFPL X11
    XFree86-1.1 YPL-1.1 Zend-2.0 Zimbra-1.3 gnuplot iMatix xinetd
    """
)
OPEN_DATA = _each(
    """
    CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 NLOD-1.0
    NLOD-2.0 ODC-By-1.0 ODbL-1.0 OGL-Canada-2.0 OGL-UK-1.0 OGL-UK-2.0 OGL-UK-3.0 PDDL-1.0 etalab-2.0
    """
)
OPEN_DOCUMENTS = _each(
    """
    Apache-2.0 FSFAP FreeBSD-DOC GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later
    GFDL-1.3-only GFDL-1.3-or-later
    """
)  # Apache-2.0 names documentation as source in its own definitions
ALL_KINDS = frozenset({"OpenMDW-1.0", "OpenMDW-1.1"})  # written for models with all that belongs to them
CREATIVE_COMMONS = re.compile(r"CC0-1\.0|CC-BY(-SA)?-\d\.\d.*")  # never NC or ND

SPELLED = {  # as people write them; everything else is looked up as SPDX
    "bsd": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "creative-commons-attribution-4.0": "CC-BY-4.0",
    "creative-commons-attribution-non-commercial-4.0": "CC-BY-NC-4.0",
    "creative-commons-attribution-non-commercial-share-alike-4.0": "CC-BY-NC-SA-4.0",
    "odc-by": "ODC-By-1.0",
    "pddl": "PDDL-1.0",
    "cc0": "CC0-1.0",
    "gfdl": "GFDL-1.3-or-later",
    "openmdw": "OpenMDW-1.0",
    "openmdw-1.0": "OpenMDW-1.0",
    "openmdw-1.1": "OpenMDW-1.1",
}
UNLICENSED = frozenset({"unlicensed", "none", "no license", "no licence", "license not specified"})
UNDISCLOSED = frozenset({"undisclosed", "unknown", "not disclosed", NO_ASSERTION.lower()})
ABSENT = re.compile(r"(component )*(is )?not (included?|released|available|provided)\.?", re.IGNORECASE)

# The first that is found in the licence's name tells why it is not open.
RESTRICTIONS: tuple[tuple[str, Promise], ...] = (
    (r"arxiv", _("it lets arXiv distribute the paper and gives its readers no right to reuse it")),
    (r"\bnc\b|non.?commercial", _("it forbids commercial use")),
    (r"\bnd\b|no.?deriv", _("it forbids changed versions")),
    (r"llama", _("Meta's community terms limit who may use it and for what")),
    (r"gemma", _("Google's terms forbid some uses and can be changed or withdrawn")),
    (r"rail|bloom", _("it forbids some uses")),
    (r"deepseek", _("it forbids some uses")),
    (r"qwen|tongyi", _("it asks large users for another licence, or allows research only")),
    (r"databricks|dbrx", _("it forbids some uses and asks large users for another licence")),
    (r"apple", _("Apple's own terms, which are on no list of open licences")),
    (r"commercial", _("it restricts commercial use")),
    (r"research", _("it allows research only")),
    (r"proprietary|all rights reserved", _("all rights are reserved")),
)
NO_SUCH_LICENCE = _("no open licence is known by that name")


class Judged(NamedTuple):
    """A licence as somebody wrote it, and what follows."""

    said: str
    spdx: str  # empty where it is on no list
    kinds: frozenset[Kind]  # what it was written for, where it is open

    @property
    def is_open(self) -> bool:
        return bool(self.kinds)

    @property
    def is_open_source(self) -> bool:
        """Approved by the OSI: what the Open Source AI Definition asks of code."""
        return self.spdx in OSI_APPROVED

    @property
    def shown(self) -> str:
        """The SPDX identifier, or the words of the publisher in quotation marks."""
        return self.spdx or f"“{self.said.removeprefix('LicenseRef-')}”"

    @property
    def restriction(self) -> str:
        """Why it is not open, for a sentence."""
        name = f"{self.said} {self.spdx}".lower().replace("-", " ")
        return str(next((why for pattern, why in RESTRICTIONS if re.search(pattern, name)), NO_SUCH_LICENCE))


def identify(said: str) -> str:
    """The SPDX identifier meant by `Apache 2.0`, `MIT license`, `CC BY-SA 4.0`; empty where none is."""
    short = re.sub(r"\s+licen[cs]e\b", "", said.strip(), flags=re.IGNORECASE)
    hyphened = re.sub(r"[\s_]+", "-", short)
    for written in (said, short, hyphened):
        if spelled := SPELLED.get(written.strip().lower()):
            return spelled
        found = spdx(written)
        if found and found != NO_ASSERTION and not found.startswith("LicenseRef-"):
            return found
    return ""


def kinds_of(identifier: str) -> frozenset[Kind]:
    """What an open licence was written for; nothing where the licence is not open."""
    if identifier in ALL_KINDS:
        return EVERYTHING
    kinds = set()
    if identifier in OSI_APPROVED or identifier in FREE_SOFTWARE:
        kinds.add(Kind.CODE)
    if identifier in OPEN_DATA:
        kinds.add(Kind.DATA)
    if identifier in OPEN_DOCUMENTS:
        kinds.add(Kind.DOCUMENT)
    if CREATIVE_COMMONS.fullmatch(identifier):
        kinds |= {Kind.DATA, Kind.DOCUMENT}
    return frozenset(kinds)


@functools.lru_cache(1000)
def judge(said: str) -> Judged:
    identifier = identify(said)
    return Judged(said, identifier, kinds_of(identifier))
