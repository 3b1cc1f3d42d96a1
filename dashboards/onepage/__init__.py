"""The overview of a unit on one sheet of A4: as PDF to print, as a picture to send on."""
