"""Which licences are open: for code those the Open Source Initiative approved, for data and texts those that
meet the Open Definition (CC BY, CC BY-SA and public domain, never NC or ND)."""

import functools

from license_expression import ExpressionError, get_spdx_licensing

CODE = """
    0BSD AAL AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 APL-1.0 Artistic-1.0 Artistic-2.0
    BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-LBNL BSL-1.0 CAL-1.0
    CATOSL-1.1 CDDL-1.0 CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 CNRI-Python CPAL-1.0 CPL-1.0
    CUA-OPL-1.0 ECL-1.0 ECL-2.0 EFL-2.0 Entessa EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Fair
    Frameworx-1.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later HPND ICU IPA IPL-1.0 ISC
    LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later
    LiLiQ-P-1.1 LiLiQ-R-1.1 LiLiQ-Rplus-1.1 LPL-1.02 LPPL-1.3c MirOS MIT MIT-0
    MIT-Modern-Variant Motosoto MPL-1.1 MPL-2.0
    MS-PL MS-RL MulanPSL-2.0 Multics NASA-1.3 Naumen NCSA NGPL Nokia NPOSL-3.0 NTP OFL-1.1 OGTSL OLDAP-2.8
    OLFL-1.3 OSET-PL-2.1 OSL-3.0 PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 QPL-1.0 RPL-1.5 RPSL-1.0 RSCPL
    SimPL-2.0 Sleepycat SPL-1.0 UCL-1.0 Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0 VSL-1.0 W3C Watcom-1.0
    Xnet Zlib ZPL-2.1
"""
DATA = """
    CC0-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0
    CDLA-Sharing-1.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 etalab-2.0 GFDL-1.3-only GFDL-1.3-or-later NLOD-2.0 O-UDA-1.0
    ODbL-1.0 ODC-By-1.0 OGL-Canada-2.0 OGL-UK-3.0 PDDL-1.0
"""
MODELS = "OpenMDW-1.0 LicenseRef-OpenMDW-1.0"
OPEN = frozenset(f"{CODE} {DATA} {MODELS}".split())
OLD_NAMES = {  # without “only” or “or later”: the SPDX list gave these up, people did not
    f"{name}-{version}": f"{name}-{version}-only"
    for name, versions in {"GPL": "2.0 3.0", "LGPL": "2.0 2.1 3.0", "AGPL": "3.0", "GFDL": "1.3"}.items()
    for version in versions.split()
}


@functools.lru_cache(maxsize=1000)
def is_open(expression: str) -> bool:
    """An SPDX expression: every part of an AND, one part of an OR. What cannot be read is not open."""
    try:
        parsed = get_spdx_licensing().parse(expression)
    except (ExpressionError, AttributeError, TypeError):
        return False
    return parsed is not None and _holds(parsed)


def _holds(part: object) -> bool:
    parts = getattr(part, "args", ())
    operator = getattr(part, "operator", "").strip()
    if parts and operator == "AND":
        return all(_holds(one) for one in parts)
    if parts and operator == "OR":
        return any(_holds(one) for one in parts)
    symbol = getattr(part, "license_symbol", part)  # with an exception, the licence itself
    key = str(getattr(symbol, "key", ""))
    return OLD_NAMES.get(key, key) in OPEN
