"""Officers who follow hamlets and communes: assigning, handing over, visits, and the pages for it."""
