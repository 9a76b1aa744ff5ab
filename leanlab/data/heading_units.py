"""The unit that stands in the heading of a column: Weight (kg), Speed [m/s], Time in min."""

import re
from dataclasses import replace

from leanlab.data.columns import ColumnData

_BEHIND = re.compile(r"(?:[(\[]\s*([^()\[\]\s]{1,9})\s*[)\]]|\bin\s+([^()\[\]\s]{1,9}))\s*$")
_KNOWN = frozenset(
    [
        "kg",
        "g",
        "mg",
        "µg",
        "t",
        "lb",
        "oz",
        "l",
        "L",
        "ml",
        "mL",
        "cl",
        "dl",
        "hl",
        "m",
        "cm",
        "mm",
        "µm",
        "μm",
        "nm",
        "km",
        "in",
        "ft",
        "m²",
        "m2",
        "cm²",
        "cm2",
        "mm²",
        "mm2",
        "m³",
        "m3",
        "cm³",
        "cm3",
        "ms",
        "s",
        "sec",
        "min",
        "h",
        "hr",
        "hrs",
        "d",
        "days",
        "%",
        "‰",
        "ppm",
        "°C",
        "°F",
        "K",
        "bar",
        "mbar",
        "Pa",
        "hPa",
        "kPa",
        "MPa",
        "psi",
        "N",
        "kN",
        "Nm",
        "J",
        "kJ",
        "kWh",
        "MWh",
        "W",
        "kW",
        "MW",
        "V",
        "mV",
        "kV",
        "A",
        "mA",
        "Ω",
        "Hz",
        "kHz",
        "rpm",
        "EUR",
        "€",
        "USD",
        "$",
        "GBP",
        "£",
        "CHF",
        "pcs",
        "pc",
        "Stk",
        "Stück",
        "dB",
        "lx",
        "pH",
        "°",
    ]
)


def with_heading_unit(column: ColumnData) -> ColumnData:
    """Return a column of numbers with the unit of its heading, unless its cells told one."""
    if column.unit or column.kind not in {"number", "whole"}:
        return column
    found = _BEHIND.search(column.name)
    unit = (found.group(1) or found.group(2)) if found else ""
    known = unit and all(part in _KNOWN for part in unit.split("/"))
    return replace(column, unit=unit) if known else column
