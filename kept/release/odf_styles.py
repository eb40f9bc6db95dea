"""How an OpenDocument spreadsheet looks: styles that programs know by their names, and what is fixed beside them.

Source: *Open Document Format for Office Applications (OpenDocument) Version 1.2*, OASIS, 2011, part 1.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # at run time whoever needs it gets it, for it takes half a second that few have to wait
    from odfdo import Style

VERSION = "1.2"
"""Of OpenDocument: what every program of the last ten years opens without a question."""

LANGUAGE = "en-GB"

_NAMED = {(True, 16): "Heading_20_1", (True, 14): "Heading_20_2", (True, 12): "Column_20_heading"}
"""What boldness and size in points mean in the workbook."""

_PLAIN = "Default"

STYLES = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles office:version="{VERSION}"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0">
 <office:font-face-decls>
  <style:font-face style:name="Arial" svg:font-family="Arial" style:font-family-generic="swiss"/>
 </office:font-face-decls>
 <office:styles>
  <style:default-style style:family="table-cell">
   <style:text-properties style:font-name="Arial" fo:font-size="12pt" fo:language="en" fo:country="GB"/>
  </style:default-style>
  <style:style style:name="Default" style:family="table-cell"/>
  <style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="table-cell"
   style:parent-style-name="Default"><style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>
  <style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="table-cell"
   style:parent-style-name="Default"><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
  <style:style style:name="Column_20_heading" style:display-name="Column heading" style:family="table-cell"
   style:parent-style-name="Default"><style:text-properties fo:font-weight="bold"/></style:style>
 </office:styles>
</office:document-styles>
"""
"""The part `styles.xml`."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is shown.

    named  the named style that it goes by
    side   the side that its text keeps to, "start" or "end"; "" leaves that to the kind of value
    wraps  whether a long text goes on below
    """

    named: str
    side: str
    wraps: bool

    @classmethod
    def of(cls, cell: Any) -> "Look":
        """That of a cell of a workbook."""
        named = _NAMED.get((bool(cell.font.b), cell.font.sz), _PLAIN)
        side = {"left": "start", "right": "end"}.get(cell.alignment.horizontal, "")
        return cls(named, side, bool(cell.alignment.wrap_text))

    @property
    def name(self) -> str:
        """The style that a cell of this look names; the named one itself where there is no more to it."""
        return "-".join(filter(None, (self.named, self.side, "wraps" if self.wraps else "")))

    def style(self) -> "Style":
        """The named style and what this look adds to it."""
        from odfdo import Style

        style = Style("table-cell", name=self.name, parent_style=self.named)
        if self.wraps:
            style.set_properties({"fo:wrap-option": "wrap"}, area="table-cell")
        if self.side:
            style.set_properties({"style:text-align-source": "fix"}, area="table-cell")
            style.set_properties({"fo:text-align": self.side}, area="paragraph")
        return style
