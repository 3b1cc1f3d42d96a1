"""Who follows what, as the province and the communes see it: boards, lists, the officer's page, the pack to print."""
